"""People's recordings with what they said, as they would arrive over a telephone line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from speech import wav
from speech.audio import TELEPHONE, Encoding, Frame
from speech.codecs import decode, encode
from speech.engines import load_synthesiser
from speech.resampling import resample
from speech.tts.port import Voice

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "oh")
COMMANDS = ("yes", "no", "repeat", "help", "stop", "start", "go")

LEAD_MS = 300
"""Line noise before and after a recording: what the ears keep around an utterance."""

LINE_NOISE_RMS = 4.0
"""A quiet line, in 16-bit sample units (-78 dBFS)."""


GAP_MS = (80, 251)
"""Between the digits of a string: from the first to below the second."""

SYNTHETIC_VOICES = ("en-us", "en-us+f3", "en-us+m3", "en-us+f2")
SYNTHETIC_RATES = (0.8, 1.0, 1.2)


@dataclass(frozen=True, slots=True)
class Recording:
    path: Path
    text: str

    def over_the_telephone(self) -> Frame:
        """300 to 3400 Hz, 8 kHz, G.711 mu-law, with `LEAD_MS` of line noise on both sides."""
        return over_the_telephone(wav.read(self.path))


@dataclass(frozen=True, slots=True)
class Made:
    """Speech put together here: from people's single digits, or by a synthetic voice."""

    text: str
    frame: Frame

    def over_the_telephone(self) -> Frame:
        return over_the_telephone(self.frame)


def over_the_telephone(frame: Frame, longest_ms: float = 60_000) -> Frame:
    """The first `longest_ms` of a recording as a telephone line delivers it."""
    narrow = _band_limited(resample(frame, TELEPHONE.rate))
    around = np.zeros(TELEPHONE.samples_for_ms(LEAD_MS))
    whole = np.concatenate((around, narrow[: TELEPHONE.samples_for_ms(longest_ms)], around))
    whole = whole + np.random.default_rng(1).normal(0, LINE_NOISE_RMS, len(whole))
    line = Frame.of(np.clip(np.rint(whole), -32768, 32767).astype(np.int16), TELEPHONE.rate)
    return decode(encode(line, Encoding.ULAW))


def _band_limited(frame: Frame) -> np.ndarray:
    spectrum = np.fft.rfft(frame.samples().astype(float))
    hertz = np.fft.rfftfreq(len(frame), 1 / frame.format.rate)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    return np.fft.irfft(spectrum, len(frame))


def commands(folder: Path) -> list[Recording]:
    """One-word commands: yes, no, repeat, help, stop, start, go."""
    return [recording for recording in _an4(folder) if recording.text in COMMANDS]


def digit_strings(folder: Path) -> list[Recording]:
    """Digits said one by one in a row."""
    spoken = [
        Recording(recording.path, recording.text.removeprefix("enter "))
        for recording in _transcribed(folder)
        if recording.text not in COMMANDS
    ]
    return [recording for recording in spoken if set(recording.text.split()) <= set(DIGITS)]


def single_digits(folder: Path) -> list[Recording]:
    """One digit each, cut close."""
    return [Recording(path, DIGITS[int(path.name[0])]) for path in sorted((folder / "speech-en/fsdd").glob("*.wav"))]


def sentences(folder: Path) -> list[Recording]:
    """What people said in English that is no command: digits in a row, spelling, addresses, read prose."""
    return [recording for recording in _transcribed(folder) if recording.text not in COMMANDS]


def joined_digits(folder: Path, count: int, length: int = 4) -> list[Made]:
    """Strings of digits from people's single ones, one speaker each, `GAP_MS` apart; the same every time."""
    chance = np.random.default_rng(2)
    names = sorted({path.name.split("_")[1] for path in (folder / "speech-en/fsdd").glob("*.wav")})
    made = []
    for number in range(count):
        digits = chance.integers(0, 10, length)
        parts = []
        for digit in digits:
            takes = sorted((folder / "speech-en/fsdd").glob(f"{digit}_{names[number % len(names)]}_*.wav"))
            gap = np.zeros(TELEPHONE.samples_for_ms(int(chance.integers(*GAP_MS))), np.int16)
            said = resample(wav.read(takes[int(chance.integers(len(takes)))]), TELEPHONE.rate)
            parts += [said.samples(), gap]
        text = " ".join(DIGITS[digit] for digit in digits)
        made.append(Made(text, Frame.of(np.concatenate(parts[:-1]), TELEPHONE.rate)))
    return made


def synthetic_digits(count: int, length: int = 4) -> list[Made]:
    """The same from synthetic voices at three speeds."""
    chance = np.random.default_rng(2)
    synthesiser = load_synthesiser("espeak-ng")
    made = []
    for number in range(count):
        text = " ".join(DIGITS[digit] for digit in chance.integers(0, 10, length))
        rate = SYNTHETIC_RATES[number // len(SYNTHETIC_VOICES) % len(SYNTHETIC_RATES)]
        voice = Voice("en", SYNTHETIC_VOICES[number % len(SYNTHETIC_VOICES)], rate)
        pieces = list(synthesiser.synthesise(text, voice))
        made.append(Made(text, Frame(pieces[0].format, b"".join(piece.data for piece in pieces))))
    return made


def other_speech(folder: Path) -> list[Recording]:
    """What no grammar here covers: spelling, addresses, read prose, Mandarin."""
    covered = set(DIGITS) | set(COMMANDS) | {"enter"}
    english = [recording for recording in _transcribed(folder) if not set(recording.text.split()) <= covered]
    mandarin = [Recording(path, "") for path in sorted((folder / "speech-zh").rglob("*.wav"))]
    return [*english, *(recording for recording in mandarin if _readable(recording.path))]


def _an4(folder: Path) -> Iterator[Recording]:
    yield from _listed(folder / "speech-en/an4")


def _transcribed(folder: Path) -> Iterator[Recording]:
    yield from _an4(folder)
    yield from (r for r in _listed(folder / "speech-en/misc") if r.path.suffix == ".wav")


def _listed(folder: Path) -> Iterator[Recording]:
    for line in (folder / "transcripts.tsv").read_text(encoding="utf-8").splitlines():
        name, text = line.split("\t")
        yield Recording(folder / name, text)


def _readable(path: Path) -> bool:
    try:
        wav.inspect(path)
    except wav.WavError:
        return False
    return True
