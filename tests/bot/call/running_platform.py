"""The whole product in one process: simulated switch, event socket, media, real engines, real dialogue workers.

    call = platform.call("3001")
    await call.hears(QUESTION)
    call.inject(Fault.ODD_FRAME)
    evidence = await call.evidence()

Nothing waits by the clock: a test waits for a line of the tape, and for the call's end.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.call.core.speaking import START_MS
from bot.call.order import CallOrder, CallResult
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.vocabulary import Failure, Outcome
from speech.audio import TELEPHONE, Frame
from speech.engines import load_synthesiser
from telephony_bridge.simulated.customer import LOUD, Customer, Said, ScriptedAudio
from telephony_bridge.simulated.switch import Fault, SimulatedSwitch

Row = Mapping[str, Any]

SCRIPT = "repayment_reminder"
QUESTION = "utter_ask_right_person"
APOLOGY = "utter_technical_apology"
HAND_OVER = "utter_technical_hand_over"
ONE_MOMENT = "utter_one_moment"
CONTACT = {
    "bank_name": "Harbour Bank",
    "customer_name": "Peter Novak",
    "last4": "9021",
    "amount": "75.00 USD",
    "due_date": "2026-11-28",
}
DAY = date(2026, 11, 24)
LONGEST_CALL_S = 120.0
"""A call that is not over by then hangs: the test fails instead of waiting for it."""


class Person:
    """Says the same sentence after each thing the bot says, and counts the samples of the line."""

    blocking = False

    def __init__(self, sentence: Path) -> None:
        self._voice = ScriptedAudio([sentence] * 4, quiet_ms=900, hang_up_at_end=False)
        self.position = 0

    def hear_and_speak(self, heard: Frame) -> Said:
        self.position = heard.end
        return self._voice.hear_and_speak(heard)


class People:
    """Everybody who can be called: whoever it is, the number is wrong."""

    def __init__(self, folder: Path) -> None:
        self._sentence = folder / "wrong-number.wav"
        _speak("you have the wrong number", self._sentence)
        self.by_number: dict[str, Person] = {}

    def answer(self, number: str, variables: Mapping[str, str]) -> Customer:
        self.by_number[number] = Person(self._sentence)
        return self.by_number[number]


def _speak(text: str, path: Path) -> None:
    synthesiser = load_synthesiser("espeak-ng", {})
    voice = next(voice for voice in synthesiser.voices() if voice.language == "en")
    frames = list(synthesiser.synthesise(text, voice))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(frames[0].format.rate)
        file.writeframes(b"".join(frame.data for frame in frames))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is left of a call: its result, its tape, and what went over the line at the customer's end."""

    result: CallResult
    rows: list[dict[str, Any]]
    said: npt.NDArray[np.bool_]
    """For each 20 ms from the answer, whether the customer made a sound."""
    heard: npt.NDArray[np.bool_]
    """The same for what the customer heard."""
    fault_at: int
    """The 20 ms in which the fault was brought about."""

    @property
    def outcome(self) -> Outcome:
        return self.result.outcome

    def broken(self, failure: Failure) -> list[str]:
        """The details of every failure of this kind on the tape."""
        return [row["detail"] for row in self.rows if row["kind"] == "broken" and row["failure"] == failure]

    @property
    def failures(self) -> set[str]:
        return {row["failure"] for row in self.rows if row["kind"] == "broken"}

    def heard_ms(self, prompt: str) -> float:
        """How much of a prompt the switch reported as heard, over all its playouts."""
        ids = {row["playout_id"] for row in self.rows if row["kind"] == "speak" and row["prompt"]["name"] == prompt}
        ended = [row for row in self.rows if row["kind"] == "playout_ended" and row["playout_id"] in ids]
        return TELEPHONE.ms_for(sum(row["heard"] for row in ended))

    @property
    def sound_after_fault_ms(self) -> float:
        return 20.0 * int(self.heard[self.fault_at :].sum())

    @property
    def longest_silence_ms(self) -> float:
        """The longest time in which nobody made a sound, from the answer to the end of the line, by the line.

        What the customer takes before they speak is theirs.
        """
        loud = np.flatnonzero(self.said | self.heard)
        edges = np.concatenate(([-1], loud, [len(self.heard)]))
        ours = np.concatenate((~self.said[loud], [True]))
        return 20.0 * float((np.diff(edges) - 1)[ours].max())

    @property
    def lateness_ms(self) -> float:
        """A busy machine's delays, which no policy can make up: by how much a timer of the call fired late at most, and
        by how much a prompt began later than the policies reckon with."""
        due = {row["token"]: row["t"] + row["ms"] for row in self.rows if row["kind"] == "set_timer"}
        fired = (row for row in self.rows if row["kind"] == "timer_fired")
        timers = max((float(row["t"] - due[row["token"]]) for row in fired), default=0.0)
        return timers + max(0.0, _latest_start_ms(self.rows) - START_MS)


