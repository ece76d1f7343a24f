"""The wheel's acoustic model moved towards telephone speech.

What a line takes away (below 300 and above 3400 Hz) moves each phone's features, and each in its own direction;
a common mean of the cepstra cannot undo that. The shifts are one vector for each phone and feature stream, added
to all the phone's Gaussians. `python -m benchmarks.adaptation` estimates them.
"""

from __future__ import annotations

import dataclasses
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from speech.asr.port import ModelMissing
from speech.asr.sphinx_model import AcousticModel

SHIFTS = Path(__file__).parent / "lexicon" / "telephone_means.npy"
"""float32, (phones, streams, 13): the wheel's 42 phones; cepstra, their deltas, and the deltas of those."""

_END_OF_HEADER = b"endhdr\n"
_CHECKSUM_BYTES = 4


def moved(model: AcousticModel, folder: Path) -> AcousticModel:
    """The same model with its means moved, in `folder`, which must outlive it. Raises `ModelMissing` if the
    shifts belong to a model of another shape."""
    for part in model.folder.iterdir():
        if part.name != "means":
            (folder / part.name).symlink_to(part.resolve())
    (folder / "means").write_bytes(_moved_means((model.folder / "means").read_bytes(), np.load(SHIFTS)))
    return dataclasses.replace(model, folder=folder)


def parameters(raw: bytes) -> npt.NDArray[np.float32]:
    """The numbers of a means or variances file of PocketSphinx: (phones, streams, Gaussians, 13)."""
    shape, at = _layout(raw)
    return np.frombuffer(raw[at:-_CHECKSUM_BYTES], "<f4").reshape(*shape, -1)


def _moved_means(raw: bytes, shifts: npt.NDArray[np.float32]) -> bytes:
    means = parameters(raw)
    if shifts.shape != (*means.shape[:2], means.shape[3]):
        raise ModelMissing(f"{SHIFTS.name} does not fit this version of the pocketsphinx package's model")
    # Without the word in the header no checksum is looked for at the end.
    head = raw[: _layout(raw)[1]].replace(b"chksum0", b"without")
    return head + bytes((means + shifts[:, :, None, :]).astype("<f4").data)


def _layout(raw: bytes) -> tuple[tuple[int, int, int], int]:
    """Phones, streams and Gaussians, and where the numbers begin. Before them: a text header, the byte order, the
    shape, the width of each stream, how many numbers; after them a checksum."""
    shape_at = raw.index(_END_OF_HEADER) + len(_END_OF_HEADER) + 4
    phones, streams, gaussians = struct.unpack_from("<3i", raw, shape_at)
    return (phones, streams, gaussians), shape_at + 4 * (3 + streams + 1)
