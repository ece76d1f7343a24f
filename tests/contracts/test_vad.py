"""What every voice activity detector keeps to."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest

from speech.audio import AudioFormat, Encoding, FormatMismatch, Frame, Samples
from speech.vad.energy import EnergyDetector
from speech.vad.gated import GatedDetector
from speech.vad.port import VoiceActivityDetector, VoiceWindow
from speech.vad.silero import SileroDetector, SileroModel

pytestmark = pytest.mark.contract

Factory = Callable[[AudioFormat], VoiceActivityDetector]


@cache
def model() -> SileroModel:
    return SileroModel()


FACTORIES: dict[str, Factory] = {
    "energy": EnergyDetector,
    "silero": lambda format: SileroDetector(model(), format),
    "gated": lambda format: GatedDetector(model(), format),
}


@pytest.fixture(params=FACTORIES)
def factory(request: pytest.FixtureRequest) -> Factory:
    return FACTORIES[request.param]


@pytest.fixture(params=[8000, 16000])
def format(request: pytest.FixtureRequest) -> AudioFormat:
    return AudioFormat(request.param)


def babble(format: AudioFormat, seconds: float) -> Samples:
    """A buzz at a voice's pitch, shaped by a syllable rhythm: loud enough to open any gate."""
    t = np.arange(int(format.rate * seconds)) / format.rate
    harmonics = sum(np.sin(2 * np.pi * 130 * n * t) / n for n in range(1, 20))
    return (6000 * np.asarray(harmonics) * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t))).astype(np.int16)


def windows(
    detector: VoiceActivityDetector, samples: Samples, sizes: Sequence[int] = (160,), position: int = 0
) -> list[VoiceWindow]:
    found: list[VoiceWindow] = []
    at = 0
    for size in itertools.cycle(sizes):
        if at >= len(samples):
            return found
        found.extend(detector.accept(Frame.of(samples[at : at + size], detector.format.rate, position + at)))
        at += size
    return found


def test_it_takes_its_format_and_no_other(factory: Factory, format: AudioFormat) -> None:
    detector = factory(format)
    assert detector.format == format
    for other in (AudioFormat(format.rate * 3), AudioFormat(format.rate, Encoding.ULAW)):
        with pytest.raises(FormatMismatch, match=f"takes l16 at {format.rate} Hz"):
            detector.accept(Frame(other, bytes(320)))


def test_encoded_audio_is_refused_from_the_start(factory: Factory) -> None:
    with pytest.raises(FormatMismatch):
        factory(AudioFormat(8000, Encoding.ULAW))


def test_an_empty_frame_completes_nothing(factory: Factory, format: AudioFormat) -> None:
    assert factory(format).accept(Frame.of(np.zeros(0, dtype=np.int16), format.rate)) == []


def test_windows_of_a_long_stream_are_contiguous_and_probable(factory: Factory, format: AudioFormat) -> None:
    samples = np.concatenate([babble(format, 2), np.zeros(format.rate * 3, dtype=np.int16)] * 6)  # 30 s
    found = windows(factory(format), samples, position=12_345)
    assert found[0].start == 12_345
    for before, after in itertools.pairwise(found):
        assert after.start == before.end
    assert len(samples) + 12_345 - found[-1].end < format.samples_for_ms(32 + 32)
    assert all(0.0 <= window.probability <= 1.0 for window in found)
    assert {window.end - window.start for window in found} == {format.samples_for_ms(32)}


def test_frame_sizes_do_not_matter(factory: Factory, format: AudioFormat) -> None:
    samples = np.concatenate((np.zeros(1234, dtype=np.int16), babble(format, 1.5)))
    expected = windows(factory(format), samples)
    for sizes in ((1,), (7, 333), (len(samples),), (0, 512, 0, 5)):
        few = samples[:6000] if sizes == (1,) else samples
        assert windows(factory(format), few, sizes) == expected[: len(windows(factory(format), few))]


def test_a_window_is_ready_at_most_one_frame_after_it_ended(factory: Factory, format: AudioFormat) -> None:
    detector, samples, late = factory(format), babble(format, 1), []
    frame = format.samples_for_ms(20)
    for at in range(0, len(samples) - frame, frame):
        late += [
            at + frame - window.end for window in detector.accept(Frame.of(samples[at : at + frame], format.rate, at))
        ]
    assert max(late) < format.samples_for_ms(20 + 5)


def test_after_a_reset_positions_go_on_and_the_past_is_gone(factory: Factory, format: AudioFormat) -> None:
    first, second = babble(format, 1.01), babble(format, 1)
    detector = factory(format)
    before = windows(detector, first)
    detector.reset()
    after = windows(detector, second, position=len(first))
    assert after[0].start == before[-1].end
    unheard = np.zeros(len(first) - after[0].start, dtype=np.int16)
    fresh = windows(factory(format), np.concatenate((unheard, second)))
    assert [window.probability for window in after] == [window.probability for window in fresh]


def test_two_streams_do_not_disturb_each_other(factory: Factory, format: AudioFormat) -> None:
    loud, quiet = babble(format, 1), np.zeros(format.rate, dtype=np.int16)
    alone = windows(factory(format), loud)
    one, other = factory(format), factory(format)
    together = []
    for at in range(0, len(loud), 160):
        together += one.accept(Frame.of(loud[at : at + 160], format.rate, at))
        other.accept(Frame.of(quiet[at : at + 160], format.rate, at))
    assert together == alone


def test_a_frame_out_of_order_is_refused(factory: Factory, format: AudioFormat) -> None:
    detector = factory(format)
    detector.accept(Frame.of(np.zeros(160, dtype=np.int16), format.rate))
    with pytest.raises(ValueError, match="frame at 400 does not follow the last, which ended at 160"):
        detector.accept(Frame.of(np.zeros(160, dtype=np.int16), format.rate, position=400))
