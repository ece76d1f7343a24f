"""One call's audio as it comes in UDP packets, and the ports of all calls: no socket, no clock.

Packets have no numbers and no end. So a gap is told by the time that has passed without them, and filled with silence,
for the call counts time in samples; and when none have come for `BROKEN_S`, the audio has broken.
"""

from __future__ import annotations

from collections import deque

from speech.audio import TELEPHONE, Frame, silence
from telephony_bridge.media_protocol import AudioIntake

UNICAST_PORTS = (12000, 15999)
"""First and last: below those that FreeSWITCH gives to telephones, and those that systems give out by themselves."""

MAX_PACKET_BYTES = 4096
"""20 ms are 320 bytes; of a channel with 48 kHz 1920, which should be told of as a wrong rate."""

BROKEN_S = 2.0
"""A switch sends every 20 ms, silence too, while the call is parked. Gaps up to 230 ms were seen on a busy one."""

GAP_S = 0.3
"""So much may be missing before it is filled with silence: a stall, whose packets come after it, is no loss."""

FILL_MS = 1000
"""The longest frame of silence."""

REST_S = 30.0
"""So long the ports of a call that has ended are not used again: the switch may still be sending to them."""


class UnicastFlow:
    """What comes in. `now` is seconds on any clock that does not go back."""

    def __init__(self) -> None:
        self._intake = AudioIntake(TELEPHONE, MAX_PACKET_BYTES)
        self._origin: float | None = None  # when the first sample came
        self._last = 0.0
        self._away = False

    @property
    def begun(self) -> bool:
        return self._origin is not None

    def receive(self, packet: bytes, now: float) -> Frame | None:
        """A packet; None where there is nothing to hear. Raises `MediaProtocolError`."""
        if self._away:
            return None
        frame = self._intake.take(packet, now)
        if frame is not None:
            self._origin = now if self._origin is None else self._origin
            self._last = now
        return frame

    def fill(self, now: float) -> list[Frame]:
        """Silence for what is missing; ask when all packets that have come were received."""
        if self._origin is None or self._away:
            return []
        missing = round((now - self._origin) * TELEPHONE.rate) - self._intake.position
        if missing <= GAP_S * TELEPHONE.rate:
            return []
        frames = []
        for _ in range(missing // TELEPHONE.samples_for_ms(FILL_MS) + 1):
            length = min(missing, TELEPHONE.samples_for_ms(FILL_MS))
            frames.append(silence(TELEPHONE, length * 1000 // TELEPHONE.rate, self._intake.position))
            self._intake.position = frames[-1].end
            missing -= len(frames[-1])
        return [frame for frame in frames if len(frame)]

    def broken(self, now: float) -> bool:
        """Whether the audio had begun and has stayed away for too long."""
        return self.begun and not self._away and now - self._last >= BROKEN_S

    def leave(self) -> None:
        """The call goes to somebody else: hear nothing, and do not wait for anything."""
        self._away = True

    def come_back(self, now: float) -> None:
        """The call is with us again, and its audio is about to begin anew."""
        self._away, self._last = False, now


class Ports:
    """Pairs of neighbouring ports, ours even and the switch's odd; the one that has rested longest comes first."""

    def __init__(self, first: int, last: int) -> None:
        """Both are used. Raises `ValueError` where there is no pair."""
        pairs = range(first + first % 2, last, 2)
        if not pairs:
            raise ValueError(f"no pair of an even port and the next one lies in {first} to {last}")
        self._free = deque((port, float("-inf")) for port in pairs)

    def take(self, now: float) -> int | None:
        """Our port of a pair; None where all are in use, or not yet rested."""
        if not self._free or self._free[0][1] > now:
            return None
        return self._free.popleft()[0]

    def give_back(self, port: int, now: float) -> None:
        self._free.append((port, now + REST_S))
