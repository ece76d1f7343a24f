"""The wheel's model moved towards telephone speech: what is written, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speech.asr import telephone_means
from speech.asr.port import ModelMissing
from speech.asr.sphinx_model import AcousticModel
from speech.asr.telephone_means import SHIFTS, moved

pytestmark = pytest.mark.unit

CHECKSUM = 4


def numbers(folder: Path, size: int, checksum: int) -> np.ndarray:
    raw = (folder / "means").read_bytes()
    return np.frombuffer(raw[: len(raw) - checksum], "<f4", offset=len(raw) - checksum - 4 * size)


def test_each_gaussian_is_moved_by_the_shift_of_its_phone(tmp_path: Path) -> None:
    wheel = AcousticModel.of_the_wheel()
    shifts = np.load(SHIFTS)
    phones, streams, width = shifts.shape
    size = phones * streams * 128 * width
    before = numbers(wheel.folder, size, CHECKSUM).reshape(phones, streams, 128, width)
    after = numbers(moved(wheel, tmp_path).folder, size, 0).reshape(phones, streams, 128, width)
    assert np.allclose(after - before, shifts[:, :, None, :], atol=1e-4)
    assert np.abs(shifts).max() > 0.5


def test_another_model_than_the_shifts_were_made_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.save(tmp_path / "other.npy", np.zeros((3, 3, 13), np.float32))
    monkeypatch.setattr(telephone_means, "SHIFTS", tmp_path / "other.npy")
    (tmp_path / "model").mkdir()
    with pytest.raises(ModelMissing, match="does not fit"):
        moved(AcousticModel.of_the_wheel(), tmp_path / "model")
