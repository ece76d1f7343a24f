"""The second kind of model: a transformer under the same heads, trained with torch and served without it.

`network`, `body`, `learning`, `checkpoint`, `quantise` and `training` need torch and what belongs to it, and are
imported only when an encoder is trained; the rest needs what serving needs. `recipe` says what to train, and whether
this machine can.
"""
