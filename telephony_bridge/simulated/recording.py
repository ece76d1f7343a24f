"""Both directions of a call as the customer's end of the line had them, sample-exact on one timeline."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from speech.audio import Samples
from telephony_bridge.simulated.signals import Note
from telephony_bridge.simulated.sound import CHANNEL_RATE
from telephony_bridge.simulated.wire import summed

_BUG = {"Media-Bug-Function": "session_record"}


class LineRecording:
    """A 16-bit WAV at 8 kHz that grows by 20 ms a tick; started with the answer, its sample 0 is the answer.

    In stereo, channel 0 is what the customer said and channel 1 what they heard; in mono it is both summed.
    """

    def __init__(self, path: Path, stereo: bool = True) -> None:
        self.path = path
        self._stereo = stereo
        self._file = path.open("wb")
        self._wav = wave.Wave_write(self._file)
        self._wav.setnchannels(2 if stereo else 1)
        self._wav.setsampwidth(2)
        self._wav.setframerate(CHANNEL_RATE)

    def write(self, said: Samples, heard: Samples) -> None:
        frames = np.stack([said, heard], axis=1) if self._stereo else summed(said, heard)
        self._wav.writeframesraw(frames.astype("<i2").tobytes())

    def close(self) -> None:
        """Complete the header; the file is not readable before."""
        self._wav.close()
        self._file.close()


def recording_begins(path: str) -> list[Note]:
    """What a channel tells of when `uuid_record` begins to write a file."""
    return [Note("MEDIA_BUG_START", _BUG), Note("RECORD_START", {"Record-File-Path": path})]


def recording_ends(path: str) -> list[Note]:
    return [Note("MEDIA_BUG_STOP", _BUG), Note("RECORD_STOP", {"Record-File-Path": path})]
