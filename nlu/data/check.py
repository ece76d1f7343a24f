"""The rules that labelled data must keep before a model learns from them, each with why and how to mend it."""

from __future__ import annotations

import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from nlu import features
from nlu.corpus import CorpusError, Row, Split, UnknownLabel
from nlu.data import near, personal, records
from nlu.data.exchange import Placed, complete
from nlu.data.phrasing import phrasing
from nlu.inventory import Intent

ENOUGH = 60
"""Rows, and distinct templates, that an intent needs in each language."""

LOPSIDED = 5
"""How many times more, or fewer, rows than the median intent of its language are an imbalance."""

MAX_CHARACTERS = 1000  # what the served model still reads; see nlu.model


K = TypeVar("K")


class Rule(StrEnum):
    BROKEN_ROW = "broken-row"
    UNKNOWN_LABEL = "unknown-label"
    UNUSABLE_TEXT = "unusable-text"
    PERSONAL_DATA = "personal-data"
    CONTRADICTION = "contradiction"
    LEAK = "leak"
    NEAR_DUPLICATE = "near-duplicate"
    TOO_FEW = "too-few"
    NOT_MEASURED = "not-measured"
    IMBALANCE = "imbalance"


OF_A_WHOLE = frozenset({Rule.TOO_FEW, Rule.NOT_MEASURED, Rule.IMBALANCE})
"""What only the data of a whole model can lack: a file of twenty rows that will be added to it is not at fault."""

MEND: Mapping[Rule, str] = {
    Rule.BROKEN_ROW: "mend the line as it says, or remove it",
    Rule.UNKNOWN_LABEL: "use a name of nlu/inventory.py",
    Rule.UNUSABLE_TEXT: "write what was said, in words of its language, or remove the row",
    Rule.PERSONAL_DATA: "remove the row, or put something invented and shorter in its place",
    Rule.CONTRADICTION: "decide for one label by the meanings in nlu/inventory.py, and remove the other row",
    Rule.LEAK: "give both the same split, or remove one",
    Rule.NEAR_DUPLICATE: "give both templates the same split, or write one of them anew",
    Rule.TOO_FEW: "write more, each from a template of its own",
    Rule.NOT_MEASURED: "move whole templates of this intent into that split",
    Rule.IMBALANCE: "write more for the rare one, or thin out the common one",
}


@dataclass(frozen=True, slots=True)
class Finding:
    rule: Rule
    place: str
    why: str

    @property
    def mend(self) -> str:
        return MEND[self.rule]


def check(paths: Sequence[Path], language: str | None = None) -> list[Finding]:
    """Everything that is wrong in these files, taken together. Raises `CorpusError` where one cannot be read at all."""
    findings: list[Finding] = []
    placed: list[Placed] = []
    for path in paths:
        good = []
        for record in records.read(path):
            if isinstance(record, CorpusError):
                findings.append(_broken(record, path))
            else:
                good.append(record)
        for found in complete(good, language):
            if isinstance(found, CorpusError):
                findings.append(_broken(found, path))
            else:
                placed.append(found)
    for rule in (
        _texts,
        _personal,
        _contradictions,
        _template_leaks,
        _text_leaks,
        _near,
        _few,
        _unmeasured,
        _imbalance,
    ):
        findings += rule(placed)
    order = list(Rule)
    return sorted(findings, key=lambda finding: order.index(finding.rule))


def _broken(error: CorpusError, path: Path) -> Finding:
    """The message begins with file:line, which gets a column of its own."""
    message = str(error)
    number, _, why = message.removeprefix(f"{path}:").partition(": ")
    if isinstance(error, UnknownLabel):
        return Finding(Rule.UNKNOWN_LABEL, f"{path}:{number}", why.partition(";")[0])  # not all the names each time
    return Finding(Rule.BROKEN_ROW, f"{path}:{number}", why)


def _texts(rows: Sequence[Placed]) -> Iterator[Finding]:
    for placed in rows:
        text, tag = placed.row.text, features.primary(placed.row.language)
        letters = [character for character in text if character.isalnum()]
        chinese = sum("CJK " in unicodedata.name(character, "") for character in letters)
        if any(unicodedata.category(character) == "Cc" for character in text):
            why = "holds a control character"
        elif len(text) > MAX_CHARACTERS:
            why = f"has {len(text)} characters; no utterance in a call has more than {MAX_CHARACTERS}"
        elif not letters:
            why = "has neither a letter nor a digit, so nothing can be learnt from it"
        elif tag not in features.TOKENISERS:
            why = (
                f"is in language {placed.row.language!r}; there is a model for {', '.join(sorted(features.TOKENISERS))}"
            )
        elif placed.row.intent != Intent.OUT_OF_SCOPE and (
            (tag == "en" and chinese) or (tag == "zh" and not chinese and any(c.isalpha() for c in letters))
        ):
            why = f"is not written in {placed.row.language!r}"
        else:
            continue
        yield Finding(Rule.UNUSABLE_TEXT, placed.place, why)


