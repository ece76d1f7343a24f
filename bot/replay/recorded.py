"""A call as it was recorded: its tape, and the customer's side of its sound."""

from __future__ import annotations

import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bot.call.keyring import NO_KEYS, Keyring
from bot.call.order import CallOrder
from bot.call.recording import open_recording, recording_beside
from bot.call.tape import TapeState, read_tape, verify_tape
from bot.replay.stand_ins import StandIns
from speech.audio import TELEPHONE, Samples

Row = Mapping[str, Any]

SAMPLE_BYTES = 4
"""Two channels of 16 bits."""


class CannotReplay(Exception):
    """The call cannot be held again; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """`sound` is the customer's side at 8 kHz, its sample 0 `origin_ms` after the answer; None for a call in text.

    `state`: what the hash chain says of the tape.
    """

    path: Path
    header: Mapping[str, Any]
    rows: Sequence[Row]
    sound: Samples | None
    origin_ms: float
    state: TapeState
    stand_ins: StandIns

    def order(self, script: str) -> CallOrder:
        """The same call, with stand-ins for what the tape masks."""
        contact = {name: self.stand_ins.written(str(value)) for name, value in self.header["contact"].items()}
        day = date.fromisoformat(self.header["day"])
        called = self.header.get("called")
        return CallOrder(self.header["number"], script, self.header["language"], contact, day, called)


def read_call(path: Path, keys: Keyring = NO_KEYS) -> RecordedCall:
    """Raises `TapeError` for what is no tape, `SealError` where the recording cannot be opened, and `CannotReplay`."""
    header, rows = read_tape(path)
    if "contact" not in header:
        raise CannotReplay(
            f"{path}: the tape does not hold the contact; it is older than replays. Record the call again"
        )
    if not any(row["kind"] == "answered" for row in rows):
        raise CannotReplay(f"{path}: nobody answered this call, so there is no conversation to replay")
    ended = any(row["kind"] == "end_call" for row in rows)
    if not ended:
        raise CannotReplay(
            f"{path}: the tape breaks off before the call ended, so its recording was never finished. Take a tape that "
            "`voicebot tape verify` calls intact"
        )
    sound = _sound(path, rows, keys)
    origin = next((float(row["ms"]) for row in rows if row["kind"] == "audio_origin"), 0.0)
    return RecordedCall(path, header, rows, sound, origin, verify_tape(path).state, StandIns(header, rows))


def _sound(path: Path, rows: Sequence[Row], keys: Keyring) -> Samples | None:
    """The customer's side, or None where the call had no sound."""
    recording = recording_beside(path)
    placed = any(row["kind"] == "audio_origin" for row in rows)
    if recording is None:
        closed = next((row for row in rows if row["kind"] == "tape_closed"), None)
        if placed or (closed is not None and closed["recording"] is not None):
            raise CannotReplay(f"{path}: the recording of this call is gone; put it back beside the tape")
        return None
    if not placed:
        raise CannotReplay(
            f"{path}: the tape does not say where the recording lies on its clock (`audio_origin`); it is older than "
            "replays. Record the call again"
        )
    return _customer(recording, keys, _last_voice(rows))


def _customer(recording: Path, keys: Keyring, least: int) -> Samples:
    """The left channel; `least` samples must be there."""
    try:
        with open_recording(recording, keys) as sound, wave.open(sound, "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (2, 2, TELEPHONE.rate):
                raise CannotReplay(
                    f"{recording}: not a recording of a call (16-bit, two channels, {TELEPHONE.rate} Hz)"
                )
            promised, content = file.getnframes(), file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise CannotReplay(f"{recording}: cannot be read ({error}); put the recording of this call back") from error
    there = len(content) // SAMPLE_BYTES
    if there < max(promised, least):
        whole, part = TELEPHONE.ms_for(max(promised, least)) / 1000, TELEPHONE.ms_for(there) / 1000
        raise CannotReplay(
            f"{recording}: the recording is cut off: {part:.1f} s of at least {whole:.1f} s are there. "
            "Put the whole file back beside the tape"
        )
    return np.frombuffer(content[: there * SAMPLE_BYTES], dtype="<i2").reshape(-1, 2)[:, 0].astype(np.int16)


def _last_voice(rows: Sequence[Row]) -> int:
    """The sample where the customer's last voice ended."""
    return max((int(row["position"]) for row in rows if row["kind"] in {"voice_started", "voice_stopped"}), default=0)
