"""How good a model is, on one page that opens offline and as data.

`figures` measures, `page` draws. A score never stands alone: the majority baseline and an interval are beside it.
"""
