"""A designer in the customer's place: types what they say, reads what the bot says.

`commands` reads what was typed, `typist` does it on the line of a rehearsed call, `page` prints the talk, and `record`
makes a scenario of it.
"""
