"""The turn-taking core: `step(state, event, now, timing)` gives the next state and what to do. Pure.

One file per decision. The customer's go: `turn_start`, `turn_end`, `barge_in` (what stops the bot, and what lets it
go on), `overlap` (both at once), `silence`, `keypad`. The bot's go: `deciding` (asking the mind), `acting` (carrying
its answer out), `speaking` (prompts on the line). Around them: `answering` (who picked up), `handing_over`, `failing`
(what broke), `escalating` (what is tried then), `leaving`.
"""
