"""What the dialogue expects, as a prior on the intents: it tips the balance and never removes an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nlu.inventory import Intent
from nlu.understanding import Context

FACTOR = 3.0
"""How much likelier an expected intent is than the same words without the question. "Do you agree?" before "对" turns
p = 0.4 into 0.67; a clear "stop calling me" at p = 0.9 keeps at least 0.75 whatever was asked. What other
factors give is printed by `python -m benchmarks.understanding_choices`."""

ANSWERING: Mapping[str, tuple[Intent, ...]] = {
    "yes_no": (Intent.AFFIRM, Intent.DENY),
    "rating": (Intent.GIVE_RATING,),
    "date": (Intent.PROMISE_TO_PAY,),
    "amount": (Intent.PROMISE_TO_PAY,),
    "free": (Intent.GIVE_FEEDBACK,),
}
"""The intents that answer a question of a kind (`Context.expects`); a `choice` names its own in `Context.choices`."""


def expected(context: Context) -> frozenset[Intent]:
    """A kind of answer that is not known here adds nothing."""
    return frozenset(ANSWERING.get(context.expects or "", ())) | frozenset(context.choices)


def weigh(labels: Sequence[Intent], probabilities: Sequence[float], context: Context) -> list[tuple[Intent, float]]:
    """The ranking, most likely first: expected intents times `FACTOR`, all scaled back to a sum of one."""
    favoured = expected(context)
    weighed = [p * (FACTOR if label in favoured else 1.0) for label, p in zip(labels, probabilities, strict=True)]
    total = sum(weighed) or 1.0
    ranking = [(label, p / total) for label, p in zip(labels, weighed, strict=True)]
    return sorted(ranking, key=lambda item: (-item[1], item[0]))
