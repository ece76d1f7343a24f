"""Whether the frames of paced streams came, and came in time: pure, over the moments at which they did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.call.latency import percentiles

FRAME_S = 0.02

LATE_MS = 60.0
"""What a two-way module keeps in hand behind the frame that sounds: a later frame leaves a hole in the sound."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """On the frames of one direction, all calls together. `late` counts those more than `LATE_MS` behind."""

    dropped: int
    late: int
    came: int
    delay_ms: dict[str, float]

    @property
    def whole(self) -> bool:
        return not self.dropped and not self.late

    @property
    def fault(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        found = [f"{self.dropped} frames dropped"] if self.dropped else []
        found += [f"{self.late} later than {LATE_MS:g} ms"] if self.late else []
        return ", ".join(found)


def judge(due: int, delays_ms: Iterable[float]) -> Verdict:
    """`due` frames were to come; each that came did so with a delay."""
    came = list(delays_ms)
    late = sum(delay > LATE_MS for delay in came)
    return Verdict(due - len(came), late, len(came), percentiles(came) or {})


def off_schedule(came: Sequence[float], burst: int = 1) -> list[float]:
    """By how many milliseconds each frame of one stream is later than its place in a steady pace.

    The first `burst` frames are due at once, each further one 20 ms after the one before. Where the stream's clock
    began is not known from here: the frame with the least delay is taken to be in time. `came` in seconds.
    """
    behind = [moment - max(0, frame + 1 - burst) * FRAME_S for frame, moment in enumerate(came)]
    earliest = min(behind[burst - 1 :], default=0.0)
    return [max(0.0, moment - earliest) * 1000 for moment in behind]


def transit(sent: Sequence[float], came: Iterable[tuple[int, float]]) -> list[float]:
    """Milliseconds that each frame took: `came` is its number among those sent, and when."""
    return [(moment - sent[frame]) * 1000 for frame, moment in came]
