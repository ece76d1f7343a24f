"""Recognition with Vosk (Kaldi): streaming on a CPU, one model a language; the model has to be fetched."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from speech.asr import jsgf
from speech.asr.fetched_model import require_files
from speech.asr.port import BadGrammar, Hints, RecognitionError, StreamClosed, Transcript, UnsupportedLanguage, Word
from speech.audio import TELEPHONE, AudioFormat, Frame
from speech.resampling import Resampler

MODEL_RATE = 16000
"""The rate of the published models. Vosk would convert 8 kHz itself, without a word about how."""

OUTSIDE = "[unk]"
"""What Vosk writes for speech outside the words it listens for."""


class VoskRecogniser:
    """A grammar narrows Vosk to the grammar's words, in any order; without one it hears its whole vocabulary."""

    def __init__(self, model: Path, language: str) -> None:
        require_files(model, ("am/final.mdl", "conf/model.conf"), "vosk")
        try:
            import vosk  # type: ignore[import-not-found,import-untyped,unused-ignore]
        except ImportError as error:
            raise RecognitionError("vosk is not installed: pip install 'voicebot[vosk]'") from error
        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self._folder = model
        self._language = language
        try:
            self._model = vosk.Model(model_path=str(model))
        except Exception as error:  # vosk raises Exception itself
            raise RecognitionError(f"vosk cannot load the model {model}: {error}") from error
        self._vocabulary = lru_cache(maxsize=256)(self._words)

    @property
    def name(self) -> str:
        return "vosk"

    @property
    def version(self) -> str:
        return f"{version('vosk')} {self._folder.name}"

    @property
    def languages(self) -> tuple[str, ...]:
        return (self._language,)

    @property
    def format(self) -> AudioFormat:
        return TELEPHONE

    def open(self, hints: Hints) -> _Stream:
        if hints.language != self._language:
            raise UnsupportedLanguage(f"this vosk model hears {self._language}, not {hints.language!r}")
        if hints.grammar is None:
            return _Stream(self._vosk.KaldiRecognizer(self._model, MODEL_RATE))
        listening_for = json.dumps([*self._vocabulary(hints.grammar), OUTSIDE])
        return _Stream(self._vosk.KaldiRecognizer(self._model, MODEL_RATE, listening_for))

    def _words(self, grammar: str) -> tuple[str, ...]:
        rules = jsgf.parse(grammar, "grammar")
        jsgf.check(rules)
        words = sorted({word for rule in rules for word in jsgf.words(rule.expansion)})
        known = tuple(word for word in words if self._model.vosk_model_find_word(word) >= 0)
        if not known:
            raise BadGrammar(f"the vosk model {self._folder.name} knows no word of the grammar", tuple(words))
        return known


class _Stream:
    """One utterance. Vosk ends segments at pauses by itself; they are joined."""

    def __init__(self, recogniser: Any) -> None:
        recogniser.SetWords(True)
        self._recogniser = recogniser
        self._resampler = Resampler(TELEPHONE, MODEL_RATE)
        self._start: int | None = None
        self._end = 0
        self._done: list[dict[str, Any]] = []
        self._text = ""

    def accept(self, frame: Frame) -> Transcript | None:
        self._require_open()
        TELEPHONE.require(frame.format, "vosk")
        if self._start is None:
            self._start = frame.position
        self._end = frame.end
        partial = self._process(self._resampler.accept(frame))
        text = " ".join(filter(None, (_text(self._done), partial)))
        if text == self._text:
            return None
        self._text = text
        return Transcript(_without_outside(text), self._start, self._end)

    def preview(self) -> None:
        self._require_open()

    def finalise(self) -> Transcript:
        self._require_open()
        self._process(self._resampler.flush())
        self._done += json.loads(self._recogniser.FinalResult()).get("result", [])
        self._recogniser = None
        start = self._start or 0
        words = tuple(
            Word(found["word"], self._position(found["start"]), self._position(found["end"]))
            for found in self._done
            if found["word"] != OUTSIDE
        )
        text = _text(self._done)
        sure = sum(found["conf"] for found in self._done) / len(self._done) if self._done else None
        return Transcript(_without_outside(text), start, self._end, sure, OUTSIDE not in text, words)

    def close(self) -> None:
        self._recogniser = None

    def _process(self, frame: Frame) -> str:
        """Take 16 kHz audio; return the words of the segment that is not over."""
        if not len(frame):
            return ""
        if self._recogniser.AcceptWaveform(frame.data):
            self._done += json.loads(self._recogniser.Result()).get("result", [])
            return ""
        return str(json.loads(self._recogniser.PartialResult())["partial"])

    def _position(self, seconds: float) -> int:
        return min(self._end, (self._start or 0) + round(seconds * TELEPHONE.rate))

    def _require_open(self) -> None:
        if self._recogniser is None:
            raise StreamClosed("this utterance is over; open another stream")


def _text(words: Iterable[dict[str, Any]]) -> str:
    return " ".join(found["word"] for found in words)


def _without_outside(text: str) -> str:
    return " ".join(word for word in text.split() if word != OUTSIDE)
