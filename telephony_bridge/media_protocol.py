"""What FreeSWITCH's streaming modules send on a call's websocket, without I/O: messages in, frames or a fault out.

First a text message with the metadata we gave in `start` (a JSON object of strings, plain or in base64), then binary
messages of L16, mono, of any length. Time is passed in: seconds on any clock that does not go back.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from types import MappingProxyType

from speech.audio import TELEPHONE, AudioFormat, Frame
from telephony_bridge.media import MediaFault

MAX_MESSAGE_BYTES = 64 * 1024
"""2 s of audio at 16 kHz; the modules send 20 ms a message, and up to 200 ms where told to."""

RATES = frozenset({8000, 16000, 24000, 32000, 48000})

WINDOW_S = 1.0
TOLERANCE = 1.5
"""Rates differ by a factor of two or more, clocks by far less than one percent, what is between is jitter."""
UNSTEADY_GAP_S = 0.3
"""A longer gap means a stall, or a phone that sends nothing during silence: that second tells nothing of the rate.
Gaps up to 58 ms were seen on an idle switch, 230 ms on a busy one."""
WINDOWS_OFF = 2
"""A burst after a stall fills one window, a wrong rate all of them."""
LATE_S = 10.0
"""So much audio may come late without being taken for a faster rate: more than the buffers on its way hold."""


class MediaProtocolError(Exception):
    """The link is to be given up; `fault` and the message, in ASCII, say why."""

    def __init__(self, fault: MediaFault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


class RateCheck:
    """Compares the samples that arrive with the time they take. Tolerates jitter, bursts and pauses.

    The time is when we read them. More audio than time has passed is a wrong rate, whoever is slow; less is as likely
    a busy machine of ours as a wrong rate, and what it left waiting comes faster afterwards.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._opened: float | None = None
        self._last = 0.0
        self._samples = 0
        self._steady = True
        self._late = 0.0  # samples that have not come yet, though their time has
        self._fast, self._slow = 0, 0  # windows in a row that were off
        self.too_slow: float | None = None
        """The rate measured when it was steadily too slow for the first time."""

    def add(self, samples: int, now: float) -> float | None:
        """Count samples that arrived at `now`. Returns the measured rate once it is surely too fast."""
        if self._opened is None:
            self._opened = self._last = now
            return None  # the first message closes no interval
        self._steady = self._steady and now - self._last <= UNSTEADY_GAP_S
        self._last = now
        self._samples += samples
        elapsed = now - self._opened
        if elapsed < WINDOW_S:
            return None
        measured = self._samples / elapsed
        self._judge(elapsed)
        if self._slow >= WINDOWS_OFF and self.too_slow is None:
            self.too_slow = measured
        self._opened, self._samples, self._steady = now, 0, True
        return measured if self._fast >= WINDOWS_OFF else None

    def _judge(self, elapsed: float) -> None:
        due = elapsed * self._rate
        fast = self._samples - self._late > due * TOLERANCE
        slow = self._samples * TOLERANCE < due
        self._fast = self._fast + 1 if self._steady and fast else 0
        self._slow = self._slow + 1 if self._steady and slow else 0
        self._late = min(max(0.0, self._late + due - self._samples), LATE_S * self._rate)


class AudioIntake:
    """L16, mono, in pieces of any length: each becomes a frame, or says what is wrong with it."""

    def __init__(self, format: AudioFormat, max_bytes: int) -> None:
        self.format = format
        self.position = 0
        """Samples so far. Move it on over what is known not to come."""
        self._max_bytes = max_bytes
        self._rate_check = RateCheck(format.rate)

    @property
    def too_slow(self) -> float | None:
        """Samples a second, where far fewer than announced came for a while. No fault: we may be the slow one."""
        return self._rate_check.too_slow

    def take(self, data: bytes, now: float) -> Frame | None:
        """None for an empty piece. Raises `MediaProtocolError`."""
        self.check_size(len(data))
        if len(data) % 2:
            raise MediaProtocolError(
                MediaFault.MALFORMED, f"a message of {len(data)} bytes is not a whole number of 16-bit samples"
            )
        if not data:
            return None
        frame = Frame(self.format, data, self.position)
        self.position = frame.end
        measured = self._rate_check.add(len(frame), now)
        if measured is not None:
            raise MediaProtocolError(
                MediaFault.WRONG_RATE,
                f"{self.format.rate} samples a second were announced, about {measured:.0f} arrive",
            )
        return frame

    def check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise MediaProtocolError(MediaFault.OVERSIZED, f"a message of {size} bytes; the limit is {self._max_bytes}")


class MediaProtocol:
    """One connection. After a `MediaProtocolError`, use it no more."""

    def __init__(self, max_message_bytes: int = MAX_MESSAGE_BYTES) -> None:
        self._max_message_bytes = max_message_bytes
        self._metadata: Mapping[str, str] | None = None
        self._audio = AudioIntake(TELEPHONE, max_message_bytes)

    @property
    def format(self) -> AudioFormat:
        return self._audio.format

    @property
    def announced(self) -> bool:
        """Whether the metadata has come."""
        return self._metadata is not None

    @property
    def metadata(self) -> Mapping[str, str]:
        return self._metadata if self._metadata is not None else MappingProxyType({})

    @property
    def two_way(self) -> bool:
        return self.metadata.get("two_way") == "yes"

    @property
    def too_slow(self) -> float | None:
        """See `AudioIntake`."""
        return self._audio.too_slow

    def receive_text(self, text: str) -> None:
        """The first text is the metadata; a later one (the modules' `send_text`) carries nothing for us."""
        self._audio.check_size(len(text.encode("utf-8", "replace")))
        if self._metadata is None:
            self._metadata = MappingProxyType(_parse_metadata(text))
            self._audio = AudioIntake(AudioFormat(_rate(self._metadata)), self._max_message_bytes)

    def receive_binary(self, data: bytes, now: float) -> Frame | None:
        """Audio; None for an empty message. Raises `MediaProtocolError`."""
        self._audio.check_size(len(data))
        if self._metadata is None:
            raise MediaProtocolError(MediaFault.MALFORMED, "audio came before the metadata")
        return self._audio.take(data, now)


def _parse_metadata(text: str) -> dict[str, str]:
    plain = text.strip()
    try:
        if not plain.startswith("{"):
            plain = base64.b64decode(plain, validate=True).decode()
        value = json.loads(plain)
    except (binascii.Error, ValueError, RecursionError):
        raise MediaProtocolError(
            MediaFault.MALFORMED, "the first text is not metadata: JSON, plain or base64"
        ) from None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise MediaProtocolError(MediaFault.MALFORMED, "the metadata is not a JSON object of strings")
    return value


def _rate(metadata: Mapping[str, str]) -> int:
    text = metadata.get("rate", str(TELEPHONE.rate))
    if text not in {str(rate) for rate in RATES}:
        raise MediaProtocolError(
            MediaFault.MALFORMED, f"the metadata announces a rate of {text[:20]!a}; it may be one of {sorted(RATES)}"
        )
    return int(text)
