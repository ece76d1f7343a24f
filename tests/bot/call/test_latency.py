"""Response times are read off the tape: the silence between a customer's words and the bot's answer to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from bot.call.core.state import CallState, Timing
from bot.call.core.steps import Say
from bot.call.latency import Stage, percentiles, responses
from bot.call.mind import Considered, Mind, Thought
from bot.call.session import CallSession
from bot.call.tape import Tape, read_tape
from bot.call.weighing import Bearing, Weight
from bot.rehearsal import virtual_time
from bot.rehearsal.leg import RehearsalLeg, SteadyPace
from bot.rehearsal.line import Line
from bot.rehearsal.text import TextEars, TextMouth
from dialogue.protocol import Answer
from speech.asr.port import Hints
from speech.end_of_turn import Words
from tests.bot.call.core.virtual_call import QUESTION, SAFE, prompt
from tests.bot.call.rows import ANSWERED_TURN, YES, Rows, considered, played, row, said, speak

pytestmark = pytest.mark.unit

COUGH = said(1500, 1700, "")
ONE_MOMENT = [speak(3600, "p8", "One moment.", filler=True), *played(3620, 4400, "p8")]


def test_the_response_is_the_silence_between_the_two_voices() -> None:
    (response,) = responses(ANSWERED_TURN)
    assert (response.turn, response.began, response.total, response.bridged) == (1, 2200, 300, False)
    assert response.stages == {
        Stage.END_OF_TURN: 220,
        Stage.RECOGNITION: 30,
        Stage.THINKING: 20,
        Stage.SPEAKING: 30,
    }
    assert sum(response.stages.values()) == response.total


def test_a_late_process_does_not_hide_its_delay() -> None:
    """It handles the end of the voice 400 ms late; the sample of the audio tells when it was."""
    late = said(1500, 1900, "yes", late_ms=400)
    rows = [*late, *considered(2560, 1, late, "affirm"), speak(2580, "p1", "Thank you."), *played(2600, 3000, "p1")]
    assert [response.total for response in responses(rows)] == [300]
    (response,) = responses([*rows, row(9000, "audio_origin", ms=0.0)])
    assert response.total == 700
    assert response.stages[Stage.END_OF_TURN] == 620


def test_the_audio_may_begin_later_than_the_call() -> None:
    (response,) = responses([*ANSWERED_TURN, row(9000, "audio_origin", ms=120.0)])
    assert response.total == 180


def test_a_voice_that_begins_again_before_the_answer_has_no_response_yet() -> None:
    before, after = ANSWERED_TURN[:-3], ANSWERED_TURN[-3:]
    assert responses([*before, row(2168, "voice_started", position=1), *after]) == []


def test_a_cough_and_what_is_said_on_after_it_is_no_response() -> None:
    said_on = [speak(2000, "p2", "Is that you?", start=4000), *played(2020, 3000, "p2")]
    assert responses([*COUGH, *said_on]) == []


def test_asking_again_because_nothing_was_said_is_no_response() -> None:
    asked_again = [
        row(9000, "consider_absence", turn=1, absence="silence"),
        row(9010, "decided", turn=1, steps=[{"kind": "say"}]),
        speak(9010, "p2", "Are you there?"),
        *played(9030, 9900, "p2"),
    ]
    assert responses([*COUGH, *asked_again]) == []


@pytest.mark.parametrize("voice", [COUGH, YES])
def test_what_answers_keys_is_no_response(voice: Rows) -> None:
    keys = [
        row(2500, "consider_keys", turn=2, keys="1"),
        row(2510, "decided", turn=2, steps=[{"kind": "say"}]),
        speak(2510, "p2", "Thank you."),
        *played(2530, 3000, "p2"),
    ]
    unanswered = considered(2150, 1, YES, "affirm") if voice is YES else []
    assert responses([*voice, *unanswered, *keys]) == []


def test_what_is_said_on_after_a_turn_that_needs_no_answer_is_no_response() -> None:
    mhm = considered(2150, 1, YES, "backchannel", steps=())
    for start in (0, 4000):
        said_on = [speak(2180, "p2", "Is that you?", start=start), *played(2200, 3000, "p2")]
        assert responses([*YES, *mhm, *said_on]) == []


def test_the_decision_on_the_turn_before_is_not_the_one_on_this() -> None:
    """It comes between the words that are heard and their consideration, and must not count as quick thinking."""
    before = said(100, 500, "hello")
    held = considered(2300, 2, YES, "affirm")
    rows = [
        *before,
        *considered(750, 1, before, "greet")[:-1],
        *YES,
        row(2250, "decided", turn=1, steps=[]),
        *held,
        speak(2330, "p2", "Thank you."),
        *played(2350, 3000, "p2"),
    ]
    (response,) = responses(rows)
    assert (response.turn, response.total) == (2, 450)
    assert response.stages[Stage.THINKING] == 2320 - 2150


def test_an_answer_sent_before_the_decision_is_not_its_answer() -> None:
    earlier, *consideration = [speak(2140, "p2", "As I said"), *considered(2150, 1, YES, "affirm")]
    rows = [*YES, earlier, *consideration, *played(2200, 2300, "p2", completed=False)]
    assert responses(rows) == []
    (response,) = responses([*rows, speak(2301, "p3", "Thank you."), *played(2320, 3000, "p3")])
    assert response.began == 2320


@pytest.mark.parametrize("decided_at", [3000, 4000, 5000])
def test_one_moment_ends_the_silence_and_is_no_answer(decided_at: float) -> None:
    """Whether the mind is slow or, with the decision made, the voice is."""
    mind = considered(2150, 1, YES, "affirm")
    mind[-1]["t"] = decided_at
    rows = sorted([*YES, *mind, *ONE_MOMENT], key=lambda line: float(line["t"]))
    assert responses(rows) == []
    (response,) = responses([*rows, speak(5000, "p9", "Thank you."), *played(5020, 5900, "p9")])
    assert (response.began, response.total, response.bridged) == (3620, 1720, True)
    assert sum(response.stages.values()) == response.total
    assert min(response.stages.values()) >= 0


def test_no_silence_follows_what_is_said_into_a_prompt_that_goes_on() -> None:
    legal = [speak(0, "p1", "This call is recorded."), *played(20, 4000, "p1")]
    answer = [speak(4030, "p2", "Thank you."), *played(4050, 5000, "p2")]
    assert responses([*legal[:2], *YES, legal[2], *considered(4001, 1, YES, "affirm"), *answer]) == []


@pytest.mark.parametrize(
    "broke",
    [
        row(2180, "broken", failure="control", detail=""),
        row(2180, "record_failure", failure="playout"),
        row(2180, "record_answerer", detection={"answerer": "machine"}),
    ],
)
def test_what_is_said_because_something_happened_is_no_response(broke: dict[str, object]) -> None:
    *before, sent, started, ended = ANSWERED_TURN
    assert responses([*before, broke, sent, started, ended]) == []


def test_a_person_who_is_known_as_one_meanwhile_is_answered() -> None:
    human = row(2180, "record_answerer", detection={"answerer": "human"})
    assert len(responses([*ANSWERED_TURN[:-2], human, *ANSWERED_TURN[-2:]])) == 1


ANSWER = prompt("thank you and how was it", Answer.FREE)


class SlowMind:
    """Answers every turn with the same prompt, after so long."""

    def __init__(self, thinks_ms: float) -> None:
        self._thinks_ms = thinks_ms

    async def consider(self, command: Considered) -> Thought:
        await asyncio.sleep(self._thinks_ms / 1000)
        return Thought((Say(ANSWER),), ())

    def weigh(self, text: str, *moment: object) -> Weight:
        return Weight(Words.COMPLETE, Bearing.MEANT) if text else Weight(Words.NONE, Bearing.NOTHING)


@dataclass
class Caller:
    """Coughs into the question, answers it, waits for the reply and hangs up; keeps time on the call's clock."""

    voice_ended: float = 0.0
    heard: list[tuple[str, float]] = field(default_factory=list)

    async def take_part(self, line: Line) -> None:
        await line.until(lambda: bool(line.said))
        await line.pause(300)
        await line.sound("cough")
        await line.until(lambda: line.said[-1].completed)
        await line.pause(400)
        await line.say("yes")
        self.voice_ended = line.now
        await line.until(lambda: line.said[-1].prompt == ANSWER.name)
        self.heard = [(said.prompt, said.began) for said in line.said if said.began > self.voice_ended]
        line.hang_up()


