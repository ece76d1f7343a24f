"""Calls in virtual time: the telephone's own session, core, mind and tape, without a switch and without waiting.

In sound, the customer's audio goes through the real ears and the bot's through the real mouth; in text, words take
their place. Scenarios and replays are made of it.
"""
