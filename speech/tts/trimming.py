"""Cutting the silence an engine puts before and after what it says.

What comes before the first sound is response time that the customer waits; how much comes after the last is decided
where prompts are made (`speech.tts.prompt_cache`), and is `BREATH_MS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from speech.audio import AudioFormat, Frame, Samples

LEAD_MS = 10
"""Kept before the first sound, so that it does not begin with a click."""
TAIL_MS = 60
"""Of quiet after the last sound, made up where the engine leaves less: it dies away and is not cut off."""
BREATH_MS = 200
"""Of quiet at the end of every prompt: without it, what is played next is one sentence with it to the ear."""
SILENT_BELOW = 64
"""Samples of a smaller magnitude are silence: -54 dBFS, under the softest consonant of any engine here."""


def trim(frames: Iterable[Frame]) -> Iterator[Frame]:
    """The L16 frames with little silence before and after, positions counted anew from 0.

    Silence within the speech is kept; it is passed on as soon as sound follows it.
    """
    position = 0
    held: list[Samples] = []  # silence that may be the end, and before the first sound the lead
    begun = False
    format: AudioFormat | None = None
    for frame in frames:
        format = frame.format
        samples = frame.samples()
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) >= SILENT_BELOW)
        if not len(loud):
            held.append(samples)
            continue
        before = np.concatenate((*held, samples[: loud[0]]))
        if not begun:
            before = before[max(0, len(before) - format.samples_for_ms(LEAD_MS)) :]
        sound = np.concatenate((before, samples[loud[0] : loud[-1] + 1]))
        yield Frame.of(sound, format.rate, position)
        position += len(sound)
        begun = True
        held = [samples[loud[-1] + 1 :]]
    if begun and format is not None:
        tail = np.zeros(format.samples_for_ms(TAIL_MS), dtype=np.int16)
        rest = np.concatenate(held)[: len(tail)]
        tail[: len(rest)] = rest
        yield Frame.of(tail, format.rate, position)
