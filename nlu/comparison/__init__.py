"""Two models on the same rows: paired tests, per intent and per state, and what follows for a promotion.

`statistics` holds the tests, `measuring` runs a model over rows as a call would, `comparing` lays two side by side,
`promotion` says what speaks against putting one into service.
"""
