"""Would a slip in a script be noticed? One line is deleted, or swapped with the next, again and again; each time
`check` and `test` say what they find. `python -m benchmarks.mutation` writes docs/mutation.md.
"""
