"""G.711: telephone samples in one byte, mu-law (North America, Japan) and A-law (elsewhere).

Both keep the rate and the position of a frame; only the encoding changes. Decoding is exact, encoding
rounds to the nearest of 256 levels (about 38 dB of signal to noise over a wide range of levels).
"""

from __future__ import annotations

import warnings

from speech.audio import AudioFormat, Encoding, Frame

with warnings.catch_warnings():
    # Deprecated in the standard library of 3.11 and 3.12; from 3.13 the package audioop-lts provides it.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop


def decode(frame: Frame) -> Frame:
    """The frame as L16; a frame that is L16 already comes back as it is."""
    match frame.format.encoding:
        case Encoding.L16:
            return frame
        case Encoding.ULAW:
            data = audioop.ulaw2lin(frame.data, 2)
        case Encoding.ALAW:
            data = audioop.alaw2lin(frame.data, 2)
    return Frame(AudioFormat(frame.format.rate), data, frame.position)


def encode(frame: Frame, encoding: Encoding) -> Frame:
    """The L16 frame in `encoding`. Raises `FormatMismatch` for a frame that is encoded already."""
    AudioFormat(frame.format.rate).require(frame.format, "codecs.encode")
    match encoding:
        case Encoding.L16:
            return frame
        case Encoding.ULAW:
            data = audioop.lin2ulaw(frame.data, 2)
        case Encoding.ALAW:
            data = audioop.lin2alaw(frame.data, 2)
    return Frame(AudioFormat(frame.format.rate, encoding), data, frame.position)
