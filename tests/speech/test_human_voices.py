"""People on the telephone: their voices are found where they are, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speech.audio import TELEPHONE, AudioFormat, Frame, Samples
from speech.endpointing import EndpointSettings, EndpointState, VoiceEvent, VoiceStarted, VoiceStopped, step
from speech.resampling import resample
from speech.vad.gated import GatedDetector
from speech.vad.silero import SileroModel
from tests.needs import HUMAN_SPEECH
from tests.speech.telephone_line import over_the_telephone, white_noise

pytestmark = pytest.mark.integration

COMMANDS = sorted((HUMAN_SPEECH / "speech-en" / "an4").glob("*.wav"))
ALL_DIGITS = sorted((HUMAN_SPEECH / "speech-en" / "fsdd").glob("*.wav"))
DIGITS = ALL_DIGITS[::4]
LEAD_MS, TAIL_MS = 500, 800


@pytest.fixture(scope="module")
def model() -> SileroModel:
    return SileroModel()


def events(model: SileroModel, sound: Frame) -> list[VoiceEvent]:
    settings = EndpointSettings(format=sound.format)
    detector, state = GatedDetector(model, sound.format), EndpointState()
    found: list[VoiceEvent] = []
    for window in detector.accept(sound):
        state, new = step(state, window, settings)
        found.extend(new)
    return found


def loud_part(sound: Frame) -> tuple[int, int]:
    """From the first to the last 10 ms that are within 25 dB of the loudest."""
    size = sound.format.samples_for_ms(10)
    samples = sound.samples().astype(float)
    energy = (samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(axis=1)
    loud = np.flatnonzero(energy > energy.max() / 316)
    return int(loud[0]) * size, (int(loud[-1]) + 1) * size


def assert_found(found: list[VoiceEvent], sound: Frame) -> None:
    assert found, "no voice found"
    assert isinstance(found[-1], VoiceStopped)
    begin, end = loud_part(sound)
    assert found[0].position < end
    assert found[-1].position > begin
    assert found[0].position > sound.format.samples_for_ms(LEAD_MS - 150)  # not in the silence before


@pytest.mark.requires("human-speech")
@pytest.mark.parametrize("path", [*COMMANDS, *DIGITS], ids=lambda path: path.stem)
def test_a_voice_is_found(model: SileroModel, path: Path) -> None:
    sound = over_the_telephone(path, LEAD_MS, TAIL_MS)
    assert_found(events(model, sound), sound)


@pytest.mark.requires("human-speech")
def test_a_short_digit_is_heard_wherever_the_windows_fall(model: SileroModel) -> None:
    """None of these 240 was missed when this was written, and 7 where nothing was heard again."""
    missed = [
        (path.name, late)
        for path in ALL_DIGITS
        for late in (0, 8, 16, 24)
        if not events(model, over_the_telephone(path, LEAD_MS + late, TAIL_MS))
    ]
    assert len(ALL_DIGITS) == 60
    assert len(missed) <= 2, missed


@pytest.mark.requires("human-speech")
@pytest.mark.parametrize("path", COMMANDS[::5], ids=lambda path: path.stem)
def test_a_voice_is_found_over_line_noise(model: SileroModel, path: Path) -> None:
    assert_found(
        events(model, over_the_telephone(path, LEAD_MS, TAIL_MS, noise_db=-50)), over_the_telephone(path, LEAD_MS)
    )


@pytest.mark.requires("human-speech")
@pytest.mark.parametrize("path", COMMANDS[::5], ids=lambda path: path.stem)
def test_a_telephone_voice_carried_at_16_khz_is_found(model: SileroModel, path: Path) -> None:
    sound = resample(over_the_telephone(path, LEAD_MS, TAIL_MS), 16000)
    assert_found(events(model, sound), sound)


@pytest.mark.requires("human-speech")
def test_most_commands_are_one_voice_and_their_bounds_are_close(model: SileroModel) -> None:
    onset, end, pieces = [], [], []
    for path in COMMANDS:
        sound = over_the_telephone(path, LEAD_MS, TAIL_MS)
        found = events(model, sound)
        begin, stop = loud_part(sound)
        onset.append(TELEPHONE.ms_for(abs(found[0].position - begin)))
        end.append(TELEPHONE.ms_for(abs(found[-1].position - stop)))
        pieces.append(sum(isinstance(event, VoiceStarted) for event in found))
    assert np.median(onset) <= 80
    assert np.median(end) <= 80
    assert np.mean(np.array(pieces) == 1) >= 0.75  # the others pause between letters or digits


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize(
    "samples",
    [np.zeros(160_000, dtype=np.int16), white_noise(160_000, -50), white_noise(160_000, -30)],
    ids=["silence", "noise at -50 dBFS", "noise at -30 dBFS"],
)
def test_no_voice_where_there_is_none(model: SileroModel, samples: Samples, rate: int) -> None:
    assert events(model, Frame(AudioFormat(rate), samples.tobytes())) == []
