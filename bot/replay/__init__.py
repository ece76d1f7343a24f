"""Replays of recorded calls: the customer's side of a tape goes through today's ears, mind and turn-taking in virtual
time, and what the bot decides now is laid beside what it decided then.

`recorded` reads a call, `stand_ins` gives masked digits a value, `timeline` holds what the customer did, `delays` what
the outside world took; `replaying` holds the call again, `decisions` and `comparison` say what changed.
"""
