"""G.711 both ways."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.audio import AudioFormat, Encoding, FormatMismatch, Frame
from speech.codecs import decode, encode

pytestmark = pytest.mark.unit

G711 = [Encoding.ULAW, Encoding.ALAW]


@pytest.mark.parametrize(
    ("encoding", "byte", "value"),
    [
        (Encoding.ULAW, 0xFF, 0),
        (Encoding.ULAW, 0x80, 32124),  # the loudest positive value of G.711 mu-law in 16 bits
        (Encoding.ULAW, 0x00, -32124),
        (Encoding.ALAW, 0xD5, 8),
        (Encoding.ALAW, 0xAA, 32256),
        (Encoding.ALAW, 0x2A, -32256),
    ],
)
def test_known_values(encoding: Encoding, byte: int, value: int) -> None:
    frame = decode(Frame(AudioFormat(8000, encoding), bytes([byte]), position=7))
    assert frame.samples().tolist() == [value]
    assert frame.position == 7


@pytest.mark.parametrize("encoding", G711)
@given(st.binary(max_size=300))
def test_decoding_loses_nothing(encoding: Encoding, data: bytes) -> None:
    once = decode(Frame(AudioFormat(8000, encoding), data))
    again = decode(encode(once, encoding))
    assert again.data == once.data  # 0x7F and 0xFF of mu-law are both zero, so bytes may differ, sound may not


@pytest.mark.parametrize("encoding", G711)
@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=200))
def test_encoding_is_close(encoding: Encoding, values: list[int]) -> None:
    samples = np.array(values, dtype=np.int16)
    got = decode(encode(Frame.of(samples, 8000), encoding)).samples().astype(int)
    allowed = np.maximum(16, np.abs(samples.astype(int)) // 16)  # half a step of the segment, and the clip at the top
    assert np.all(np.abs(got - samples) <= allowed)


def test_l16_passes_through() -> None:
    frame = Frame.of(np.array([1, -2], dtype=np.int16), 8000)
    assert decode(frame) is frame
    assert encode(frame, Encoding.L16) is frame


def test_encoding_twice_is_a_mismatch() -> None:
    with pytest.raises(FormatMismatch, match=r"codecs\.encode takes l16"):
        encode(Frame(AudioFormat(8000, Encoding.ULAW), b"\x00"), Encoding.ALAW)
