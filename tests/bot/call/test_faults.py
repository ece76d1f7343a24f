"""One thing breaks in a running call: its customer hears a sentence, its tape says what broke, other calls go on.

The chain is the real one, but for the switch: event socket, media websocket, engines and dialogue workers.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot.call.tape import Tape
from bot.vocabulary import Failure, Outcome
from telephony_bridge.simulated.switch import Fault
from tests.bot.call.full_disk import FullDisk
from tests.bot.call.running_platform import (
    APOLOGY,
    HAND_OVER,
    ONE_MOMENT,
    QUESTION,
    Evidence,
    RunningPlatform,
    WatchedCall,
)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="session"),
]

UNLUCKY, BYSTANDER = "3001", "3002"
LONGEST_SILENCE_MS = 2000
"""By the call's own timers; by the clock on the wall it is longer where the machine that runs the test is late."""
A_SENTENCE_MS = 1000
"""Less than "One moment, please" takes, more than the end of a sentence that was cut off."""

Strike = Callable[[WatchedCall], Awaitable[None]]


async def two_calls(running: RunningPlatform, strike: Strike) -> tuple[Evidence, Evidence]:
    """Two calls at a time, one of which is struck; neither leaves its customer in silence."""
    unlucky, bystander = running.call(UNLUCKY), running.call(BYSTANDER)
    await strike(unlucky)
    both = await asyncio.gather(unlucky.evidence(), bystander.evidence())
    for evidence in both:
        assert evidence.longest_silence_ms < LONGEST_SILENCE_MS + evidence.lateness_ms
    assert both[0].sound_after_fault_ms > A_SENTENCE_MS
    return both


def assert_apologised(evidence: Evidence, failure: Failure, detail: str | None = None) -> None:
    """The customer heard the apology to its end, and the tape tells the operator why."""
    assert evidence.outcome is Outcome.TECHNICAL_FAILURE
    assert evidence.heard_ms(APOLOGY) > 2000
    assert failure in {row["failure"] for row in evidence.rows if row["kind"] == "record_failure"}
    assert detail is None or any(detail in text for text in evidence.broken(failure)), evidence.broken(failure)


def assert_untouched(evidence: Evidence) -> None:
    assert evidence.outcome is Outcome.WRONG_PERSON
    assert evidence.failures == set()
    assert evidence.result.recording is not None


def at_the_question(fault: Fault) -> Strike:
    async def strike(call: WatchedCall) -> None:
        await call.hears(QUESTION)
        call.inject(fault)

    return strike


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        pytest.param(Fault.ODD_FRAME, "malformed: a message of 319 bytes", id="malformed frame"),
        pytest.param(Fault.OVERSIZED_FRAME, "oversized: ", id="oversized frame"),
        pytest.param(Fault.DOUBLE_RATE, "wrong_rate: 8000 samples a second were announced", id="wrong rate"),
    ],
)
async def test_nonsense_from_the_media_websocket(running: RunningPlatform, fault: Fault, detail: str) -> None:
    struck, bystander = await two_calls(running, at_the_question(fault))
    assert_apologised(struck, Failure.MEDIA, detail)
    assert_untouched(bystander)


async def test_the_media_websocket_drops_in_the_middle_of_a_word(running: RunningPlatform) -> None:
    """It is had anew, and the call goes on to its outcome."""

    async def strike(call: WatchedCall) -> None:
        await call.speaks()
        call.inject(Fault.ABORT_MEDIA)

    struck, bystander = await two_calls(running, strike)
    assert_untouched(struck)
    restarts = [row["reason"] for row in struck.rows if row["kind"] == "media_restarted"]
    assert restarts == ["the connection broke without a goodbye"]
    assert_untouched(bystander)
    assert "media_restarted" not in {row["kind"] for row in bystander.rows}


async def test_the_media_websocket_drops_twice(running: RunningPlatform) -> None:
    async def strike(call: WatchedCall) -> None:
        await call.hears(QUESTION)
        call.inject(Fault.ABORT_MEDIA)
        await call.until(lambda row: row["kind"] == "media_restarted")
        call.inject(Fault.ABORT_MEDIA)

    struck, bystander = await two_calls(running, strike)
    assert_apologised(struck, Failure.MEDIA, "the connection broke without a goodbye")
    assert_untouched(bystander)


