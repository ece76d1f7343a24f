"""From calls back to labels: which turns are worth one, giving it, whether people agree, and the way into the data.

`turns` is what a recorded call tells of a turn, `choosing` ranks them and draws the random sample, `sheet` is the file
that people label, `session` the labelling itself without a keyboard, `agreement` compares two people, and `settling`
makes training data of what they agree on.
"""