def _latest_start_ms(rows: Sequence[Row]) -> float:
    """From when a prompt was sent, and the one before it over, to when it sounded; at most."""
    sent: dict[str, float] = {}
    free = latest = 0.0
    for row in rows:
        match row["kind"]:
            case "speak":
                sent[row["playout_id"]] = float(row["t"])
            case "playout_started" if row["playout_id"] in sent:
                latest = max(latest, float(row["t"]) - max(free, sent[row["playout_id"]]))
            case "playout_ended":
                free = float(row["t"])
    return latest


class WatchedCall:
    """A call under way, seen through its tape."""

    def __init__(self, switch: SimulatedSwitch, people: People, number: str) -> None:
        self.number = number
        self._switch = switch
        self._people = people
        self._rows: list[Row] = []
        self._waiting: list[tuple[Callable[[Row], bool], asyncio.Future[Row]]] = []
        self._placing: asyncio.Task[CallResult] | None = None
        self._fault_at = 0

    def begin(self, service: CallService) -> None:
        order = CallOrder(self.number, SCRIPT, "en", CONTACT, DAY)
        self._placing = asyncio.create_task(service.place(order, self._observe))

    @property
    def call_id(self) -> str:
        return next(call.uuid for call in self._switch.calls.values() if call.channel.number == self.number)

    def _observe(self, row: Row) -> None:
        self._rows.append(row)
        for fits, seen in self._waiting:
            if not seen.done() and fits(row):
                seen.set_result(row)

    async def until(self, fits: Callable[[Row], bool]) -> None:
        """Until such a line is written to the tape. Fails where the call ends without one."""
        assert self._placing is not None
        seen: asyncio.Future[Row] = asyncio.get_running_loop().create_future()
        self._waiting.append((fits, seen))
        async with asyncio.timeout(LONGEST_CALL_S):
            either: set[asyncio.Future[Any]] = {seen, self._placing}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        assert seen.done(), f"the call ended first: {[row['kind'] for row in self._rows[-10:]]}"

    async def hears(self, prompt: str) -> None:
        """Until the customer begins to hear this prompt."""

        def begins(row: Row) -> bool:
            asked = (one for one in self._rows if one["kind"] == "speak" and one["prompt"]["name"] == prompt)
            return row["kind"] == "playout_started" and row["playout_id"] in {one["playout_id"] for one in asked}

        await self.until(begins)

    async def speaks(self) -> None:
        """Until the customer begins to speak."""
        await self.until(lambda row: row["kind"] == "voice_started")

    def mark_fault(self) -> None:
        self._fault_at = self._people.by_number[self.number].position // TELEPHONE.samples_for_ms(20)

    def inject(self, fault: Fault) -> None:
        self.mark_fault()
        assert self._switch.inject_fault(fault, self.call_id), f"{fault} found nothing to break"

    async def evidence(self) -> Evidence:
        """Wait for the end of the call."""
        assert self._placing is not None
        async with asyncio.timeout(LONGEST_CALL_S):
            result = await self._placing
        recordings = self._switch.settings.recordings
        assert recordings is not None
        said, heard = _loud_ticks(recordings / f"{result.call_id}.wav")
        return Evidence(result, read_tape(result.tape)[1], said, heard, self._fault_at)


def _loud_ticks(path: Path) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """For each 20 ms of a line's recording: was the customer loud, was what they heard."""
    with wave.open(str(path), "rb") as file:
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    tick = TELEPHONE.samples_for_ms(20)
    peaks = np.abs(both.astype(np.int32))[: len(both) // tick * tick].reshape(-1, tick, 2).max(axis=1)
    return peaks[:, 0] >= LOUD, peaks[:, 1] >= LOUD


class RunningPlatform:
    """Places watched calls."""

    def __init__(self, service: CallService, switch: SimulatedSwitch, people: People) -> None:
        self.service = service
        self.switch = switch
        self._people = people

    def call(self, number: str) -> WatchedCall:
        call = WatchedCall(self.switch, self._people, number)
        call.begin(self.service)
        return call
