"""The microphone and the loudspeaker that the operating system has as its defaults, by PortAudio."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.call.equipment import NotReady
from bot.microphone.port import Gone, Heard, Wanted
from bot.microphone.rates import heard_at, wanted_at
from speech.audio import TELEPHONE, AudioFormat

MICROPHONE, LOUDSPEAKER = "input", "output"
NAMES = {MICROPHONE: "microphone", LOUDSPEAKER: "loudspeaker"}


def load() -> Any:
    """The module `sounddevice`. Raises `NotReady` where it, or the library that it calls, is missing."""
    try:
        import sounddevice  # type: ignore[import-untyped]
    except ImportError:
        raise NotReady(
            "a microphone needs the package sounddevice: pip install 'voicebot[microphone]', or use --file"
        ) from None
    except OSError:
        raise NotReady(
            "a microphone needs the library PortAudio: on Debian and Ubuntu apt install libportaudio2, or use --file"
        ) from None
    return sounddevice


class PortAudioDevice:
    """See `bot.microphone.port.SoundDevice`. `library` is the module `sounddevice`, as `load` gives it."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self._streams: list[Any] = []

    def open(self, heard: Heard, wanted: Wanted, gone: Gone) -> None:
        """Each direction at 8 kHz where the device can, else at the device's own rate."""
        rates = {kind: self._rate(kind) for kind in NAMES}
        take, give = heard_at(rates[MICROPHONE], heard), wanted_at(rates[LOUDSPEAKER], wanted)

        def on_input(data: Any, samples: int, time: Any, status: Any) -> None:
            take(bytes(data))

        def on_output(data: Any, samples: int, time: Any, status: Any) -> None:
            data[:] = give(samples)

        try:
            self._begin(self._library.RawOutputStream, LOUDSPEAKER, rates, on_output, gone)
            self._begin(self._library.RawInputStream, MICROPHONE, rates, on_input, gone)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        while self._streams:
            self._streams.pop().close()

    def _rate(self, kind: str) -> int:
        """A telephone's where the device takes it."""
        try:
            own = self._library.query_devices(kind=kind)["default_samplerate"]
        except (self._library.PortAudioError, ValueError) as error:
            raise NotReady(
                f"this computer has no {NAMES[kind]} that can be used ({error}); plug one in, or use --file"
            ) from None
        check = getattr(self._library, f"check_{kind}_settings")
        refused = ""
        for rate in (TELEPHONE.rate, round(own)):
            try:
                check(channels=1, dtype="int16", samplerate=rate)
                AudioFormat(rate)
            except (self._library.PortAudioError, ValueError) as error:
                refused = str(error)
            else:
                return rate
        raise NotReady(
            f"the {NAMES[kind]} takes one channel of 16 bits neither at 8000 Hz nor at its own {own:g} Hz ({refused}); "
            "make another one the system's default, or use --file"
        )

    def _begin(self, stream: Any, kind: str, rates: dict[str, int], callback: Callable[..., None], gone: Gone) -> None:
        rate = rates[kind]
        try:
            opened = stream(
                samplerate=rate,
                channels=1,
                dtype="int16",
                blocksize=rate // 50,  # 20 ms
                latency="low",
                callback=callback,
                finished_callback=lambda: gone(f"the {NAMES[kind]} has stopped"),
            )
            self._streams.append(opened)
            opened.start()
        except self._library.PortAudioError as error:
            raise NotReady(f"the {NAMES[kind]} cannot be opened: {error}") from None
