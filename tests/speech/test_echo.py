"""Telling our own voice from another by its wave."""

from __future__ import annotations

import numpy as np
import pytest

from speech.audio import TELEPHONE, Encoding, Frame, Samples
from speech.codecs import decode, encode
from speech.echo import LATEST_MS, SHORTEST_MS, likeness
from speech.resampling import resample
from speech.tts.espeak import EspeakSynthesiser
from speech.tts.port import Voice

pytestmark = pytest.mark.integration

PROMPT = "From one to five, how satisfied were you with our service? Five is the best."
BEFORE = TELEPHONE.samples_for_ms(LATEST_MS)
SECOND = TELEPHONE.samples_for_ms(1000)


def said(text: str) -> Samples:
    pieces = list(EspeakSynthesiser().synthesise(text, Voice("en", "en-us")))
    return resample(Frame(pieces[0].format, b"".join(piece.data for piece in pieces)), TELEPHONE.rate).samples()


def over_the_line(sound: np.ndarray) -> Samples:
    """With a quiet line's noise, through G.711."""
    noisy = sound + np.random.default_rng(1).normal(0, 4, len(sound))
    return decode(encode(Frame.of(np.rint(noisy).astype(np.int16), TELEPHONE.rate), Encoding.ULAW)).samples()


def echo_of(played: Samples, delay_ms: float, level_db: float) -> Samples:
    """What comes back in the second that begins `delay_ms` after the first sample."""
    late = TELEPHONE.samples_for_ms(delay_ms)
    assert late < BEFORE
    return over_the_line(played[:SECOND] * 10 ** (level_db / 20))


def heard_with(played: Samples, delay_ms: float) -> Samples:
    """What was played from `LATEST_MS` before that second to its end."""
    late = TELEPHONE.samples_for_ms(delay_ms)
    return np.concatenate((np.zeros(BEFORE - late, np.int16), played, played[:0]))[: BEFORE + SECOND]


@pytest.mark.parametrize("delay_ms", [0, 140, 500, 880])
@pytest.mark.parametrize("level_db", [0, -20, -35])
def test_a_soft_late_copy_is_alike(delay_ms: float, level_db: float) -> None:
    played = said(PROMPT)
    played = (played / 2).astype(np.int16)
    assert likeness(echo_of(played, delay_ms, level_db), heard_with(played, delay_ms)) > 0.9


@pytest.mark.parametrize("answer", ["Five.", "Yes.", "Can I talk to a human please?", "how satisfied were you"])
def test_the_same_voice_saying_something_is_not(answer: str) -> None:
    """Not even words of the prompt: the wave is another."""
    played = heard_with(said(PROMPT), 300)
    assert likeness(over_the_line(said(answer))[:SECOND], played) < 0.5


def test_who_speaks_over_an_echo_is_heard() -> None:
    played = (said(PROMPT) / 2).astype(np.int16)
    speaking = said("Can I talk to a human please?")[:SECOND]
    both = over_the_line(played[:SECOND] * 0.05 + speaking[:SECOND] / 2)
    assert likeness(both, heard_with(played, 200)) < 0.5


@pytest.mark.parametrize("heard", [0, TELEPHONE.samples_for_ms(SHORTEST_MS) - 1, SECOND])
def test_too_little_and_silence_are_like_nothing(heard: int) -> None:
    played = heard_with(said(PROMPT), 200)
    assert likeness(np.zeros(heard, np.int16), played) == 0.0
    assert likeness(over_the_line(np.zeros(heard)), np.zeros(len(played), np.int16)) < 0.1