async def _hold(caller: Caller, tape: Tape, lines: list[Line], thinks_ms: float) -> None:
    leg = RehearsalLeg("call", SteadyPace())
    mind = cast(Mind, SlowMind(thinks_ms))
    session = CallSession(leg, mind, tape, None, CallState(SAFE), Timing(), lambda *_: Hints("en"), {})
    session.attach(TextMouth(leg, session.tell))
    ears = TextEars(session.tell, session.weigh)
    lines.append(line := Line(leg, ears))

    async def at_once() -> TextEars:
        return ears

    taking_part = asyncio.ensure_future(caller.take_part(line))
    await session.run((Say(QUESTION),), at_once)
    await taking_part


@pytest.mark.parametrize("thinks_ms", [0, 300, 3000])
def test_of_a_rehearsed_call_it_is_what_the_customer_measures(thinks_ms: float, tmp_path: Path) -> None:
    caller, lines = Caller(), list[Line]()
    path = tmp_path / "call.jsonl"
    tape = Tape(path, {}, observe=lambda row: lines[0].observe(row))
    virtual_time.run(_hold(caller, tape, lines, thinks_ms))
    (response,) = responses(read_tape(path)[1])
    (sound, began), slow = caller.heard[0], thinks_ms > Timing().slow_ms
    assert sound == (SAFE.one_moment.name if slow else ANSWER.name)
    assert response.bridged == slow
    assert response.total == pytest.approx(began - caller.voice_ended, abs=1.0)
    assert response.began == began


def test_percentiles_are_nearest_rank() -> None:
    assert percentiles(range(1, 101)) == {"p50": 50, "p95": 95, "p99": 99}
    assert percentiles([7.0]) == {"p50": 7.0, "p95": 7.0, "p99": 7.0}
    assert percentiles([]) is None
