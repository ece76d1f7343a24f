"""What customers said in a recorded call, with what the models made of it then and whether it went well afterwards.

Words that the tape masks are left out, and so is whatever else may name a person: what is collected here is read by
people and kept for longer than a tape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.call.core.commands import Absence
from bot.call.tape import TapeError, read_tape
from dialogue.protocol import Signal
from nlu import features
from nlu.data import personal
from nlu.inventory import EntityType, Intent
from nlu.labelling.turns import Guess, Turn, Why
from nlu.policy.decision import HAND_OVER

Row = Mapping[str, Any]

LIKELIEST = 10
"""So many intents of the ranking are kept."""

SOON = 2
"""So many turns later a hand-over may still come from what was misunderstood now."""

CORRECTIONS = {Intent.DENY, Intent.CORRECT, Intent.REPEAT}
NAMING = {EntityType.NAME, EntityType.PHONE}
NOBODYS = frozenset({"bank", "credit", "loan", "the", "and"})
"""Words of a contact's fields that everybody says."""


@dataclass(frozen=True, slots=True)
class CustomerTurns:
    """`left_out` counts turns by the reason; `unheard` those whose words the recogniser would not stand by."""

    language: str
    turns: tuple[Turn, ...]
    left_out: Counter[str]
    unheard: int


@dataclass(slots=True)
class _Step:
    """What the mind was asked to consider: words, keys or their absence; and what came of it."""

    number: int
    asked: str | None
    expectation: Row = field(default_factory=dict)
    absence: str | None = None
    understood: Row | None = None
    shadowed: Row | None = None
    told: str | None = None
    reply: Sequence[Row] = ()

    @property
    def not_understood(self) -> bool:
        return self.told == Signal.NO_MATCH

    @property
    def handed_over(self) -> bool:
        return any(one["kind"] == "hand_over" for one in self.reply)

    @property
    def leads_to_colleague(self) -> bool:
        """At once, or because of what it was understood as: then a hand-over later says nothing against it."""
        meant = None if self.understood is None else self.understood["understanding"]["intent"]
        return self.handed_over or meant in HAND_OVER

    @property
    def read_back(self) -> bool:
        """Whether the bot answered with a question that is open to a correction."""
        questions = [one["prompt"]["expectation"] for one in self.reply if one["kind"] == "say"]
        return any(Intent.CORRECT in question["choices"] for question in questions)


def customer_turns(path: Path) -> CustomerTurns:
    """Those of one tape, in order. Raises `TapeError`."""
    header, rows = read_tape(path)
    try:
        return turns_of(header, rows, path.stem)
    except KeyError as error:
        raise TapeError(f"{path}: the tape lacks {error}; it is of another version, or was changed by hand") from None
    except (AttributeError, TypeError, ValueError):  # their messages quote what a customer said
        raise TapeError(
            f"{path}: a line is not as a tape has it; `voicebot tape verify` shows whether it was changed"
        ) from None


def turns_of(header: Row, rows: Sequence[Row], tape: str) -> CustomerTurns:
    steps = list(_steps(rows))
    names = _names(header)
    turns: list[Turn] = []
    left_out: Counter[str] = Counter()
    for index, step in enumerate(steps):
        if step.understood is None:
            continue
        reasons = _personal(step.understood, names, header["language"])
        left_out.update(reasons[:1])
        if not reasons:
            turns.append(_turn(step, step.understood, steps[index + 1 :], header["language"], tape))
    unheard = sum(step.absence == Absence.NO_MATCH for step in steps)
    return CustomerTurns(header["language"], tuple(turns), left_out, unheard)


def _steps(rows: Sequence[Row]) -> Iterator[_Step]:
    asked: str | None = None
    found: dict[int, _Step] = {}
    for row in rows:
        match row["kind"]:
            case "speak" if row["prompt"]["expectation"]["answer"] is not None:
                asked = row["prompt"]["name"]
            case "consider" | "consider_keys" | "consider_absence" | "consider_hand_over_failure":
                step = _Step(row["turn"], asked, row.get("expectation", {}), row.get("absence"))
                found[step.number] = step
            case "understood" if row["turn"] in found and row["text"].strip():
                found[row["turn"]].understood = row
            case "shadowed" if row["turn"] in found:
                found[row["turn"]].shadowed = row
            case "told" if row["turn"] in found:
                found[row["turn"]].told = row["intent"]
            case "decided" if row["turn"] in found:
                found[row["turn"]].reply = row["steps"]
    yield from found.values()


def _turn(step: _Step, understood: Row, later: Sequence[_Step], language: str, tape: str) -> Turn:
    meaning = understood["understanding"]
    decision = meaning.get("decision") or {**meaning, "action": None}
    shadow = step.shadowed
    return Turn(
        text=understood["text"],
        lang=language,
        expects=step.expectation.get("answer"),
        state_intents=tuple(step.expectation.get("choices", ())),
        asked=step.asked,
        live=Guess(
            model=meaning["model"],
            intent=decision["intent"],
            probability=decision["probability"],
            decision=decision["action"],
        ),
        ranking=tuple((intent, probability) for intent, probability in meaning["ranking"][:LIKELIEST]),
        sentiment=meaning["sentiment"],
        shadow=None
        if shadow is None
        else Guess(
            model=shadow["model"],
            intent=shadow["intent"],
            probability=shadow["probability"],
            decision=shadow["action"],
        ),
        why=tuple(_why(step, later)),
        heard_in=(f"{tape}#{step.number}",),
    )


def _why(step: _Step, later: Sequence[_Step]) -> Iterator[Why]:
    """What the rest of the call says against how the turn was understood."""
    if step.not_understood:
        yield Why.NOT_UNDERSTOOD
    following = later[0] if later else None
    if following is not None and following.not_understood:
        yield Why.THEN_NOT_UNDERSTOOD
    if following is not None and following.understood is not None and step.read_back:
        meant = {following.told, following.understood["understanding"]["intent"]}
        if meant & CORRECTIONS:
            yield Why.TAKEN_BACK
    if not step.leads_to_colleague and any(one.handed_over for one in later[:SOON]):
        yield Why.THEN_HANDED_OVER


def _personal(understood: Row, names: frozenset[str], language: str) -> list[str]:
    """Why the words may not be collected; nothing of the words themselves."""
    text = understood["text"]
    found: list[str] = []
    if "<" in text:  # every token of the mask begins so, and no recogniser writes it
        found.append("masked on the tape")
    found += [f"looks like {kind}" for kind in personal.kinds(text)]
    plain = features.normalise(text)
    words = set(plain.split())
    spoken = any(name in words if name.isascii() else name in plain for name in names)
    if spoken or any(entity["type"] in NAMING for entity in understood["understanding"]["entities"]):
        found.append("says a name")
    return found


def _names(header: Row) -> frozenset[str]:
    """Words of the contact's fields that have no digit: names of people and of their bank."""
    values = [str(value) for value in header.get("contact", {}).values()]
    words = {word for value in values for word in features.normalise(value).split()}
    plain = {word for word in words if word.isalpha() and (len(word) > 2 or not word.isascii())}
    return frozenset(plain - NOBODYS)
