"""What a two-way link is sent, when each frame is due, and what of it the customer has heard: no clock, no socket.

Every frame has its place on one timeline, counted from an origin, so that errors of single waits do not add up. The
receiver keeps a few frames in hand (`ahead`): a talk begins with so many at once, then one follows each 20 ms. What
has been sent less what the receiver keeps in hand is what was heard.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from speech.audio import TELEPHONE
from telephony_bridge.leg import LegEvent, PlayoutEnded, PlayoutStarted

FRAME_MS = 20
FRAME_SAMPLES = TELEPHONE.samples_for_ms(FRAME_MS)
FRAME_BYTES = TELEPHONE.bytes_for(FRAME_SAMPLES)

MAX_CATCH_UP_S = 0.1
"""Held up longer than this, the receiver has run dry: go on from now rather than send all that is late at once."""

_FRAME_S = FRAME_MS / 1000
_ROUNDING_S = 1e-6
_SILENCE = bytes(FRAME_BYTES)


class Pace:
    """When each frame is due, and when it sounds. Frames are numbered from the first one ever sent."""

    def __init__(self, ahead: int = 0, transit_s: float = 0.0) -> None:
        """`ahead`: frames kept in hand behind the one that sounds; `transit_s`: how long one is under way."""
        self._ahead = ahead
        self._transit_s = transit_s
        self._patience = max(MAX_CATCH_UP_S, ahead * _FRAME_S)
        self._origin: float | None = None  # when frame 0 would have sounded
        self._dry = -math.inf  # when the receiver has played what it got
        self.sent = 0

    def wait(self, now: float) -> float:
        """Seconds until the next frame may go, 0 where it is due or a little late; then counts it as sent."""
        due = self.due(now)
        self.count()
        return max(0.0, due - now)

    def due(self, now: float) -> float:
        """When the next frame may go. Its place on the timeline is fixed here where it begins a talk or is too late."""
        if self._origin is None or now - self._next_due(self._origin) > self._patience:
            self._origin = max(now, self._dry) - self.sent * _FRAME_S
        return self._next_due(self._origin)

    def count(self) -> None:
        """The next frame has gone."""
        self.sent += 1

    def pause(self, flushed: bool = False) -> None:
        """Nothing follows for now; `flushed`: and the receiver has thrown away what it had in hand."""
        if self._origin is not None:
            self._dry = -math.inf if flushed else self._origin + self.sent * _FRAME_S
            self._origin = None

    def sounds_at(self, frame: int) -> float:
        """When a frame begins to sound; only while something is being sent."""
        assert self._origin is not None
        return self._origin + frame * _FRAME_S + self._transit_s

    def begun(self, now: float) -> int:
        """How many of the frames sent had begun to sound by now."""
        if self._origin is None:
            return self.sent
        return min(self.sent, max(0, math.floor((now - self._transit_s - self._origin + _ROUNDING_S) / _FRAME_S) + 1))

    def _next_due(self, origin: float) -> float:
        return origin + (self.sent - self._ahead) * _FRAME_S


@dataclass(slots=True)
class _Playing:
    """`first` is the place of its first frame, once that was sent."""

    playout_id: str
    samples: bytes
    first: int | None = None
    sent: int = 0
    started: bool = False
    frames: int = field(init=False)

    def __post_init__(self) -> None:
        self.frames = -(-len(self.samples) // FRAME_BYTES)

    def heard(self, begun: int) -> int:
        """Samples heard when `begun` frames of the timeline had begun to sound."""
        if self.first is None:
            return 0
        return min(len(self.samples) // 2, max(0, begun - self.first) * FRAME_SAMPLES)


class FrameQueue:
    """Playouts one after another. All times are seconds on any clock that does not go back."""

    def __init__(self, ahead_ms: int = 0, *, transit_ms: int = 0, idle_silence: bool = False) -> None:
        """`ahead_ms`: what the receiver keeps in hand behind the frame that sounds; `transit_ms`: how long one is under
        way; `idle_silence`: send silence between.

        A receiver that gets silence all the time keeps nothing in hand: not both.
        """
        self._pace = Pace(ahead_ms // FRAME_MS, transit_ms / 1000)
        self._idle_silence = idle_silence
        self._pads = ahead_ms > 0
        self._playing: deque[_Playing] = deque()

    @property
    def empty(self) -> bool:
        """Nothing is queued or still unheard."""
        return not self._playing

    def add(self, playout_id: str, samples: bytes) -> None:
        self._playing.append(_Playing(playout_id, samples))

    def next_frame(self, now: float) -> bytes | None:
        """The frame that is due, None where none is; say `sent` once it has gone.

        After the last of a talk comes silence until it has been heard: receivers keep the end in hand until more comes.
        """
        unsent = self._unsent()
        if (unsent is None and not self._sends_silence) or self._pace.due(now) > now + _ROUNDING_S:
            return None
        if unsent is None:
            return _SILENCE
        return unsent.samples[unsent.sent * FRAME_BYTES : (unsent.sent + 1) * FRAME_BYTES].ljust(FRAME_BYTES, b"\0")

    def sent(self) -> None:
        """The frame that was due has gone."""
        unsent = self._unsent()
        if unsent is not None:
            unsent.first = self._pace.sent if unsent.first is None else unsent.first
            unsent.sent += 1
        self._pace.count()

    def events(self, now: float) -> list[LegEvent]:
        """What has begun to sound or sounded to its end since the last time."""
        told: list[LegEvent] = []
        while self._playing:
            one = self._playing[0]
            if one.frames and (one.first is None or self._pace.begun(now) <= one.first):
                return told
            if not one.started:
                one.started = True
                told.append(PlayoutStarted(one.playout_id))
            if one.sent < one.frames or self._ends(one) > now + _ROUNDING_S:
                return told
            self._playing.popleft()
            told.append(PlayoutEnded(one.playout_id, len(one.samples) // 2, completed=True))
        if not self._idle_silence:
            self._pace.pause()
        return told

    def wait(self, now: float) -> float | None:
        """Seconds until a frame is due or something is to be told; None while there is nothing to do."""
        if not self._playing and not self._idle_silence:
            return None
        moments = []
        if self._sends_silence or self._unsent() is not None:
            moments.append(self._pace.due(now))
        head = self._playing[0] if self._playing else None
        if head is not None and head.first is not None:
            moments.append(self._ends(head) if head.started else self._pace.sounds_at(head.first))
        # What is to be told of one that is not all sent yet comes after its last frame.
        return max(0.0, min(moments, default=now) - now)

    def stop(self, now: float, *, flushed: bool = False, problem: str | None = None) -> list[LegEvent]:
        """Send nothing more. `flushed`: the receiver is told to throw away what it has in hand."""
        told = self.events(now)
        begun = self._pace.begun(now)
        told += [
            PlayoutEnded(one.playout_id, one.heard(begun), completed=False, problem=problem) for one in self._playing
        ]
        self._playing.clear()
        if not self._idle_silence:
            self._pace.pause(flushed)
        return told

    def abandon(self, problem: str) -> list[LegEvent]:
        """As `stop`, where that failed: asks nothing of the timeline, so that what was heard is not known."""
        told: list[LegEvent] = [
            PlayoutEnded(one.playout_id, 0, completed=False, problem=problem) for one in self._playing
        ]
        self._playing.clear()
        return told

    @property
    def _sends_silence(self) -> bool:
        """Where there is no sound to send now."""
        return self._idle_silence or (self._pads and bool(self._playing))

    def _unsent(self) -> _Playing | None:
        for one in self._playing:  # asked several times a frame, so no generator
            if one.sent < one.frames:
                return one
        return None

    def _ends(self, one: _Playing) -> float:
        return -math.inf if one.first is None else self._pace.sounds_at(one.first + one.frames)
