"""What to do with an utterance once it is understood: act, confirm, ask again or hand over.

`decision` holds the rule and the thresholds it needs, `costs` reads what a mistake costs (`costs.yml`), and `fitting`
chooses the thresholds of a model on its validation rows from those costs.
"""
