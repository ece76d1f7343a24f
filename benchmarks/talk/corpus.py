"""The customers of the benchmark: who they are called as, and how they behave. Every chance is seeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.talk.caller import NOD, Caller, Customer
from benchmarks.talk.trial import Kind

BANK = {"bank_name": "Harbour Bank"}
DEBTOR = {
    "bank_name": "Harbour Bank",
    "customer_name": "Anna Lee",
    "last4": "3958",
    "amount": "1250.00 USD",
    "due_date": "2026-11-30",
}
DIGITS = ("three", "nine", "five", "eight")
REPEAT = "can you repeat that please"
COMMENT = "your staff were very friendly and quick"


@dataclass(frozen=True, slots=True)
class BenchmarkCall:
    number: str
    script: str
    contact: Mapping[str, str]
    customer: Customer
    seed: int


TRIALS_AT = {"utter_ask_survey_consent": 1, "utter_ask_rating": 2, "utter_ask_resolved": 2, "utter_ask_comment": 1}
TRIALS = sum(TRIALS_AT.values())
"""How often each question of the survey is disturbed; the first one is repeated with all that came before it."""


def disturbing(noises: Sequence[Kind]) -> Customer:
    """Takes part in the survey, makes a sound over each question, and has it repeated for the next sound.

    Towards the end come the free answers: a request, a "yes" that wants to go on, and a comment. The rating is keyed,
    so that a word that is not recognised does not end the call.
    """

    async def take_part(caller: Caller) -> None:
        sounds = iter(noises)
        left = dict(TRIALS_AT)
        asked_to_repeat = False
        while True:
            question = await caller.question()
            name = question.prompt
            if left.get(name, 0):
                left[name] -= 1
                kind = next(sounds)
                if not await (caller.echo(question) if kind is Kind.ECHO else caller.disturb(kind, question)):
                    continue
            if left.get(name, 0):
                await caller.say_in_turn(REPEAT)
            elif name == "utter_ask_rating":
                await caller.press_in_turn("5")
            elif name == "utter_ask_comment" and not asked_to_repeat:
                asked_to_repeat = True
                await caller.say_in_turn(REPEAT)
            elif name == "utter_ask_comment_words_form_comment":
                await caller.say_in_turn(COMMENT)
            else:
                await caller.say_in_turn("yes")

    return take_part


INTERRUPTIONS = {
    "utter_ask_survey_consent": "yes",
    "utter_ask_rating": "five",
    "utter_ask_resolved": "yes",
    "utter_ask_comment": "a human please",
}
"""What is said into which question of the survey."""


def interrupting_survey() -> Customer:
    async def take_part(caller: Caller) -> None:
        interrupted = set[str]()
        while True:
            question = await caller.question()
            words = INTERRUPTIONS.get(question.prompt, REPEAT)
            if question.prompt in interrupted:
                await caller.say_in_turn(words)
                continue
            interrupted.add(question.prompt)
            await caller.interrupt(words, question)

    return take_part


def interrupting_at_once(words: str) -> Customer:
    async def take_part(caller: Caller) -> None:
        await caller.interrupt(words, await caller.question())

    return take_part


DATES = (
    ("next", "friday"),
    ("on the twenty seventh", "of november"),
    ("november", "twenty seventh"),
    ("on thursday", "next week"),
    ("on the", "thirtieth"),
    ("friday", "the twenty seventh"),
)


REFUSALS = ("wrong number", "a human please")


def sayings() -> list[str]:
    """Everything the customers may say."""
    halves = [part for split in (1, 2, 3) for part in _halves(split)]
    dates = [part for date in DATES for part in date]
    own = ("yes", "no", "yes speaking", "i will pay", NOD, REPEAT, COMMENT)
    return sorted({*own, *halves, *dates, *INTERRUPTIONS.values(), *REFUSALS})


def _halves(split: int) -> tuple[str, str]:
    return " ".join(DIGITS[:split]), " ".join(DIGITS[split:])


def pausing(dates: tuple[tuple[str, str], ...], split: int) -> Customer:
    """Says the digits of the card, and one date after the other (refusing each but the last), with pauses inside."""

    async def take_part(caller: Caller) -> None:
        left = list(dates)
        while True:
            match (await caller.question()).prompt:
                case "utter_ask_right_person":
                    await caller.say_in_turn("yes speaking")
                case "utter_ask_last4_given":
                    await caller.say_paused(Kind.DIGITS, *_halves(split))
                case "utter_ask_will_pay":
                    await caller.say_in_turn("i will pay")
                case "utter_ask_promise_date" if left:
                    await caller.say_paused(Kind.DATE, *left.pop(0))
                case "utter_ask_promise_confirmed":
                    await caller.say_in_turn("no" if left else "yes")
                case _:
                    await caller.say_in_turn(REPEAT)

    return take_part


NOISES = (Kind.COUGH, Kind.ECHO, Kind.NOD, Kind.HUM)


def calls(disturbers: int, surveys: int, refusals: int, pausers: int) -> list[BenchmarkCall]:
    """So many calls of each kind, the longest first."""
    found: list[BenchmarkCall] = []

    def add(script: str, contact: Mapping[str, str], customer: Customer) -> None:
        found.append(BenchmarkCall(str(7001 + len(found)), script, contact, customer, seed=len(found)))

    for n in range(pausers):
        add("repayment_reminder", DEBTOR, pausing(tuple(DATES[(3 * n + k) % len(DATES)] for k in range(3)), 1 + n % 3))
    for n in range(disturbers):  # each kind falls on each question in turn
        add("satisfaction_survey", BANK, disturbing([NOISES[(n + k) % len(NOISES)] for k in range(TRIALS)]))
    for _ in range(surveys):
        add("satisfaction_survey", BANK, interrupting_survey())
    for n in range(refusals):
        add("repayment_reminder", DEBTOR, interrupting_at_once(REFUSALS[n % 2]))
    return found
