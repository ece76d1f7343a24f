"""Which turns people should label: a random sample first, then those that teach most. Pure.

The sample is drawn from the turns as they were said, before anything is ranked, so that it stands for the calls:
it is what a model is measured on. What was chosen because it was hard would make any model look bad.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import mean

from nlu import features
from nlu.data import near
from nlu.data.phrasing import phrasing
from nlu.labelling.sheet import Item
from nlu.labelling.turns import Turn, Why

UNSURE = 0.5
"""A margin below this is called uncertain. The ranking goes by the margin itself."""


def choose(turns: Iterable[Turn], limit: int, share: float, seed: int) -> list[Item]:
    """At most `limit` rows, the sample in front. The same turns and seed give the same rows, in whatever order.

    `share` of the limit, or of the turns if they are fewer, is drawn by chance; a text that is drawn twice is one row
    with a count. What is nearly the same as a drawn text is left out of the rest: it would be learnt and measured on.
    """
    ordered = sorted(turns, key=lambda turn: turn.heard_in)
    drawn = random.Random(seed).sample(ordered, round(share * min(limit, len(ordered))))
    sample = [_item(group, by_chance=True) for group in _same(drawn)]
    alike = _alike(ordered, drawn)
    rest = [turn for turn in ordered if _plain(turn) not in alike]
    ranked = sorted(
        (_item(group, by_chance=False) for group in _same(rest)), key=lambda item: (-item.worth, -item.count, item.text)
    )
    return [*sample, *ranked[: limit - len(sample)]]


def worth(turn: Turn) -> float:
    """From 0 to 1 by how uncertain the model was, and 1 more for each sign that it was wrong."""
    signs = {*turn.why} - {Why.UNCERTAIN}
    return 1 - turn.margin + len(signs)


def _item(turns: Sequence[Turn], *, by_chance: bool) -> Item:
    """Turns of one text at one question: worth what they are worth on average, for any of the reasons they have."""
    judged = [_judged(turn) for turn in turns]
    return Item(
        **judged[0].model_dump(exclude={"heard_in", "why"}),
        why=tuple(reason for reason in Why if any(reason in turn.why for turn in judged)),
        heard_in=tuple(sorted(place for turn in turns for place in turn.heard_in)),
        random=by_chance,
        count=len(turns),
        worth=round(mean(worth(turn) for turn in judged), 4),
    )


def _judged(turn: Turn) -> Turn:
    """With the reasons that the models' own answers give."""
    found = [Why.UNCERTAIN] if turn.margin < UNSURE else []
    if turn.shadow is not None and turn.shadow.intent != turn.live.intent:
        found.append(Why.SHADOW_DISAGREES)
    return turn.model_copy(update={"why": (*found, *turn.why)})


def _same(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    groups: dict[tuple[object, ...], list[Turn]] = defaultdict(list)
    for turn in turns:
        groups[turn.lang, features.normalise(turn.text), turn.expects, turn.state_intents].append(turn)
    yield from groups.values()


def _plain(turn: Turn) -> tuple[str, str]:
    return turn.lang, phrasing(turn.text, turn.lang)


def _alike(turns: Iterable[Turn], drawn: Iterable[Turn]) -> set[tuple[str, str]]:
    """The phrasings of the drawn turns, and those that are nearly the same."""
    found = {_plain(turn) for turn in drawn}
    everything = sorted({_plain(turn) for turn in turns})
    for language in sorted({language for language, _ in found}):
        texts = [text for tag, text in everything if tag == language]
        sampled = {text for tag, text in found if tag == language}
        for a, b in near.pairs(texts, language):
            if sampled & {texts[a], texts[b]}:
                found |= {(language, texts[a]), (language, texts[b])}
    return found