async def test_the_media_websocket_drops_and_the_switch_refuses_another(
    running: RunningPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[object] = []

    def refuse(*request: object) -> bool:
        refused.append(request)
        return False

    async def strike(call: WatchedCall) -> None:
        await call.speaks()
        monkeypatch.setattr(running.switch.calls[call.call_id], "start_stream", refuse)
        call.inject(Fault.ABORT_MEDIA)

    struck, bystander = await two_calls(running, strike)
    assert refused
    assert_apologised(struck, Failure.MEDIA, "the connection broke without a goodbye")
    assert "media_restarted" not in {row["kind"] for row in struck.rows}
    assert_untouched(bystander)


async def test_the_event_socket_drops_and_both_calls_go_on(running: RunningPlatform) -> None:
    """It carries all calls of the process, so the other one has the same gap, and gets over it in the same way."""
    for evidence in await two_calls(running, at_the_question(Fault.DROP_ESL)):
        assert evidence.outcome is Outcome.WRONG_PERSON
        assert evidence.failures == {Failure.CONTROL}
        assert all(evidence.broken(Failure.CONTROL))
        assert "control_restored" in {row["kind"] for row in evidence.rows}
        assert evidence.heard_ms(ONE_MOMENT) > 0


async def test_the_dialogue_worker_of_a_call_is_killed(running: RunningPlatform) -> None:
    """The conversation moves to the other worker at once, so there is nothing to apologise for."""
    workers = running.service._workers

    async def strike(call: WatchedCall) -> None:
        await call.speaks()
        call.mark_fault()
        address = workers.client_for(call.call_id).address
        held_by = [child for child in psutil.Process().children() if address in child.cmdline()]
        assert len(held_by) == 1
        held_by[0].kill()
        await call.until(lambda row: row["kind"] == "decided")
        assert workers.client_for(call.call_id).address != address

    struck, bystander = await two_calls(running, strike)
    assert struck.outcome is Outcome.WRONG_PERSON
    assert struck.heard_ms("utter_wrong_person") > 2000
    assert_untouched(bystander)


async def test_all_dialogue_workers_are_killed(running: RunningPlatform) -> None:
    """Until one is started anew the customer is asked to wait; where that takes too long, a colleague takes over."""
    call = running.call(UNLUCKY)
    await call.speaks()
    call.mark_fault()
    for pid in running.service._workers.pids:
        os.kill(pid, signal.SIGKILL)
    evidence = await call.evidence()
    assert evidence.longest_silence_ms < LONGEST_SILENCE_MS + evidence.lateness_ms
    assert evidence.heard_ms(ONE_MOMENT) > A_SENTENCE_MS
    if evidence.outcome is not Outcome.WRONG_PERSON:
        assert Failure.DIALOGUE in {row["failure"] for row in evidence.rows if row["kind"] == "record_failure"}
        assert evidence.heard_ms(HAND_OVER) > 2000


async def test_the_disk_under_the_tape_is_full(running: RunningPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    tapes: dict[str, Tape] = {}

    def open_tape(path: Path, header: Mapping[str, Any], *rest: Callable[..., Any]) -> Tape:
        tapes[header["number"]] = Tape(path, header, *rest)
        return tapes[header["number"]]

    async def strike(call: WatchedCall) -> None:
        await call.hears(QUESTION)
        call.mark_fault()
        tapes[call.number]._file = FullDisk(tapes[call.number].path)  # type: ignore[assignment]

    monkeypatch.setattr("bot.call.prepared.Tape", open_tape)
    struck, bystander = await two_calls(running, strike)
    assert_apologised(struck, Failure.TAPE, "is full (No space left on device)")
    assert struck.rows[-1]["kind"] == "tape_closed"
    assert "end_call" in {row["kind"] for row in struck.rows}
    assert [row["n"] for row in struck.rows] == list(range(1, len(struck.rows) + 1))
    assert_untouched(bystander)
