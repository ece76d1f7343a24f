"""What the customer did in a recorded call, in order: words, keys, the hang-up. Pure.

In sound, the voice itself is on the recording; the timeline only says where it begins, so that the customer can be
made to wait. Where the recording is silenced because of sensitive digits, and in calls without sound, it
holds what the ears made of the voice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.call.core.events import (
    Broken,
    ControlRestored,
    Event,
    Gone,
    KeyPressed,
    Partial,
    Utterance,
    VoiceStarted,
    VoiceStopped,
)
from bot.call.ears import PRE_ROLL_MS
from bot.call.weighing import Bearing
from bot.replay.stand_ins import StandIns
from bot.vocabulary import Failure
from speech.audio import TELEPHONE
from speech.end_of_turn import Words
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus

Row = Mapping[str, Any]

LEAST_SILENCE_MS = 20
"""Who begins within a frame of the bot's last sample did not wait for it."""

OF_THE_SWITCH = {Failure.CONTROL, Failure.MEDIA}
"""What broke outside; what broke in the bot itself is for the replay to find."""


@dataclass(slots=True)
class RecordedTurn:
    """What the ears made of one turn that cannot be heard again. `parts` counts its acts; `utterance` is None where
    nobody asked for the end of it; `echo`: it was the bot's own voice."""

    parts: int = 0
    utterance: Utterance | None = None
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """`t`: milliseconds of the call. `does`: None where only a voice begins, which is on the recording.

    `after_silence_ms`: the bot had been silent for so long, and the customer waited for that; None where they did not.
    """

    t: float
    does: Event | None = None
    after_silence_ms: float | None = None
    turn: RecordedTurn | None = None


@dataclass(slots=True)
class _Reader:
    """Goes over the rows once."""

    origin_ms: float
    spans: list[tuple[int, int]]
    in_text: bool
    stand_ins: StandIns
    silence: _Silence
    keys: list[str]
    acts: list[Act] = field(default_factory=list)
    turn: RecordedTurn | None = None
    finalising: bool = False
    voice_open: bool = False

    def read(self, row: Row) -> None:
        t = float(row["t"])
        match row["kind"]:
            case "voice_started":
                self._voice_started(t, row)
            case "voice_stopped" if self.turn is not None:
                self._recorded(t, VoiceStopped(row["position"], row["silence_ms"]))
            case "finalise":
                self.finalising = True
            case "partial" if self.turn is not None and not self.finalising:  # those after it the utterance says
                text = self.stand_ins.said(row["text"])
                self._recorded(
                    t,
                    Partial(text, Words(row["words"]), Bearing(row["bearing"]), row["settled"], row.get("confidence")),
                )
            case "heard":
                if self.turn is not None:
                    self.turn.utterance = self._utterance(row["utterance"])
                    self.turn.echo = row["bearing"] == Bearing.ECHO
                self._voice_over()
            case "discard":
                self._voice_over()
            case "key_pressed":
                self._waiting(t, KeyPressed(self.keys.pop(0), row.get("position")))
            case "gone" if row["by"] != HungUpBy.BOT:
                by, status, fault = HungUpBy(row["by"]), LineStatus(row["line_status"]), Fault(row["fault"])
                self._waiting(t, Gone(by, status, fault, row["cause"]))
            case "broken" if Failure(row["failure"]) in OF_THE_SWITCH:
                self.acts.append(Act(t, Broken(Failure(row["failure"]), row["detail"])))
            case "control_restored":
                self.acts.append(Act(t, ControlRestored()))

    def _voice_started(self, t: float, row: Row) -> None:
        position = int(row["position"])
        if not self.voice_open:
            self._begins(self.origin_ms + TELEPHONE.ms_for(position))
            self.voice_open = True
        masked = any(start <= position < end for start, end in self.spans)
        if self.turn is None and (self.in_text or masked):
            self.turn = RecordedTurn()
        if self.turn is not None:
            self._recorded(t, VoiceStarted(position))

    def _begins(self, onset: float) -> None:
        since = self.silence.since(onset)
        if since is not None:
            begins = max(onset - PRE_ROLL_MS, since + LEAST_SILENCE_MS)
            if begins <= onset:
                self.acts.append(Act(begins, None, begins - since))

    def _recorded(self, t: float, event: Event) -> None:
        assert self.turn is not None
        self.turn.parts += 1
        self.acts.append(Act(t, event, turn=self.turn))

    def _waiting(self, t: float, event: Event) -> None:
        since = self.silence.since(t)
        waited = t - since if since is not None and t - since >= LEAST_SILENCE_MS else None
        self.acts.append(Act(t, event, waited))

    def _voice_over(self) -> None:
        self.turn, self.finalising, self.voice_open = None, False, False

    def _utterance(self, heard: Row) -> Utterance:
        text = self.stand_ins.said(heard["text"])
        return Utterance(text, heard["start"], heard["end"], heard["confidence"], heard["accepted"])


class _Silence:
    """When the bot had something on the line."""

    def __init__(self, rows: Sequence[Row]) -> None:
        spoken = {row["playout_id"]: float(row["t"]) for row in rows if row["kind"] == "speak"}
        ended = {row["playout_id"]: float(row["t"]) for row in rows if row["kind"] == "playout_ended"}
        self._spans = sorted((began, ended.get(one, began)) for one, began in spoken.items())
        self._begun = [began for began, _ in self._spans]

    def since(self, t: float) -> float | None:
        """Since when it had been silent at `t`; None while it spoke."""
        last = max((end for _, end in self._spans[: bisect_right(self._begun, t)]), default=0.0)
        return last if last < t else None


def timeline(rows: Sequence[Row], origin_ms: float, stand_ins: StandIns, *, in_text: bool) -> list[Act]:
    """In the order of their times. `origin_ms`: where sample 0 of the recording lies."""
    spans = [(int(row["start"]), int(row["end"])) for row in rows if row["kind"] == "masked"]
    reader = _Reader(origin_ms, spans, in_text, stand_ins, _Silence(rows), stand_ins.keys(rows))
    for row in rows:
        reader.read(row)
    return sorted(reader.acts, key=lambda act: act.t)
