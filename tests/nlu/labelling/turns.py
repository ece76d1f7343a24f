"""Turns and rows to label, as short as a test likes them."""

from __future__ import annotations

from typing import Any

from nlu.inventory import Intent
from nlu.labelling.sheet import Item, Label
from nlu.labelling.turns import Guess, Turn, Why


def turn(
    text: str,
    place: str = "a#1",
    margin: float = 0.9,
    why: tuple[Why, ...] = (),
    shadow: str | None = None,
    **more: Any,
) -> Turn:
    likely = (1 + margin) / 2
    return Turn(
        text=text,
        lang="en",
        live=Guess(model="m", intent="affirm", probability=likely, decision="act"),
        ranking=(("affirm", likely), ("deny", 1 - likely)),
        sentiment="neutral",
        shadow=None if shadow is None else Guess(model="s", intent=shadow, probability=0.5, decision="confirm"),
        why=why,
        heard_in=(place,),
        **more,
    )


def item(text: str, *, random: bool = False, count: int = 1, **labels: str | None) -> Item:
    given = {name: None if intent is None else Label(intent=Intent(intent)) for name, intent in labels.items()}
    return Item(**turn(text).model_dump(), random=random, count=count, worth=0.1, labels=given)