def _personal(rows: Sequence[Placed]) -> Iterator[Finding]:
    for placed in rows:
        for kind in personal.kinds(placed.row.text):
            yield Finding(Rule.PERSONAL_DATA, placed.place, f"looks like {kind}")


def _contradictions(rows: Sequence[Placed]) -> Iterator[Finding]:
    same = _grouped(rows, lambda row: (row.language, features.normalise(row.text)))
    for (_, text), group in same.items():
        for name, label in _LABELS.items():
            judged = [placed for placed in group if label(placed.row) is not None]
            for other in judged[1:]:
                if label(other.row) != label(judged[0].row):
                    why = f"{text!r} has {name} {label(other.row)} here, {label(judged[0].row)} in {judged[0].place}"
                    yield Finding(Rule.CONTRADICTION, other.place, why)


def _template_leaks(rows: Sequence[Placed]) -> Iterator[Finding]:
    for (template,), group in _grouped(rows, lambda row: (row.template,)).items():
        for split, other in _strangers(group):
            why = f"template {template} is in {other.row.split} here, in {split} in {group[0].place}"
            yield Finding(Rule.LEAK, other.place, why)


def _text_leaks(rows: Sequence[Placed]) -> Iterator[Finding]:
    """The same words with other values filled in are the same template, under whatever name."""
    for (_, _, text), group in _grouped(rows, _phrasing).items():
        for split, other in _strangers(group):
            if other.row.template != group[0].row.template:
                why = f"{text!r} is in {other.row.split} here, in {split} in {group[0].place}"
                yield Finding(Rule.LEAK, other.place, why)


def _near(rows: Sequence[Placed]) -> Iterator[Finding]:
    """Between templates of one intent: the near twin of another intent makes the test harder, not easier."""
    phrasings = _grouped(rows, _phrasing)
    for (language, _), keys in groupby(sorted(phrasings), key=lambda key: key[:2]):
        found = list(keys)
        for a, b in near.pairs([text for *_, text in found], language):
            first, other = phrasings[found[a]][0], phrasings[found[b]][0]
            if first.row.split is not other.row.split:
                twin = f"{first.row.text!r} ({first.row.split}) in {first.place}"
                why = f"{other.row.text!r} ({other.row.split}) is nearly {twin}"
                yield Finding(Rule.NEAR_DUPLICATE, other.place, why)


def _few(rows: Sequence[Placed]) -> Iterator[Finding]:
    for language, group in _languages(rows):
        for intent in Intent:
            own = [placed.row for placed in group if placed.row.intent == intent]
            templates = len({row.template for row in own})
            if templates < ENOUGH:
                why = f"{language} {intent}: {len(own)} rows of {templates} templates; {ENOUGH} templates are needed"
                yield Finding(Rule.TOO_FEW, _file(group), why)


def _unmeasured(rows: Sequence[Placed]) -> Iterator[Finding]:
    for language, group in _languages(rows):
        there = {(placed.row.intent, placed.row.split) for placed in group}
        for intent in dict.fromkeys(placed.row.intent for placed in group):
            for split in Split:
                if (intent, split) not in there:
                    yield Finding(Rule.NOT_MEASURED, _file(group), f"{language} {intent}: no row in the {split} split")


def _imbalance(rows: Sequence[Placed]) -> Iterator[Finding]:
    for language, group in _languages(rows):
        counts = Counter(placed.row.intent for placed in group)
        middle = statistics.median(counts.values())
        for intent, count in counts.items():
            if count > LOPSIDED * middle or count * LOPSIDED < middle:
                why = f"{language} {intent}: {count} rows, the median intent has {middle:g}"
                yield Finding(Rule.IMBALANCE, _file(group), why)


_LABELS: Mapping[str, Callable[[Row], str | None]] = {
    "intent": lambda row: row.intent,
    "sentiment": lambda row: row.sentiment,
}


def _phrasing(row: Row) -> tuple[str, str, str]:
    return row.language, row.intent, phrasing(row.text, row.language, row.entities)


def _grouped(rows: Sequence[Placed], key: Callable[[Row], K]) -> dict[K, list[Placed]]:
    groups: dict[K, list[Placed]] = defaultdict(list)
    for placed in rows:
        groups[key(placed.row)].append(placed)
    return groups


def _strangers(group: Sequence[Placed]) -> Iterator[tuple[Split, Placed]]:
    """One row of each other split than that of the first row, which is named beside it."""
    seen = {(first := group[0].row.split)}
    for placed in group:
        if placed.row.split not in seen:
            seen.add(placed.row.split)
            yield first, placed


def _languages(rows: Sequence[Placed]) -> Iterator[tuple[str, list[Placed]]]:
    yield from _grouped(rows, lambda row: row.language).items()


def _file(rows: Sequence[Placed]) -> str:
    return rows[0].place.rpartition(":")[0]
