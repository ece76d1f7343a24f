"""Do customers still talk as they did? `profile` turns many turns into counts, `comparing` lays two side by side."""
