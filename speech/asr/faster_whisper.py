"""Recognition with Whisper through faster-whisper (CTranslate2): many languages, on a CPU or a GPU.

Whisper reads a whole utterance at once. A stream collects audio and recognises it at the end; with
`partials_ms` it also recognises what there is so far, at such intervals, at the price of that much more CPU.
A grammar is of no use to it; hot words are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel  # type: ignore[import-untyped]
from numpy.typing import NDArray

from speech.asr.fetched_model import require_files
from speech.asr.port import Hints, RecognitionError, StreamClosed, Transcript, UnsupportedLanguage, Word
from speech.audio import TELEPHONE, AudioFormat, Frame
from speech.resampling import Resampler

MODEL_RATE = 16000

SHORTEST_MS = 100
"""Less audio than this is not worth reading: Whisper invents words for it."""

NO_SPEECH = 0.6
"""The model's own probability of "no speech" above which its words are not accepted."""


class FasterWhisperRecogniser:
    """`languages` are those the calls may use, of all the model knows. Never reaches for the network."""

    def __init__(
        self,
        model: Path,
        languages: tuple[str, ...] = ("en", "zh"),
        device: str = "cpu",
        compute_type: str = "int8",
        partials_ms: int = 0,
    ) -> None:
        require_files(model, ("model.bin", "config.json", "tokenizer.json"), "faster-whisper")
        try:
            self._model = WhisperModel(str(model), device=device, compute_type=compute_type, local_files_only=True)
        except (RuntimeError, ValueError) as error:
            raise RecognitionError(
                f"faster-whisper cannot load {model} on {device} as {compute_type}: {error}"
            ) from error
        unknown = [language for language in languages if language not in self._model.supported_languages]
        if unknown:
            raise UnsupportedLanguage(f"the model {model.name} does not hear {', '.join(unknown)}")
        self._folder = model
        self._languages = languages
        self._partials_ms = partials_ms

    @property
    def name(self) -> str:
        return "faster-whisper"

    @property
    def version(self) -> str:
        return f"{version('faster-whisper')} {self._folder.name}"

    @property
    def languages(self) -> tuple[str, ...]:
        return self._languages

    @property
    def format(self) -> AudioFormat:
        return TELEPHONE

    def open(self, hints: Hints) -> _Stream:
        if hints.language not in self._languages:
            raise UnsupportedLanguage(
                f"faster-whisper is set up for {', '.join(self._languages)}, not {hints.language!r}"
            )
        return _Stream(self._model, hints, self._partials_ms)


class _Stream:
    """One utterance, kept whole."""

    def __init__(self, model: WhisperModel, hints: Hints, partials_ms: int) -> None:
        self._model = model
        self._hints = hints
        self._every = TELEPHONE.samples_for_ms(partials_ms)
        self._resampler = Resampler(TELEPHONE, MODEL_RATE)
        self._audio: list[NDArray[np.float32]] = []
        self._start: int | None = None
        self._end = 0
        self._read_to = 0
        self._text = ""
        self._open = True

    def accept(self, frame: Frame) -> Transcript | None:
        self._require_open()
        TELEPHONE.require(frame.format, "faster-whisper")
        if self._start is None:
            self._start = self._read_to = frame.position
        self._end = frame.end
        self._keep(self._resampler.accept(frame))
        if not self._every or self._end - self._read_to < self._every:
            return None
        self._read_to = self._end
        transcript = self._read()
        if transcript.text == self._text:
            return None
        self._text = transcript.text
        return transcript

    def preview(self) -> Transcript | None:
        self._require_open()
        return self._read() if self._audio else None

    def finalise(self) -> Transcript:
        self._require_open()
        self._keep(self._resampler.flush())
        transcript = self._read()
        self.close()
        return transcript

    def close(self) -> None:
        self._open = False
        self._audio.clear()

    def _keep(self, frame: Frame) -> None:
        if len(frame):
            self._audio.append(np.divide(frame.samples(), 32768, dtype=np.float32))

    def _read(self) -> Transcript:
        start = self._start or 0
        if self._end - start < TELEPHONE.samples_for_ms(SHORTEST_MS):
            return Transcript("", start, self._end)
        segments, _ = self._model.transcribe(
            np.concatenate(self._audio),
            language=self._hints.language,
            beam_size=5,
            temperature=0.0,  # the same sound gives the same words
            condition_on_previous_text=False,
            word_timestamps=True,
            hotwords=", ".join(self._hints.hot_words) or None,
        )
        return self._transcript(list(segments))

    def _transcript(self, segments: list[Any]) -> Transcript:
        start = self._start or 0
        if not segments:
            return Transcript("", start, self._end)
        words = tuple(self._words(word for segment in segments for word in segment.words or ()))
        text = "".join(segment.text for segment in segments).strip()
        length = sum(segment.end - segment.start for segment in segments) or 1.0
        mean = sum(segment.avg_logprob * (segment.end - segment.start) for segment in segments) / length
        heard = max(1 - segment.no_speech_prob for segment in segments)
        return Transcript(text, start, self._end, min(1.0, math.exp(mean)), heard >= 1 - NO_SPEECH, words)

    def _words(self, found: Iterable[Any]) -> Iterable[Word]:
        start = self._start or 0
        for word in found:
            first, last = (min(self._end, start + round(at * TELEPHONE.rate)) for at in (word.start, word.end))
            if text := word.word.strip():
                yield Word(text, first, max(first, last))

    def _require_open(self) -> None:
        if not self._open:
            raise StreamClosed("this utterance is over; open another stream")
