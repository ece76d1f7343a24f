"""The sound device by PortAudio, on a library that is simulated: its rates, its sound, its errors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bot.call.equipment import NotReady
from bot.microphone.portaudio import PortAudioDevice, load
from speech.audio import TELEPHONE, Samples

pytestmark = pytest.mark.unit


class PortAudioError(Exception):
    pass


class Stream:
    def __init__(self, samplerate: int, blocksize: int, callback: Callable[..., None], **rest: Any) -> None:
        self.rate, self.blocksize, self._callback = samplerate, blocksize, callback
        self.finished: Callable[[], None] = rest["finished_callback"]
        self.open = False

    def start(self) -> None:
        self.open = True

    def close(self) -> None:
        self.open = False

    def hear(self, samples: Samples) -> None:
        for start in range(0, len(samples) - self.blocksize + 1, self.blocksize):
            block = samples[start : start + self.blocksize].astype("<i2").tobytes()
            self._callback(memoryview(block), self.blocksize, None, None)

    def play(self, blocks: int) -> Samples:
        played = bytearray()
        for _ in range(blocks):
            block = bytearray(2 * self.blocksize)
            self._callback(memoryview(block), self.blocksize, None, None)
            played += block
        return np.frombuffer(bytes(played), dtype="<i2")


class Library:
    """As the module `sounddevice`, with devices at these rates; none where there are no rates."""

    PortAudioError = PortAudioError

    def __init__(self, *rates: int, busy: bool = False) -> None:
        self._rates = rates
        self._busy = busy
        self.streams: dict[str, Stream] = {}

    def query_devices(self, kind: str) -> dict[str, Any]:
        if not self._rates:
            raise PortAudioError("Error querying device -1")
        return {"default_samplerate": float(self._rates[0])}

    def _check(self, channels: int, dtype: str, samplerate: int) -> None:
        if samplerate not in self._rates:
            raise PortAudioError("Invalid sample rate [PaErrorCode -9997]")

    check_input_settings = check_output_settings = _check

    def RawInputStream(self, **options: Any) -> Stream:
        if self._busy:
            raise PortAudioError("Device unavailable [PaErrorCode -9985]")
        self.streams["input"] = Stream(**options)
        return self.streams["input"]

    def RawOutputStream(self, **options: Any) -> Stream:
        self.streams["output"] = Stream(**options)
        return self.streams["output"]


class Call:
    """Hears, and plays a tone."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.gone: list[str] = []
        self._position = 0

    def wanted(self, samples: int) -> bytes:
        start, self._position = self._position, self._position + samples
        return tone(TELEPHONE.rate, self._position)[start:].tobytes()

    @property
    def samples(self) -> Samples:
        return np.frombuffer(bytes(self.heard), dtype="<i2")


def tone(rate: int, samples: int) -> Samples:
    return (8000 * np.sin(2 * np.pi * 440 * np.arange(samples) / rate)).astype("<i2")


def opened(library: Library) -> tuple[PortAudioDevice, Call]:
    call, device = Call(), PortAudioDevice(library)
    device.open(call.heard.extend, call.wanted, call.gone.append)
    return device, call


@pytest.mark.parametrize("rates", [(8000,), (48000, 8000), (48000,), (44100,)])
def test_the_call_hears_and_is_heard_at_8_khz_whatever_the_rate_of_the_device(rates: tuple[int, ...]) -> None:
    library = Library(*rates)
    device, call = opened(library)
    rate = 8000 if 8000 in rates else rates[0]
    library.streams["input"].hear(tone(rate, rate))
    late = 8000 - len(call.samples)
    assert 0 <= late <= TELEPHONE.samples_for_ms(40)
    close = slice(100, len(call.samples))
    np.testing.assert_allclose(call.samples[close], tone(8000, 8000)[close], atol=80)
    played = library.streams["output"].play(50)
    assert len(played) == rate // 50 * 50
    close = slice(rate // 50, rate // 2)
    np.testing.assert_allclose(played[close], tone(rate, rate)[close], atol=80)
    device.close()
    assert not any(stream.open for stream in library.streams.values())


def test_a_device_that_stops_is_told() -> None:
    library = Library(8000)
    _, call = opened(library)
    library.streams["input"].finished()
    assert call.gone == ["the microphone has stopped"]


@pytest.mark.parametrize(
    ("library", "told"),
    [
        (Library(), "no microphone that can be used (Error querying device -1); plug one in, or use --file"),
        (Library(11025), "the microphone takes one channel of 16 bits neither at 8000 Hz nor at its own 11025 Hz"),
        (Library(8000, busy=True), "the microphone cannot be opened: Device unavailable"),
    ],
)
def test_a_device_that_cannot_be_used_is_told_with_what_to_do(library: Library, told: str) -> None:
    with pytest.raises(NotReady) as raised:
        opened(library)
    assert told in str(raised.value)
    assert not any(stream.open for stream in library.streams.values())


def test_a_package_that_is_missing_is_told_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(NotReady, match=r"pip install 'voicebot\[microphone\]'"):
        load()


def test_a_library_that_is_missing_is_told_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package raises OSError as it is imported."""

    class Finder:
        def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(NotReady, match="apt install libportaudio2"):
        load()
