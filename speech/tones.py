"""The tones of a telephone line: fax, busy, ringing, the three tones before an announcement, the beep of a machine.

`speech.tone_windows` says which windows of the sound are one frequency, or one of two known pairs. A run of windows of
the same sound is a *burst*; which tone it is follows from frequency, length and the silence around it.

    detector = ToneDetector()
    for frame in frames:                  # L16 at 8 kHz, of any length
        for span in detector.accept(frame): ...
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np

from speech.audio import TELEPHONE, Frame
from speech.tone_windows import BATCH, BATCH_SAMPLES, STEP, WINDOW, Sound, Window, analysed


class Tone(StrEnum):
    """What a tone means."""

    FAX = "fax"  # 1100 Hz for half a second (a calling fax), or 2100 Hz (an answering one)
    BUSY = "busy"
    RINGBACK = "ringback"
    SIT = "sit"  # special information tones: three rising ones, before a network announcement
    BEEP = "beep"  # one steady tone and then silence: speak now


@dataclass(frozen=True, slots=True)
class ToneSpan:
    """A tone and where it stood: samples at 8 kHz, from the start of the stream; `end` is exclusive, both +-25 ms."""

    tone: Tone
    start: int
    end: int


def _ms(ms: float) -> int:
    return TELEPHONE.samples_for_ms(ms)


SAME_HZ = 10.0
SAME_DB = 3.0
"""Windows of one burst differ by no more; a voice glides and swells faster."""
QUIET_DB = 12.0
"""Silence after a beep lies this much below it."""
EDGE = _ms(20)
"""A window reaches this far beyond a burst without losing 3 dB."""
SLACK = _ms(75)
"""After a burst, windows that it still reaches into are not held against the silence."""
SHORTEST_BURST = _ms(85)

CALLING_FAX_HZ, CALLING_FAX_MS = (1085, 1115), (400, 600)  # ITU-T T.30: 0.5 s +-15 %
ANSWERING_FAX_HZ, ANSWERING_FAX_MS = (2080, 2120), 300  # modems turn its phase every 450 ms, which ends a burst
PROGRESS_HZ = (405, 470)  # 425 Hz (Europe) and 450 Hz (China), single
BUSY_ON_MS = BUSY_OFF_MS = (200, 750)  # 0.25 to 0.7 s by country, for busy and congestion
RING_MS = (800, 1250)  # Europe and China: 1 s; then 4 s of silence
RING_PAIR_MS = 800  # the United States: 2 s of 440+480 Hz, which is nothing else
SIT_HZ = ((900, 1000), (1350, 1450), (1750, 1830))
SIT_MS, SIT_GAP_MS = (230, 450), 150
BEEP_HZ, BEEP_MS = (395, 2005), (105, 3100)  # 400 Hz to 2 kHz, 150 ms to 3 s, and the error of measuring
SILENCE_MS = 300
"""After a beep. Between the three tones before an announcement there is less."""
NOT_BUSY_MS = 800
"""After a beep at the frequency of a busy tone: its next burst would have come."""


@dataclass(frozen=True, slots=True)
class _Burst:
    sound: Sound
    hertz: float
    level_db: float
    start: int
    end: int

    @property
    def ms(self) -> float:
        return TELEPHONE.ms_for(self.end - self.start)

    def goes_on_in(self, window: Window) -> bool:
        return (
            window.sound is self.sound
            and abs(window.hertz - self.hertz) <= SAME_HZ
            and abs(window.level_db - self.level_db) <= SAME_DB
        )

    def single(self, hertz: tuple[float, float], ms: tuple[float, float] | None = None) -> bool:
        within = self.sound is Sound.SINGLE and hertz[0] <= self.hertz <= hertz[1]
        return within and (ms is None or ms[0] <= self.ms <= ms[1])


class ToneDetector:
    """Finds the tones in one stream. What is reported is at least one step, at most about 200 ms, old."""

    def __init__(self) -> None:
        self._heard_to = self._analysed_to = 0
        self._pending = bytearray()
        self._cadence = _Cadence(0)

    def accept(self, frame: Frame) -> tuple[ToneSpan, ...]:
        """The tones that have become known with this frame, L16 at 8 kHz. Raises `FormatMismatch` for another format.

        A frame that does not follow on the last one begins a new stream: half a tone is none.
        """
        TELEPHONE.require(frame.format, "the tone detector")
        if frame.position != self._heard_to:
            self._begin_at(frame.position)
        self._pending += frame.data
        self._heard_to = frame.end
        spans: list[ToneSpan] = []
        while len(self._pending) >= TELEPHONE.bytes_for(BATCH_SAMPLES):
            samples = np.frombuffer(self._pending, dtype="<i2", count=BATCH_SAMPLES)
            spans += self._cadence.accept(analysed(samples, self._analysed_to))
            del samples  # it holds the buffer, which could not shrink
            del self._pending[: TELEPHONE.bytes_for(BATCH * STEP)]
            self._analysed_to += BATCH * STEP
        return tuple(spans)

    def _begin_at(self, position: int) -> None:
        self._heard_to = self._analysed_to = position
        self._pending = bytearray()
        self._cadence = _Cadence(position)


class _Cadence:
    """From windows to bursts, from bursts to tones."""

    def __init__(self, begin: int) -> None:
        self._begin = begin
        self._open: _Burst | None = None
        self._recent: tuple[_Burst, ...] = ()
        """The last bursts that are no tone yet, at most three."""
        self._silent = True
        """Nothing but silence since the last of them."""
        self._reported = False
        """The open burst has been given as a tone already."""

    def accept(self, windows: list[Window]) -> list[ToneSpan]:
        spans = []
        for window in windows:
            span = self._next(window)
            if span is not None:
                spans.append(span)
        return spans

    def _next(self, window: Window) -> ToneSpan | None:
        burst = self._open
        if burst is not None and burst.goes_on_in(window):
            self._open = replace(burst, end=window.end - EDGE, level_db=max(burst.level_db, window.level_db))
            return self._as_it_sounds(self._open)
        span = self._closed(burst) if burst is not None else None
        self._open, self._reported = None, False
        if window.sound is not Sound.NONE:
            self._open = _Burst(window.sound, window.hertz, window.level_db, window.start + EDGE, window.end - EDGE)
        return span or self._as_it_rests(window)

    def _as_it_sounds(self, burst: _Burst) -> ToneSpan | None:
        """The tone of an answering fax is known before it ends; it takes seconds."""
        if self._reported or not burst.single(ANSWERING_FAX_HZ) or burst.ms < ANSWERING_FAX_MS:
            return None
        self._reported = True
        return ToneSpan(Tone.FAX, burst.start, burst.end)

    def _closed(self, burst: _Burst) -> ToneSpan | None:
        if burst.end - burst.start < SHORTEST_BURST or self._reported:
            return None
        self._recent = (*self._recent[-2:], burst)
        self._silent = True
        if burst.single(CALLING_FAX_HZ, CALLING_FAX_MS):
            return self._report(Tone.FAX, 1)
        if burst.sound is Sound.RING_PAIR and burst.ms >= RING_PAIR_MS:
            return self._report(Tone.RINGBACK, 1)
        if _are_information_tones(self._recent):
            return self._report(Tone.SIT, 3)
        if _are_busy(self._recent[-2:]):
            span = self._report(Tone.BUSY, 2)
            self._recent, self._silent = (burst,), False  # its next burst is one more, and no beep
            return span
        return None

    def _as_it_rests(self, window: Window) -> ToneSpan | None:
        """What the silence after a burst says about it."""
        if not self._recent:
            return None
        last = self._recent[-1]
        if window.start > last.end + SLACK - EDGE and window.level_db > last.level_db - QUIET_DB:
            self._silent = False
        cut_off = last.start < self._begin + WINDOW  # it began before the stream did: its length is not known
        if not self._silent or cut_off or self._open is not None:
            return None
        rest = TELEPHONE.ms_for(window.end - last.end)
        if last.single(PROGRESS_HZ, RING_MS):
            return self._report(Tone.RINGBACK, 1) if rest >= NOT_BUSY_MS else None
        enough = NOT_BUSY_MS if last.single(PROGRESS_HZ, BUSY_ON_MS) else SILENCE_MS
        if rest >= enough and last.single(BEEP_HZ, BEEP_MS):
            return self._report(Tone.BEEP, 1)
        return None

    def _report(self, tone: Tone, bursts: int) -> ToneSpan:
        span = ToneSpan(tone, self._recent[-bursts].start, self._recent[-1].end)
        self._recent = ()
        return span


def _are_information_tones(bursts: tuple[_Burst, ...]) -> bool:
    if len(bursts) < len(SIT_HZ):
        return False
    rising = all(burst.single(hertz, SIT_MS) for burst, hertz in zip(bursts, SIT_HZ, strict=True))
    close = all(TELEPHONE.ms_for(b.start - a.end) <= SIT_GAP_MS for a, b in pairwise(bursts))
    return rising and close


def _are_busy(bursts: tuple[_Burst, ...]) -> bool:
    if len(bursts) < 2:
        return False
    first, second = bursts
    off = TELEPHONE.ms_for(second.start - first.end)
    sounds = all(b.sound is Sound.BUSY_PAIR or b.single(PROGRESS_HZ) for b in bursts)
    alike = first.sound is second.sound and abs(first.hertz - second.hertz) <= SAME_HZ
    timed = all(BUSY_ON_MS[0] <= b.ms <= BUSY_ON_MS[1] for b in bursts) and BUSY_OFF_MS[0] <= off <= BUSY_OFF_MS[1]
    return sounds and alike and timed
