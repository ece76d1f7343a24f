"""Turns cut from the recordings of calls, as WAV files of two channels: the customer left, the bot right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.call.keyring import Keyring, SealError
from bot.call.latency import audio_origin
from bot.call.recording import SEALED_SUFFIX, open_recording, recording_beside
from bot.call.tape import read_tape
from bot.insight.worst_turns import WorstTurn
from speech import wav
from speech.audio import TELEPHONE, Frame
from speech.wav import WavError

BEFORE_MS, AFTER_MS = 6000.0, 4000.0
"""The question is heard as well, and what the bot made of the turn."""


@dataclass(frozen=True, slots=True)
class Clips:
    """One file a turn, in their order; None for a call without a recording that can be read. `left_out` says why."""

    files: tuple[Path | None, ...] = ()
    left_out: tuple[str, ...] = ()


def cut_clips(turns: Sequence[WorstTurn], folder: Path, keys: Keyring) -> Clips:
    """Numbered in the order of the turns. What the recording silences stays silent.

    A sealed recording is opened with its key; its clip is for its owner's eyes. Raises `OSError` where the folder
    cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path | None] = []
    left_out: dict[str, None] = {}
    for number, turn in enumerate(turns, 1):
        try:
            files.append(_cut(turn, folder / f"{number:02}_{turn.recorded.tape.stem}.wav", keys))
        except (SealError, WavError) as error:
            files.append(None)
            left_out[str(error)] = None
    return Clips(tuple(files), tuple(left_out))


def _cut(turn: WorstTurn, path: Path, keys: Keyring) -> Path | None:
    recording = recording_beside(turn.recorded.tape)
    origin = audio_origin(read_tape(turn.recorded.tape)[1])
    if origin is None or recording is None:
        return None
    try:
        with open_recording(recording, keys) as sound:
            content = sound.read()
    except OSError as error:
        raise WavError(f"{recording}: cannot be read ({error.strerror})") from None
    customer, bot = wav.read_stereo(recording, content)
    start = max(0, TELEPHONE.samples_for_ms(turn.turn.began_ms - BEFORE_MS - origin))
    end = TELEPHONE.samples_for_ms(turn.turn.ended_ms + AFTER_MS - origin)
    if end <= start or start >= max(len(customer), len(bot)):
        return None
    if recording.name.endswith(SEALED_SUFFIX):
        path.touch()
        path.chmod(0o600)  # before the words are in it; one of an earlier run may be open to all
    wav.write_stereo(path, _between(customer, start, end), _between(bot, start, end))
    return path


def _between(frame: Frame, start: int, end: int) -> Frame:
    return Frame.of(frame.samples()[start:end], frame.format.rate)
