"""The entities of an utterance, and which of them answers the question asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nlu import features
from nlu.entities.candidate import Candidate, resolve
from nlu.entities.en import grammar as english
from nlu.entities.zh import grammar as mandarin
from nlu.inventory import EntityType
from nlu.understanding import Context, Entity


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a language brings: how it reads text, its candidates, and when one value takes back another."""

    read: Callable[[str], Any]
    candidates: Callable[[Any, Context], Iterable[Candidate]]
    corrected: Callable[[Any, int, int], bool]
    negated: Callable[[Any, int, int], bool]


GRAMMARS = {
    "en": Grammar(english.read, english.candidates, english.corrected, english.negated),
    "zh": Grammar(mandarin.read, mandarin.candidates, mandarin.corrected, mandarin.negated),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The entities in the order of the text, without answers taken back, and the one that answers the question asked.

    Where several different values would answer ("friday or saturday"), `answer` is None and `alternatives` has them.
    """

    entities: tuple[Entity, ...]
    answer: Entity | None
    alternatives: tuple[Entity, ...] = ()


def read(text: str, context: Context) -> Reading:
    """Never raises for odd text; a language without a grammar has no entities."""
    grammar = GRAMMARS.get(features.primary(context.language))
    if grammar is None:
        return Reading((), None)
    known = grammar.read(text)
    found = resolve(grammar.candidates(known, context))
    standing, withdrawn = _standing(grammar, known, found, context)
    entities = tuple(one.entity for one in found if one not in withdrawn)
    single = len({one.entity.value for one in standing}) == 1
    return Reading(
        entities,
        answer=standing[0].entity if single else None,
        alternatives=() if single else tuple(one.entity for one in standing),
    )


def _standing(
    grammar: Grammar, text: Any, found: Sequence[Candidate], context: Context
) -> tuple[list[Candidate], list[Candidate]]:
    """The answers that stand after all corrections ("tuesday, no, wednesday"; "not friday, saturday"), and those that
    do not: taken back, or the same value said once more."""
    standing: list[Candidate] = []
    withdrawn: list[Candidate] = []
    for one in found:
        if not _answers(one.entity, context):
            continue
        if grammar.negated(text, one.start, one.end):
            withdrawn.append(one)
            continue
        if standing and grammar.corrected(text, standing[-1].end, one.start):
            withdrawn += standing
            standing.clear()
        if standing and _goes_on(standing[-1].entity, one.entity):
            withdrawn.append(standing.pop())
        if any(one.entity.value == other.entity.value for other in standing):
            withdrawn.append(one)
        else:
            standing.append(one)
    return _to_come(standing, context), withdrawn


def _goes_on(before: Entity, entity: Entity) -> bool:
    """Whether digits were begun, broken off and said again in full: "nine one one, that's nine one one four"."""
    if not (isinstance(before.value, str) and isinstance(entity.value, str)) or entity.type is EntityType.DATE:
        return False
    return entity.value != before.value and entity.value.startswith(before.value)


def _to_come(standing: list[Candidate], context: Context) -> list[Candidate]:
    """ "I was paid on the eighteenth so I'll pay on the thirty-first": of dates on both sides of today, the later."""
    if context.expects != EntityType.DATE:
        return standing
    today = context.reference.isoformat()
    return [one for one in standing if str(one.entity.value) >= today] or standing


def _answers(entity: Entity, context: Context) -> bool:
    if context.expects == EntityType.NUMBER and context.length is None:
        return entity.type in {EntityType.NUMBER, EntityType.DIGITS}
    if context.expects in {EntityType.NUMBER, EntityType.DIGITS}:
        fits = context.length is None or len(str(entity.value)) == context.length
        return entity.type is EntityType.DIGITS and fits
    return entity.type == context.expects
