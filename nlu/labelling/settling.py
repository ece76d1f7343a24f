"""From what people said of a turn to training data, or a reason why not yet. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

from nlu.corpus import CorpusError, Split
from nlu.data.phrasing import template_id
from nlu.inventory import Intent, Sentiment
from nlu.labelling.sheet import Item

SOURCE = "calls"

L = TypeVar("L", Intent, Sentiment)


def settled(item: Item, place: str) -> list[dict[str, Any]]:
    """The rows of training data that a labelled turn becomes; none where nobody has labelled it.

    A turn drawn by chance is tested on, as often as it was drawn, so that the test is what calls are. One that was
    chosen is learnt from and nothing else: in `valid` it would make the model look less sure than it has to be.
    Raises `CorpusError` where people do not agree.
    """
    given = [label for label in item.labels.values() if label is not None]
    if not given:
        return []
    intent = _majority([label.intent for label in given])
    if intent is None:
        said = ", ".join(f"{name} says {label.intent}" for name, label in item.labels.items() if label is not None)
        raise CorpusError(
            f"{place}: {item.text!r}: {said}; let somebody settle it: `voicebot nlu label FILE --by NAME --disputed`"
        )
    row = {
        "text": item.text,
        "lang": item.lang,
        "intent": intent.value,
        "sentiment": _majority([label.sentiment for label in given if label.sentiment is not None]),
        "template": template_id(item.text, item.lang, intent),
        "source": SOURCE,
        "split": Split.TEST if item.random else Split.TRAIN,
    }
    return [row] * (item.count if item.random else 1)


def disputed(item: Item) -> bool:
    given = [label.intent for label in item.labels.values() if label is not None]
    return bool(given) and _majority(given) is None


def _majority(said: Sequence[L]) -> L | None:
    """What more people say than anything else; None where two things are said as often, or nothing."""
    counts = Counter(said).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return None
    return counts[0][0]
