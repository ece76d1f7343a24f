"""Turns cut from the recordings of calls, as WAV files of two channels: the customer left, the bot right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.call.latency import audio_origin
from bot.call.tape import read_tape
from bot.insight.worst_turns import WorstTurn
from speech import wav
from speech.audio import TELEPHONE, Frame
from speech.wav import WavError

BEFORE_MS, AFTER_MS = 6000.0, 4000.0
"""The question is heard as well, and what the bot made of the turn."""


def cut_clips(turns: Sequence[WorstTurn], folder: Path) -> list[Path | None]:
    """One file a turn, numbered in their order; None for a call without a recording that can be read.

    What the recording silences stays silent. Raises `OSError` where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [_cut(turn, folder / f"{n:02}_{turn.recorded.tape.stem}.wav") for n, turn in enumerate(turns, 1)]


def _cut(turn: WorstTurn, path: Path) -> Path | None:
    recording = turn.recorded.tape.with_suffix(".wav")
    origin = audio_origin(read_tape(turn.recorded.tape)[1])
    if origin is None or not recording.is_file():
        return None
    try:
        customer, bot = wav.read_stereo(recording)
    except (WavError, OSError):
        return None
    start = max(0, TELEPHONE.samples_for_ms(turn.turn.began_ms - BEFORE_MS - origin))
    end = TELEPHONE.samples_for_ms(turn.turn.ended_ms + AFTER_MS - origin)
    if end <= start or start >= max(len(customer), len(bot)):
        return None
    wav.write_stereo(path, _between(customer, start, end), _between(bot, start, end))
    return path


def _between(frame: Frame, start: int, end: int) -> Frame:
    return Frame.of(frame.samples()[start:end], frame.format.rate)
