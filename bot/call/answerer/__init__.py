"""Who or what picked up: a person, a machine, an assistant that screens, a fax, the network.

Decided while the greeting plays.
`classifier` is pure; `phrases` reads what machines say (`phrases.LANGUAGE.yml`).
"""
