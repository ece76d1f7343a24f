"""The tones of a telephone line are found, through G.711 and quiet ones too, and a voice is never one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.audio import TELEPHONE, AudioFormat, Encoding, FormatMismatch, Frame, Samples
from speech.codecs import decode, encode
from speech.engines import load_synthesiser
from speech.telephone_line import over_the_telephone
from speech.tones import Tone, ToneDetector, ToneSpan
from speech.tts.port import Voice
from tests.needs import HUMAN_SPEECH
from tests.speech.telephone_line import mixed, white_noise
from tests.speech.telephone_line import over_the_telephone as recorded

pytestmark = pytest.mark.unit

Part = tuple[Sequence[float], float]
"""Frequencies sounding together (none: silence), and for how many milliseconds."""

LEAD_MS = 113.0
FRAME = TELEPHONE.samples_for_ms(20)

CALLING_FAX: list[Part] = [((1100,), 500), ((), 3000)]
ANSWERING_FAX: list[Part] = [((2100,), 2600)]
BUSY = {
    "United States": [((480, 620), 500), ((), 500)] * 3,
    "United States, congestion": [((480, 620), 250), ((), 250)] * 3,
    "Europe": [((425,), 350), ((), 350)] * 3,
    "Europe, slower": [((425,), 500), ((), 500)] * 3,
    "China": [((450,), 350), ((), 350)] * 3,
    "China, congestion": [((450,), 700), ((), 700)] * 3,
}
RINGBACK = {
    "United States": [((440, 480), 2000), ((), 4000)],
    "Europe": [((425,), 1000), ((), 4000)],
    "China": [((450,), 1000), ((), 4000)],
}
INFORMATION = {
    "plain": [((950,), 330), ((1400,), 330), ((1800,), 330)],
    "with gaps": [((950,), 330), ((), 30), ((1400,), 330), ((), 30), ((1800,), 330)],
    "United States, vacant": [((985.2,), 380), ((1370.6,), 274), ((1776.7,), 380)],
    "United States, no circuit": [((913.8,), 274), ((1428.5,), 380), ((1776.7,), 380)],
}
TONES: dict[str, tuple[Tone, list[Part]]] = {
    "calling fax": (Tone.FAX, CALLING_FAX),
    "answering fax": (Tone.FAX, ANSWERING_FAX),
    **{f"busy, {where}": (Tone.BUSY, parts) for where, parts in BUSY.items()},
    **{f"ringing, {where}": (Tone.RINGBACK, parts) for where, parts in RINGBACK.items()},
    **{f"information, {which}": (Tone.SIT, parts) for which, parts in INFORMATION.items()},
    **{f"beep of {hz} Hz": (Tone.BEEP, [((hz,), 400)]) for hz in (400, 425, 440, 640, 853, 1000, 1400, 1633, 2000)},
    "short beep": (Tone.BEEP, [((1000,), 150)]),
    "long beep": (Tone.BEEP, [((1000,), 3000)]),
}


def sound(parts: Sequence[Part], db: float = -12, lead_ms: float = LEAD_MS) -> Samples:
    """The parts one after the other, each at this RMS level in dBFS; silence before, and 1.5 s of it after."""
    return np.concatenate([_part(hz, ms, db) for hz, ms in [((), lead_ms), *parts, ((), 1500.0)]])


def _part(hertz: Sequence[float], ms: float, db: float) -> Samples:
    seconds = np.arange(TELEPHONE.samples_for_ms(ms)) / TELEPHONE.rate
    waves = [np.sin(2 * np.pi * f * seconds + f) for f in hertz]
    level = 32768 * 10 ** (db / 20) * np.sqrt(2 / max(1, len(waves)))
    return np.rint(level * sum(waves, np.zeros(len(seconds)))).clip(-32768, 32767).astype(np.int16)


def found(samples: Samples, law: Encoding = Encoding.ULAW) -> list[ToneSpan]:
    """What the detector reports for the sound in frames of 20 ms, each over G.711."""
    detector, spans = ToneDetector(), []
    heard = decode(encode(Frame.of(samples, TELEPHONE.rate), law)).samples()
    for start in range(0, len(heard), FRAME):
        spans += detector.accept(Frame.of(heard[start : start + FRAME], TELEPHONE.rate, start))
    return spans


@pytest.mark.parametrize("law", [Encoding.ULAW, Encoding.ALAW])
@pytest.mark.parametrize("db", [-6, -30])
@pytest.mark.parametrize("name", TONES)
def test_a_tone_is_found_through_g711(name: str, db: float, law: Encoding) -> None:
    tone, parts = TONES[name]
    assert {span.tone for span in found(sound(parts, db), law)} == {tone}


@pytest.mark.parametrize("name", TONES)
def test_a_tone_is_found_over_line_noise(name: str) -> None:
    tone, parts = TONES[name]
    samples = sound(parts, -30)
    assert {span.tone for span in found(mixed(samples, white_noise(len(samples), -50)))} == {tone}


@settings(max_examples=25, deadline=None)
@given(name=st.sampled_from(sorted(TONES)), lead_ms=st.floats(60, 200), size=st.integers(80, 2000))
def test_where_windows_and_frames_fall_does_not_matter(name: str, lead_ms: float, size: int) -> None:
    tone, parts = TONES[name]
    samples = sound(parts, lead_ms=lead_ms)
    detector, spans = ToneDetector(), []
    for start in range(0, len(samples), size):
        spans += detector.accept(Frame.of(samples[start : start + size], TELEPHONE.rate, start))
    assert {span.tone for span in spans} == {tone}


@pytest.mark.parametrize(
    ("name", "first_ms", "last_ms"),
    [("calling fax", 0, 500), ("ringing, Europe", 0, 1000), ("short beep", 0, 150), ("information, plain", 0, 990)],
)
def test_a_span_says_where_the_tone_stood(name: str, first_ms: float, last_ms: float) -> None:
    (span, *_) = found(sound(TONES[name][1]))
    assert abs(TELEPHONE.ms_for(span.start) - LEAD_MS - first_ms) <= 25
    assert abs(TELEPHONE.ms_for(span.end) - LEAD_MS - last_ms) <= 25


def test_positions_are_those_of_the_stream() -> None:
    samples = sound([((1000,), 400)])
    (span,) = ToneDetector().accept(Frame.of(samples, TELEPHONE.rate, 80_000))
    assert abs(span.start - 80_000 - TELEPHONE.samples_for_ms(LEAD_MS)) <= TELEPHONE.samples_for_ms(25)


def test_every_ring_is_reported() -> None:
    assert [span.tone for span in found(sound(RINGBACK["China"] * 3))] == [Tone.RINGBACK] * 3


@pytest.mark.parametrize(
    "parts",
    [
        [((697, 1209), 200), ((), 200), ((941, 1336), 200)],
        [((1000,), 80)],
        [((1000,), 3400)],
        [((2400,), 500)],
        [((350,), 500)],
        [((1000,), 400), ((300, 700, 1500), 600)],
    ],
    ids=["keys", "too short", "too long", "too high", "too low", "no silence after it"],
)
def test_another_sound_is_no_tone(parts: list[Part]) -> None:
    assert found(sound(parts)) == []


def test_a_tone_that_began_before_the_stream_is_not_taken_for_a_beep() -> None:
    assert found(sound([((450,), 600), ((), 4000), ((450,), 1000)], lead_ms=0))[0].tone is Tone.RINGBACK


def test_a_glide_is_no_tone() -> None:
    seconds = np.arange(TELEPHONE.samples_for_ms(600)) / TELEPHONE.rate
    glide = 8000 * np.sin(2 * np.pi * (600 * seconds + 200 * seconds**2))  # 240 Hz in 0.6 s, as in a question
    assert found(np.concatenate((sound([]), glide.astype(np.int16), sound([])))) == []


@pytest.mark.parametrize("db", [-60, -30, -12])
def test_noise_is_no_tone(db: float) -> None:
    assert found(white_noise(160_000, db)) == []


def test_half_a_tone_before_lost_sound_is_forgotten() -> None:
    samples = sound([((1000,), 400)])
    half = TELEPHONE.samples_for_ms(LEAD_MS + 200)
    detector = ToneDetector()
    assert detector.accept(Frame.of(samples[:half], TELEPHONE.rate)) == ()
    assert detector.accept(Frame.of(samples[half:], TELEPHONE.rate, half + 80_000)) == ()
    again = sound([((1000,), 400)])
    assert len(detector.accept(Frame.of(again, TELEPHONE.rate, len(samples) + 80_000))) == 1


def test_another_rate_is_refused() -> None:
    with pytest.raises(FormatMismatch, match="the tone detector"):
        ToneDetector().accept(Frame(AudioFormat(16000), bytes(640)))


PEOPLE = sorted(
    path
    for folder in ("speech-en/an4", "speech-en/fsdd", "speech-en/misc", "speech-zh/pinyin", "speech-zh/utt")
    for path in (HUMAN_SPEECH / folder).glob("*.wav")
    if path.name != "cosyvoice_zero_shot_prompt.wav"  # 24-bit
)


@pytest.mark.requires("human-speech")
def test_the_voice_of_a_person_is_no_tone() -> None:
    assert len(PEOPLE) > 100
    heard = {path: found(recorded(path, 200, 1000).samples()) for path in PEOPLE}
    assert {path.name: spans for path, spans in heard.items() if spans} == {}


@pytest.mark.parametrize(
    ("language", "voice", "text"),
    [
        (
            "en",
            "en-us",
            "Hello. This is an automated call from the bank. The call is recorded. Am I speaking with Mr Moon?",
        ),
        ("en", "en-us", "Oh, who is it? You do not know him, do you? No, I am in Rome, on the moon, all alone."),
        ("zh", "cmn", "您好，这里是银行的自动语音电话。请问您是陈先生吗？请说出您的银行卡后四位数字。"),
    ],
)
def test_a_synthetic_voice_is_no_tone(language: str, voice: str, text: str) -> None:
    pieces = list(load_synthesiser("espeak-ng").synthesise(text, Voice(language, voice)))
    spoken = over_the_telephone(Frame(pieces[0].format, b"".join(piece.data for piece in pieces))).samples()
    assert found(np.concatenate((sound([]), spoken, sound([])))) == []


def test_a_beep_right_after_a_voice_is_found() -> None:
    pieces = list(load_synthesiser("espeak-ng").synthesise("Please leave a message", Voice("en", "en-us")))
    spoken = over_the_telephone(Frame(pieces[0].format, b"".join(piece.data for piece in pieces))).samples()
    (span,) = found(np.concatenate((spoken, sound([((1000,), 500)]))))
    assert span.tone is Tone.BEEP
