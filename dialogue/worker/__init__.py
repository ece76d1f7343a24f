"""The dialogue worker: Rasa on Python 3.10, in a process of its own, spoken to over HTTP (protocol.v1.json).

    python -m dialogue.worker build --scripts dialogue/scripts --models models/dialogue
    python -m dialogue.worker serve --models models/dialogue --listen unix:/run/dialogue.sock

What a script may count on:

* The files of shared/ and of the script are one Rasa project. What both declare under one name (a slot, a
  prompt, a rule's title) is the script's. Only the first language's responses enter the model; the other
  languages have prompts of the same names.
* The conversation opens with the intent `start`, which the worker declares: a rule on it says the first words.
* Contact fields of script.yml become slots without being declared in the domain, and so do `day` (today,
  YYYY-MM-DD) and `language`. They do not influence predictions; a field declared in the domain keeps its
  declaration. `required: false` makes a field optional.
* Every turn is an intent of the domain with at most one entity of each type (of several, the last one counts).
  An entity type or the entity `sentiment` reaches the script if the domain declares it.
* A response has `text` (any number of variations) and `metadata`, or, in domain.yml, one
  `custom: {command: ...}`: `transfer` with a `queue` of script.yml, `outcome` with an `outcome` of script.yml,
  or `hang_up`. Variations are spoken in turn, so that a repeated question is not the same sentence again.
* Actions are `utter_*`, forms, Rasa's own `action_listen`, `action_deactivate_loop`, ..., and checks (checks.py).
* A turn for which no rule holds is a NO_REPLY problem, and the conversation stays as it was before the turn.
"""
