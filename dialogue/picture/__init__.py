"""A script drawn from its rules: `voicebot script draw`.

`course` follows one rule to where it leads, `answers` says what stands at an edge, and `charting` gathers all rules
into the boxes and edges of `chart`; what no rule says is in `answerers`. `layers` says what is drawn where, `lettering`
how words fill their lines, and `drawing` makes the SVG, with the pieces of `marks` and the list of `listing`.
`drop_outs` colours it by where customers hang up.
`tried` says how often calls came to each part.
"""
