"""One simulated conversation: who answers, what they know, how it goes; by the seed and its number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.call.order import CallOrder
from bot.call.service import CallService
from bot.crowd.behaviour import Behaviour
from bot.crowd.breaches import Breach, breaches_of, loops_of
from bot.crowd.person import Person
from bot.crowd.taking_part import Did, TakingPart
from bot.crowd.words import Words
from bot.rehearsal.coverage import Reached
from bot.rehearsal.line import Row
from bot.rehearsal.playing import DAY
from bot.rehearsal.rehearse import rehearse
from bot.vocabulary import Outcome
from dialogue.script import FieldType, Script
from nlu.inventory import Intent
from telephony_bridge.line_status import HandOverFailure

NUMBER = "simulated"
"""What stands on the tape as the number that was called."""

NOBODY_FREE = 0.2
"""The share of the calls in which a hand-over fails."""

AMOUNTS = ("49.90", "480.50", "1999.00", "3120.00")
DAYS_AROUND = (-45, 12)
"""A date of the contact lies so far from today, on the same side of it as the example."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`number` counts from 1."""

    script: str
    seed: int
    number: int
    person: Person
    language: str


@dataclass(frozen=True, slots=True)
class Held:
    """What became of it. `asked_human` counts what the customer meant, `told_human` what was understood."""

    trial: Trial
    outcome: Outcome
    seconds: float
    turns: int
    asked_human: int
    told_human: int
    loops: dict[str, int]
    breaches: tuple[Breach, ...]
    reached: Reached
    rows: tuple[Row, ...]
    did: tuple[Did, ...]


def trials(
    script: str, seed: int, conversations: int, people: Sequence[Person], languages: Sequence[str]
) -> list[Trial]:
    """Each kind of customer in turn, then each in the next language."""
    return [
        Trial(script, seed, number + 1, people[number % len(people)], languages[number // len(people) % len(languages)])
        for number in range(conversations)
    ]


async def hold(service: CallService, trial: Trial, words: Words, telling: frozenset[str]) -> Held:
    """Raises what `rehearse` raises."""
    chance = random.Random(f"{trial.seed} {trial.number}")
    source = service.scripts.sources(trial.script)[0]
    script = service.equipment.prepare(source).script
    contact = some_contact(script, trial.language, chance)
    fails = chance.choice(list(HandOverFailure)) if chance.random() < NOBODY_FREE else None
    customer = TakingPart(Behaviour(trial.person, words, _secret(script, contact), chance))
    reached, rows = Reached(), list[Row]()
    order = CallOrder(NUMBER, trial.script, trial.language, contact, DAY)
    result = await rehearse(
        service, order, customer.take_part, hand_over_fails=fails, observe=rows.append, follow=reached.follow
    )
    reached.ended(rows)
    told = [row for row in rows if row["kind"] == "told"]
    return Held(
        trial,
        result.outcome,
        float(rows[-1]["t"]) / 1000,
        sum(row["source"] != "event" for row in told),
        sum(one.act.meant == Intent.ASK_HUMAN for one in customer.did),
        sum(row["intent"] == Intent.ASK_HUMAN for row in told),
        loops_of(rows),
        tuple(breaches_of(rows, customer.did, telling, result.outcome)),
        reached,
        tuple(rows),
        tuple(customer.did),
    )


def some_contact(script: Script, language: str, chance: random.Random) -> dict[str, str]:
    """The script's example with other amounts, days and digits."""
    contact = script.example_contact(language)
    for name, field in script.contact.items():
        if field.type is FieldType.MONEY:
            contact[name] = f"{chance.choice(AMOUNTS)} {contact[name].split()[-1]}"
        elif field.type is FieldType.DATE:
            past = date.fromisoformat(contact[name]) < DAY
            days = chance.randint(DAYS_AROUND[0], -1) if past else chance.randint(0, DAYS_AROUND[1])
            contact[name] = (DAY + timedelta(days=days)).isoformat()
        elif field.type is FieldType.DIGITS:
            contact[name] = "".join(chance.choice("0123456789") for _ in contact[name])
    return contact


def _secret(script: Script, contact: dict[str, str]) -> str | None:
    return next((contact[name] for name, field in script.contact.items() if field.sensitive), None)
