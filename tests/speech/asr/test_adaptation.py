"""How a line's shifts are estimated, on features made here: no recording takes part."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.adaptation import PRIOR_FRAMES, Aligned, Phone, centred, cepstra, phone_names, shifts, streams
from speech.asr.sphinx_model import PRIOR_FRAMES as LINE_FRAMES
from speech.asr.sphinx_model import AcousticModel

pytestmark = pytest.mark.unit

PHONES, STREAMS, GAUSSIANS, WIDTH = 3, 2, 4, 13
SHIFT = 1.5


def model() -> tuple[np.ndarray, np.ndarray]:
    """Means far apart, so that a frame belongs to one Gaussian even when it is moved; variances of one."""
    apart = 20.0 * np.random.default_rng(1).normal(size=(PHONES, STREAMS, GAUSSIANS, WIDTH))
    return apart, np.ones_like(apart)


def heard(frames: int) -> Aligned:
    """Phone 1 alone: its Gaussians in turn, all moved by `SHIFT` in the second stream."""
    means, _ = model()
    features = np.stack([means[1, :, frame % GAUSSIANS] for frame in range(frames)])
    features[:, 1] += SHIFT
    return Aligned(features, (Phone(1, 0, frames),))


def test_many_frames_move_a_phone_as_far_as_they_lie_and_a_second_round_goes_further() -> None:
    frames = 20 * PRIOR_FRAMES
    found = shifts([heard(frames)], *model())
    left_over = PRIOR_FRAMES / (frames + PRIOR_FRAMES)
    assert np.allclose(found[1, 1], SHIFT * (1 - left_over**2))


def test_few_frames_move_it_little() -> None:
    found = shifts([heard(PRIOR_FRAMES // 10)], *model())
    assert (found[1, 1] > 0).all()
    assert (found[1, 1] < SHIFT / 5).all()


def test_other_streams_and_phones_stay_where_they_are() -> None:
    found = shifts([heard(200)], *model())
    assert np.allclose(found[1, 0], 0)
    assert not found[[0, 2]].any()


def test_what_varies_more_counts_for_as_much_as_its_prior() -> None:
    """The prior is in frames, so that the unit of a feature makes no difference."""
    means, variances = model()
    utterance = heard(200)
    ten_fold = Aligned(10 * utterance.features, utterance.phones)
    assert np.allclose(shifts([ten_fold], 10 * means, 100 * variances), 10 * shifts([utterance], means, variances))


def test_deltas_are_those_of_a_slope() -> None:
    slope = np.arange(20.0)[:, None] * np.ones(WIDTH)
    middle = streams(slope)[4:-4]
    assert np.allclose(middle[:, 1], 4)
    assert np.allclose(middle[:, 2], 0)


def test_a_long_utterance_is_centred_on_itself_and_a_short_one_on_the_usual() -> None:
    usual = np.zeros(WIDTH)
    assert np.allclose(centred(np.full((100 * LINE_FRAMES, WIDTH), 7.0), usual), 0, atol=0.1)
    assert np.allclose(centred(np.full((1, WIDTH), 7.0), usual), 7, atol=0.1)


def test_the_front_end_is_pocketsphinx_s() -> None:
    """The mean of its cepstra, as a decoder tells it."""
    model = AcousticModel.of_the_wheel()
    samples = np.random.default_rng(1).normal(0, 500, 3 * model.rate).astype("<i2")
    decoder = model.line_decoder()
    decoder.set_cmn(model.cepstral_mean)
    decoder.start_utt()
    decoder.process_raw(samples.tobytes())
    decoder.end_utt()
    frames, prior = decoder.n_frames(), np.array([float(value) for value in model.cepstral_mean.split(",")])
    running = np.array([float(value) for value in decoder.get_cmn(True).split(",")])
    expected = (500 * prior + cepstra(samples)[:frames].sum(axis=0)) / (500 + frames)
    assert np.allclose(running, expected, atol=0.3)


def test_the_phones_are_named_in_the_order_of_the_means() -> None:
    names = phone_names(AcousticModel.of_the_wheel())
    assert len(names) == 42
    assert (names[0], names[2], names[-1]) == ("+NSN+", "AA", "ZH")
