"""A script drawn from its rules: `voicebot script draw`.

`course` follows one rule to where it leads, `chart` gathers the rules into boxes and edges, `layers` says what is drawn
where, and `drawing` makes the SVG.
"""
