"""Telling our own voice from another by its wave."""

from __future__ import annotations

import numpy as np
import pytest

from speech.audio import TELEPHONE, Encoding, Frame, Samples
from speech.codecs import decode, encode
from speech.echo import LATEST_MS, LONGEST_MS, WINDOW_MS, coupling, likeness, may_be_echo
from speech.resampling import resample
from speech.tts.espeak import EspeakSynthesiser
from speech.tts.port import Voice

pytestmark = pytest.mark.integration

PROMPT = "From one to five, how satisfied were you with our service? Five is the best."
BEFORE = TELEPHONE.samples_for_ms(LATEST_MS)
SECOND = TELEPHONE.samples_for_ms(1000)
BUZZ = (300 * np.sin(np.arange(160))).astype(np.int16)


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
    return np.concatenate((np.zeros(BEFORE - late, np.int16), played))[: BEFORE + SECOND]


@pytest.mark.parametrize("delay_ms", [0, 140, 500, 880])
@pytest.mark.parametrize("level_db", [0, -20, -28])
def test_a_soft_late_copy_is_alike(delay_ms: float, level_db: float) -> None:
    played = said(PROMPT)
    played = (played / 2).astype(np.int16)
    assert likeness(echo_of(played, delay_ms, level_db), heard_with(played, delay_ms)) > 0.9


@pytest.mark.parametrize("answer", ["Five.", "Yes.", "Can I talk to a human please?", "how satisfied were you"])
def test_the_same_voice_saying_something_is_not(answer: str) -> None:
    """Not even words of the prompt: the wave is another."""
    played = heard_with(said(PROMPT), 300)
    assert likeness(over_the_line(said(answer))[:SECOND], played) < 0.35


@pytest.mark.parametrize("softer_db", [0, 6])
@pytest.mark.parametrize("begins_ms", [0, 300, 600])
def test_who_speaks_before_after_or_over_an_echo_is_heard(begins_ms: int, softer_db: int) -> None:
    """Into a loud echo, and more softly than it."""
    played = (said(PROMPT) / 2).astype(np.int16)
    answer = said("Can I talk to a human please?") * 10 ** (-softer_db / 20)
    echo = played[:SECOND] / 3
    echo[TELEPHONE.samples_for_ms(600) :] = 0  # the prompt was stopped
    speaking = np.zeros(SECOND)
    begins = TELEPHONE.samples_for_ms(begins_ms)
    speaking[begins:] = answer[: SECOND - begins] / 3
    assert likeness(over_the_line(echo + speaking), heard_with(played, 200)) < 0.35


@pytest.mark.parametrize("ms", [0, WINDOW_MS - 1, 1000, LONGEST_MS + 1])
def test_too_little_too_much_and_silence_are_like_nothing(ms: int) -> None:
    played = np.tile(said(PROMPT), 3)
    heard = TELEPHONE.samples_for_ms(ms)
    assert likeness(np.zeros(heard, np.int16), played[: BEFORE + heard]) == 0.0
    assert likeness(over_the_line(np.zeros(heard)), played[: BEFORE + heard]) < 0.1


@pytest.mark.parametrize("delay_ms", [0, 140, 500, 870])
@pytest.mark.parametrize("level_db", [-6, -20, -28])
def test_one_copy_tells_how_loud_the_next_may_be(delay_ms: float, level_db: float) -> None:
    played = (said(PROMPT) / 2).astype(np.int16)
    share = coupling(echo_of(played, delay_ms, level_db), heard_with(played, delay_ms))
    assert share == pytest.approx(10 ** (level_db / 20), rel=0.5)
    other = (said("Thank you. A colleague of ours will take over now.") / 2).astype(np.int16)
    echo, before = echo_of(other, delay_ms, level_db), heard_with(other, delay_ms)
    pieces = [(echo[at:][:160], before[at:][: BEFORE + 160]) for at in range(0, SECOND, 160)]
    loud = (9000 * np.sin(np.arange(160))).astype(np.int16)
    audible = [(piece, near) for piece, near in pieces if np.std(piece) > 20]
    assert len(audible) > 5
    assert all(may_be_echo(piece, near, share) for piece, near in audible)
    assert not any(may_be_echo(loud, near, share) for _, near in audible if level_db < -6)


@pytest.mark.parametrize("hertz", [50, 80, 120])
def test_a_hum_beside_an_echo_does_not_make_it_louder(hertz: int) -> None:
    played = (said(PROMPT) / 2).astype(np.int16)
    hum = 3000 * np.sin(2 * np.pi * hertz * np.arange(SECOND) / TELEPHONE.rate)
    share = coupling(over_the_line(played[:SECOND] / 10 + hum), heard_with(played, 140))
    assert share < 0.25


def test_where_nothing_was_played_only_silence_may_be_an_echo() -> None:
    nothing = np.zeros(BEFORE + 160, np.int16)
    assert coupling(BUZZ, nothing) == 0.0
    assert not may_be_echo(BUZZ, nothing, 0.1)
    assert may_be_echo(np.zeros(160, np.int16), nothing, 0.1)
