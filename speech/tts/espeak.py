"""espeak-ng through its library, in this process: any language, at once, from packages alone.

The library (GPL-3.0-or-later) and its data come with the package espeakng-loader. It keeps one global state, so it
speaks one text at a time. What it has said is part of that state and colours what it says next: the same words would
never sound quite alike. So it is loaded afresh for each text, which takes under a millisecond; a sentence takes some
three, and costs the process two kilobytes that the library never gives back.
"""

from __future__ import annotations

import _ctypes
import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from queue import SimpleQueue

import espeakng_loader  # type: ignore[import-untyped]

from speech.audio import AudioFormat, Frame
from speech.tts.port import SynthesisError, UnknownVoice, Voice
from speech.tts.spoken_text import require_words
from speech.tts.trimming import trim

DEFAULT_VOICES = {"en": "en-us", "zh": "cmn"}
"""The voice of a language where there are several."""

WORDS_PER_MINUTE = 160
"""The engine's setting for `rate` 1.0: calm and clear on a telephone; the engine's own default is 175."""

WORDS_PER_MINUTE_BY_LANGUAGE = {"zh": 200}
"""At 160 Mandarin comes at 3 syllables a second, slower than anyone talks; at 200 at 4 (measured, with pauses)."""

SLOWEST, FASTEST = 0.5, 2.0

VOLUME = 70
"""In percent. At the engine's default, 100, its limiter squashes Mandarin vowels (peaks at full scale)."""

BUFFER_MS = 60  # of sound for each call back, and so the length of a frame

# Constants of speak_lib.h
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_RATE, _VOLUME = 1, 2
_UTF8 = 1
_OK = 0
_SEED = 1  # any number, but always the same

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _VoiceEntry(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),  # a priority byte, then a zero-terminated name, several times
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class _Library:
    """The library of the process: loaded while it is used, and each time as if it had never spoken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        with self._loaded() as library:
            self.version: str = library.espeak_Info(None).decode()
            self._identifiers = _read_voices(library)
        first = DEFAULT_VOICES.values()
        names = sorted(self._identifiers, key=lambda name: name not in first)
        self.voices = tuple(Voice(_language(name), name) for name in names)
        self.variants = frozenset(path.name for path in (Path(espeakng_loader.get_data_path()) / "voices/!v").iterdir())

    @contextmanager
    def _loaded(self) -> Iterator[ctypes.CDLL]:
        with self._lock:
            try:
                library = ctypes.CDLL(espeakng_loader.get_library_path())
                data: str = espeakng_loader.get_data_path()
            except (OSError, RuntimeError) as error:
                raise SynthesisError(
                    f"cannot load espeak-ng ({error}): pip install --force-reinstall espeakng-loader"
                ) from error
            try:
                self.rate: int = library.espeak_Initialize(_SYNCHRONOUS, BUFFER_MS, data.encode(), _DONT_EXIT)
                if self.rate <= 0:
                    raise SynthesisError(
                        f"espeak-ng cannot read its data at {data}: pip install --force-reinstall espeakng-loader"
                    )
                library.espeak_Info.restype = ctypes.c_char_p
                library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))  # for the breath of some voices; else the clock
                yield library
            finally:
                library.espeak_ng_Terminate()
                _ctypes.dlclose(library._handle)

    def speak(self, text: str, voice: str, words_per_minute: int, deliver: Callable[[bytes], bool]) -> None:
        """Hand over the sound piece by piece until it is said or `deliver` returns False."""

        def receive(samples: ctypes._Pointer[ctypes.c_short], count: int, events: int) -> int:
            del events
            return int(count > 0 and bool(samples) and not deliver(ctypes.string_at(samples, count * 2)))

        callback = _Callback(receive)
        encoded = text.encode()
        with self._loaded() as library:
            library.espeak_SetSynthCallback(callback)
            base, plus, variant = voice.partition("+")
            if library.espeak_SetVoiceByName(self._identifiers[base] + f"{plus}{variant}".encode()) != _OK:
                raise UnknownVoice(f"espeak-ng cannot load its voice {voice}")
            library.espeak_SetParameter(_RATE, words_per_minute, 0)
            library.espeak_SetParameter(_VOLUME, VOLUME, 0)
            status = library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, _UTF8, None, None)
        if status != _OK:
            raise SynthesisError(f"espeak-ng failed with status {status}")


class EspeakSynthesiser:
    """Voices are named as espeak-ng names them (`en-us`, `cmn`), with a variant after a plus (`en-us+f3`)."""

    def __init__(self) -> None:
        self._library = _library()

    @property
    def name(self) -> str:
        return "espeak-ng"

    @property
    def version(self) -> str:
        return self._library.version

    @property
    def format(self) -> AudioFormat:
        return AudioFormat(self._library.rate)

    def voices(self) -> tuple[Voice, ...]:
        return self._library.voices

    def synthesise(self, text: str, voice: Voice) -> Iterator[Frame]:
        require_words(text)
        self._require(voice)
        normal = WORDS_PER_MINUTE_BY_LANGUAGE.get(voice.language, WORDS_PER_MINUTE)
        return trim(self._stream(text, voice.name, round(normal * voice.rate)))

    def _require(self, voice: Voice) -> None:
        base, _, variant = voice.name.partition("+")
        known = {(known.language, known.name) for known in self._library.voices}
        if (voice.language, base) not in known or (variant and variant not in self._library.variants):
            raise UnknownVoice(
                f"espeak-ng has no voice {voice.name!r} for the language {voice.language!r}; "
                f"it has for example {DEFAULT_VOICES['en']!r} for 'en' and {DEFAULT_VOICES['zh']!r} for 'zh'"
            )
        if not SLOWEST <= voice.rate <= FASTEST:
            raise ValueError(f"the rate of a voice must be {SLOWEST} to {FASTEST}, not {voice.rate}")

    def _stream(self, text: str, voice: str, words_per_minute: int) -> Iterator[Frame]:
        """The library calls back while it speaks; a thread turns that into something to iterate over."""
        pieces: SimpleQueue[bytes | Exception | None] = SimpleQueue()
        abandoned = threading.Event()

        def deliver(piece: bytes) -> bool:
            pieces.put(piece)
            return not abandoned.is_set()

        def speak() -> None:
            try:
                self._library.speak(text, voice, words_per_minute, deliver)
            except Exception as error:
                pieces.put(error)
            else:
                pieces.put(None)

        threading.Thread(target=speak, name="espeak-ng").start()
        position = 0
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, Exception):
                    raise piece
                frame = Frame(self.format, piece, position)
                position = frame.end
                yield frame
        finally:
            abandoned.set()


@cache
def _library() -> _Library:
    return _Library()


def _read_voices(library: ctypes.CDLL) -> dict[str, bytes]:
    """Names, and what the library finds them by: some names, as en-gb, it lists and does not know."""
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_VoiceEntry))
    entries, n = library.espeak_ListVoices(None), 0
    found: dict[str, bytes] = {}
    while entries[n]:
        name = ctypes.string_at(entries[n].contents.languages + 1).decode()
        found[name] = entries[n].contents.identifier
        n += 1
    return found


def _language(name: str) -> str:
    """The language as scripts write it: `zh` for Mandarin, else the first part of the engine's name."""
    primary = name.partition("-")[0]
    return "zh" if primary == "cmn" else primary
