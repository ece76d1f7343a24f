"""The customer of a scenario acts at the right moment, and every kind of step can fail.

The bot is a list of prompts with their times; the judge sees what a call would have left behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from bot.rehearsal import virtual_time
from bot.rehearsal.judging import heard, judge
from bot.rehearsal.leg import RehearsalLeg
from bot.rehearsal.line import Line, Row, Said
from bot.rehearsal.playing import Customer
from bot.rehearsal.scenario import Step

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Prompt:
    """One that begins and ends at these milliseconds; `start` above 0 for one that is said on."""

    name: str
    text: str
    began: float
    ended: float
    completed: bool = True
    start: int = 0


HELLO = Prompt("utter_disclosure", "Hello. This is a bank.", 40, 2000)
ASK = Prompt("utter_ask_rating", "From one to five?", 2000, 3000)
THANKS = Prompt("utter_answer_noted", "Thank you.", 5000, 6000)


class Voice:
    """Speaks for a second, makes noises of 400 ms."""

    def __init__(self) -> None:
        self.did: list[tuple[int, str]] = []

    def _note(self, what: str) -> None:
        self.did.append((round(asyncio.get_running_loop().time() * 1000), what))

    def say(self, text: str) -> float:
        self._note(text)
        return 1000

    def sound(self, kind: str) -> float:
        self._note(kind)
        return 400


@dataclass
class Held:
    """What became of a call in which the bot said these prompts."""

    steps: Sequence[Step]
    customer: Customer
    did: list[tuple[int, str]]
    rows: list[Row]

    def problems(self) -> list[str | None]:
        return [
            judge(self.steps, index, self.customer.traces, self.customer.said, self.rows)
            for index in range(len(self.steps))
        ]


def hold(steps: Sequence[dict[str, Any]], prompts: Sequence[Prompt], rows: Sequence[Row] = ()) -> Held:
    """The call ends 10 s after its beginning."""
    read = [Step.model_validate(step) for step in steps]
    customer, voice = Customer(read), Voice()

    async def call() -> list[Row]:
        line, at = Line(RehearsalLeg("a call"), voice), asyncio.get_running_loop().call_at
        for number, prompt in enumerate(prompts):
            playout = {"playout_id": f"p{number}"}
            told = {"name": prompt.name, "text": prompt.text}
            line.observe({"kind": "speak", "t": 0, "prompt": told, "start": prompt.start, **playout})
            at(prompt.began / 1000, line.observe, {"kind": "playout_started", "t": prompt.began, **playout})
            ended = {"kind": "playout_ended", "t": prompt.ended, "completed": prompt.completed, **playout}
            at(prompt.ended / 1000, line.observe, ended)
        taking_part = asyncio.ensure_future(customer.take_part(line))
        await asyncio.sleep(10)
        taking_part.cancel()
        return line.rows

    return Held(read, customer, voice.did, [*virtual_time.run(call()), *rows])


def problem(steps: Sequence[dict[str, Any]], prompts: Sequence[Prompt], rows: Sequence[Row] = ()) -> str:
    """The first problem; empty where there is none."""
    return next(filter(None, hold(steps, prompts, rows).problems()), "")


def test_an_answer_comes_half_a_second_after_the_bot_has_finished() -> None:
    held = hold([{"hear": "this is a bank", "say": "five"}], [HELLO, ASK])
    assert held.did == [(3500, "five")]  # the question is waited for, too
    assert held.problems() == [None]


def test_what_was_said_before_the_customer_acted_is_not_heard_again() -> None:
    steps = [{"hear": "utter_ask_rating", "say": "five"}, {"hear": "from one to five", "say": "six"}]
    held = hold(steps, [HELLO, ASK, THANKS])
    assert [what for _, what in held.did] == ["five"]
    assert "expected to hear 'from one to five'; the bot's last words were: \"Thank you.\"" in str(held.problems()[1])


def test_a_pattern_may_reach_over_prompts() -> None:
    said = [Said("p0", "a", "Thank you.", 0, ended=1, completed=True), Said("p1", "b", "Goodbye!", 1, 0, 2, True)]
    assert heard("you goodbye", said, 0) == (0, 1)
    assert heard("goodbye", said, 0) == (1, 1)
    assert heard("you", said, 1) is None


def test_a_pause_and_silence_are_kept() -> None:
    held = hold([{"pause_ms": 700}, {"say": "hello"}], [HELLO])
    assert held.did == [(700, "hello")]
    held = hold([{"hear": "utter_ask_rating", "silence": True}, {"sound": "hum"}], [HELLO, ASK, THANKS])
    assert held.did == [(5000, "hum")]


def test_an_interruption_comes_at_its_moment() -> None:
    cut = Prompt("utter_ask_rating", "From one to five?", 2000, 2950, completed=False)
    steps = [{"interrupt_at": {"ms": 800, "hear": "one to five", "say": "five"}, "stopped_within_ms": 200}]
    held = hold(steps, [HELLO, cut])
    assert held.did == [(2800, "five")]
    assert held.problems() == [None]


def test_hanging_up_and_keys_reach_the_leg() -> None:
    customer = Customer([Step(dtmf="42"), Step(hang_up=True)])

    async def call() -> list[str]:
        leg = RehearsalLeg("a call")
        await customer.take_part(Line(leg, Voice()))
        return [type(event).__name__ async for event in leg.events()]

    assert virtual_time.run(call()) == ["Dtmf", "Dtmf", "HungUp"]


ANSWERED = [{"hear": "utter_ask_rating", "say": "five"}]
"""Said from 3.5 to 4.5 s."""


@pytest.mark.parametrize(
    ("steps", "prompts", "expected"),
    [
        ([{"hear": "goodbye"}], [HELLO], "expected to hear 'goodbye'; the bot's last words were: \"Hello."),
        ([{"hear": "goodbye"}], [], "the bot said nothing"),
        ([{"hear": "goodbye", "say": "bye"}, {"hang_up": True}], [HELLO], "expected to hear 'goodbye'"),
        ([*ANSWERED, {"hear": "thank", "within_ms": 499}], [HELLO, ASK, THANKS], "within 499 ms, not after 500 ms"),
        ([*ANSWERED, {"hear": "thank", "within_ms": 500}], [HELLO, ASK, THANKS], ""),
        ([{"hear": "hello", "within_ms": 30}], [HELLO], "within 30 ms, not after 40 ms"),
        ([{"absent": "thank"}], [HELLO, THANKS], "expected not to hear 'thank'; it was said after 5.0 s"),
        ([{"absent": "thank", "within_ms": 4000}], [HELLO, THANKS], ""),
        ([{"absent": "thank", "within_ms": 5000}], [HELLO, THANKS], "expected not to hear 'thank'"),
        ([*ANSWERED, {"absent": "utter_ask_rating"}], [HELLO, ASK, THANKS], ""),
        ([{"said_once": "thank"}], [HELLO], "expected to hear 'thank' once; it was said 0 times"),
        ([{"said_once": "thank"}], [THANKS, THANKS], "it was said 2 times"),
        ([{"heard_to_end": "utter_disclosure"}], [HELLO], ""),
        (
            [{"heard_to_end": "utter_disclosure"}],
            [Prompt("utter_disclosure", "Hello.", 0, 500, completed=False)],
            "expected 'utter_disclosure' to be heard from beginning to end, and it was not",
        ),
        ([{"resumed": "utter_disclosure"}], [HELLO], "expected 'utter_disclosure' to be said on from where"),
        ([{"resumed": "utter_disclosure"}], [Prompt("utter_disclosure", "Hello.", 0, 500, start=800)], ""),
        (
            [{"interrupt_at": {"ms": 500, "hear": "hello", "sound": "cough"}, "stopped_within_ms": 300}],
            [HELLO],
            "expected silence within 300 ms of the interruption; utter_disclosure went on for 1460 ms",
        ),
        (
            [{"interrupt_at": {"ms": 5000, "hear": "hello", "sound": "cough"}}],
            [HELLO],
            "expected to interrupt utter_disclosure after 5000 ms; it took 1960 ms",
        ),
        ([{"interrupt_at": {"ms": 5, "hear": "goodbye", "say": "a"}}], [HELLO], "expected 'goodbye' to sound"),
    ],
)
def test_a_step_passes_or_says_what_was_expected(
    steps: Sequence[dict[str, Any]], prompts: Sequence[Prompt], expected: str
) -> None:
    found = problem(steps, prompts)
    assert expected in found if expected else found == ""


def turn(t: float, intent: str, sentiment: str, *values: object) -> list[Row]:
    meaning = {"intent": intent, "sentiment": sentiment, "answer": None, "entities": [{"value": v} for v in values]}
    return [
        {"kind": "understood", "t": t, "turn": 1, "understanding": meaning},
        {"kind": "told", "t": t, "turn": 1, "intent": intent},
    ]


@pytest.mark.parametrize(
    ("expect", "rows", "expected"),
    [
        ({"intent": "inform", "value": "5"}, turn(4700, "inform", "neutral", 5), ""),
        ({"sentiment": "angry"}, turn(4700, "inform", "neutral"), "expected sentiment angry, not neutral"),
        (
            {"intent": "deny", "value": "4"},
            turn(4700, "inform", "neutral", 5),
            "expected intent deny, not inform; value 4, not 5",
        ),
        ({"intent": "inform"}, turn(1000, "inform", "neutral"), "the dialogue was told of none"),  # an earlier turn
        ({"intent": "inform"}, [], "the dialogue was told of none"),
    ],
)
def test_a_turn_is_held_to_what_it_should_mean(expect: dict[str, str], rows: list[Row], expected: str) -> None:
    found = problem([{**ANSWERED[0], "expect": expect}], [HELLO, ASK, THANKS], rows)
    assert expected in found if expected else found == ""


def test_what_is_said_while_the_bot_hangs_up_still_counts_as_heard() -> None:
    goodbye = Prompt("utter_goodbye", "Goodbye.", 5000, 9900)
    steps = [*ANSWERED, {"hear": "utter_goodbye"}, {"absent": "utter_silence"}]
    assert problem(steps, [HELLO, ASK, goodbye]) == ""


def test_who_has_more_to_say_than_the_call_lasts_has_failed() -> None:
    goodbye = Prompt("utter_goodbye", "Goodbye.", 5000, 9900)
    found = problem([*ANSWERED, {"hear": "utter_goodbye", "say": "wait"}], [HELLO, ASK, goodbye])
    assert "the call ended before the customer could do this" in found
    found = problem([{"hear": "never"}, {"say": "wait"}], [HELLO])
    assert "expected to hear 'never'" in found
