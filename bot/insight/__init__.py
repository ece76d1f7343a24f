"""What recorded calls teach about a script: reports for the people who write it.

`calls` reads a folder of tapes; `summary` counts them by version and question, with the intervals of `intervals`;
`comparison` lays two versions side by side; `findings` says what stands out. `worst_turns` names what to listen to, which
`clips` cuts from the recordings, and `unanswered` gathers what customers said in vain. `page` writes it all as one file.
"""
