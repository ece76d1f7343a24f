"""The turn-taking core drawn from its code: `python -m bot.call.core.picture` writes docs/turn_taking.{svg,md}.

`alphabet` names what can happen, `exploration` walks the core over it and collects the edges, `tracing` sees which
file decided each. `arrows` gathers them, `places` says what is drawn where, `drawing` makes the picture, and `page`
the page around it.
"""
