"""Customers by the hundred, to try a script on: `voicebot script simulate`.

`people/` holds who they are, as data that `person` reads; `words` has what they say, `behaviour` decides what they do
at their turn, `taking_part` does it on the line of a rehearsed call. `trial` holds one conversation, `breaches` judges
it, `findings` sums all of them up. Every chance comes from the seed and the conversation's number.
"""
