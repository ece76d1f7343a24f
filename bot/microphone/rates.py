"""A sound device at a rate of its own, and a telephone's 8 kHz on our side of it."""

from __future__ import annotations

from bot.microphone.port import Heard, Wanted
from speech.audio import TELEPHONE, AudioFormat, Frame
from speech.resampling import Resampler

BLOCK = TELEPHONE.samples_for_ms(20)


def heard_at(rate: int, heard: Heard) -> Heard:
    """Takes samples at `rate`; `heard` gets them at 8 kHz, up to 33 ms later."""
    if rate == TELEPHONE.rate:
        return heard
    own = AudioFormat(rate)
    resampler = Resampler(own, TELEPHONE.rate)
    position = 0

    def take(data: bytes) -> None:
        nonlocal position
        frame = Frame(own, data, position)
        position = frame.end
        heard(resampler.accept(frame).data)

    return take


def wanted_at(rate: int, wanted: Wanted) -> Wanted:
    """Gives so many samples at `rate`, made of what `wanted` gives at 8 kHz."""
    if rate == TELEPHONE.rate:
        return wanted
    own = AudioFormat(rate)
    resampler = Resampler(TELEPHONE, rate)
    ready = bytearray()
    position = 0

    def give(samples: int) -> bytes:
        nonlocal position
        size = own.bytes_for(samples)
        while len(ready) < size:
            frame = Frame(TELEPHONE, wanted(BLOCK), position)
            position = frame.end
            ready.extend(resampler.accept(frame).data)
        data = bytes(ready[:size])
        del ready[:size]
        return data

    return give
