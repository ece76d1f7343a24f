"""What recorded calls teach about a script: reports for the people who write it.

`calls` reads a folder of tapes; `summary` counts them by version and question, with the intervals of `intervals`;
`comparison` lays two versions side by side, and `findings` says what stands out in one. `worst_turns` names what to
listen to, which `clips` cuts from the recordings; `unanswered` gathers what customers said in vain. `report` puts it
together, with the words of `wording`, and `page` writes it as one file. `hang_ups` is for the picture of a script.
"""
