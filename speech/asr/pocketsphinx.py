"""English recognition with PocketSphinx: from the package alone, offline, with the grammar of the dialogue state.

A number of known length is listened for twice: among all the sentences of the grammar, and as digits alone with a model
moved towards telephone speech. The sentence must be borne out clearly better to be believed; how well it is, each
model's own phones tell.

With a grammar only its sentences can be heard: few errors, little CPU. A second decoder that knows phones and
no words runs beside it; how far the words fall short of the phones is the confidence, and below a threshold
the words are not accepted. Without a grammar it is free dictation with the wheel's language model: good
enough to skim a comment, not to act upon.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from speech.asr import jsgf
from speech.asr.acoustic_evidence import Span, confidence
from speech.asr.decoder_pool import DecoderPool
from speech.asr.grammar import digits_alone
from speech.asr.levelling import levelled
from speech.asr.port import BadGrammar, Hints, StreamClosed, Transcript, UnsupportedLanguage, Word
from speech.asr.pronunciation import Lexicon, plain
from speech.asr.sphinx_model import DICTIONARY, FRAMES_PER_SECOND, AcousticModel, Decoder, WhiteNoise, is_word, spans
from speech.asr.telephone_means import moved
from speech.audio import TELEPHONE, AudioFormat, Frame
from speech.resampling import Resampler, resample

SUPPLEMENT = Path(__file__).parent / "lexicon" / "en.dict"
"""Words the CMU dictionary lacks."""

ACCEPT_FROM = 0.27
"""The confidence from which the words of a grammar are accepted.

Understood and accepted of people's commands (40) and ratings (30), and other speech taken for an answer:
from 0.27, 36, 28 and 33 to 39 %; from 0.4, 32, 25 and 17 to 22 %; from 0.5, 31, 25 and 8 %.
"""

CLEARLY = 0.15
"""By how much confidence another sentence must be surer than the digits alone where a number of known length
is asked for."""

ACCEPT_DIGITS_FROM = 0.45
"""The same for digits alone, which the sound of other speech bears out more easily: strings of people's digits that
were right had 0.64 and more, seven of 24 other sentences 0.45 and more. It does not tell a right digit from a wrong
one: what was heard must be read back or compared."""

IDLE_DECODERS = 16
"""How many decoders wait for their next utterance: 6 MB each with a small grammar, 28 MB with dates in it."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    """What a decoder is built for: a grammar, or with `text` None phones (`words` False) or dictation.

    `digits` is the grammar of the digits alone where a number of known length is asked for. `moved` asks for the
    model moved towards telephone speech.
    """

    text: str | None
    words: bool = True
    digits: str | None = None
    moved: bool = False


_DICTATION = _Grammar(None)
_LINE = _Grammar("", words=False)
"""Asked only for the mean of what it heard."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a decoder made of a whole utterance."""

    text: str
    words: tuple[Span, ...]


_NOTHING = _Heard("", ())


class PocketSphinxRecogniser:
    """`model` is a folder with another acoustic model than the wheel's; `accept_from` 0 accepts all and saves the
    phone decoder: half the CPU."""

    def __init__(
        self, model: Path | None = None, accept_from: float = ACCEPT_FROM, idle_decoders: int = IDLE_DECODERS
    ) -> None:
        if not 0 <= accept_from <= 1:
            raise ValueError(f"accept_from is a confidence between 0 and 1, not {accept_from}")
        self._model = AcousticModel.of_the_wheel() if model is None else AcousticModel.at(model)
        self._folder = TemporaryDirectory(prefix="voicebot-asr-")
        self._moved = moved(self._model, Path(self._folder.name)) if model is None else self._model
        self._accept_from = accept_from
        self._lexicon = Lexicon.load([DICTIONARY, SUPPLEMENT])
        self._pool = DecoderPool(self._build, idle_decoders)
        self._checked = lru_cache(maxsize=512)(self._check)

    @property
    def name(self) -> str:
        return "pocketsphinx"

    @property
    def version(self) -> str:
        return f"{version('pocketsphinx')} {self._model.folder.name}"

    @property
    def languages(self) -> tuple[str, ...]:
        return ("en",)

    @property
    def format(self) -> AudioFormat:
        return TELEPHONE

    def open(self, hints: Hints) -> _Stream:
        if hints.language not in self.languages:
            raise UnsupportedLanguage(
                f"pocketsphinx hears {', '.join(self.languages)}, not {hints.language!r}; "
                "`voicebot models list` shows models for other languages"
            )
        if hints.grammar is None:
            return _Stream(self._pool, self._model, _DICTATION, None)
        grammar = self._checked(hints.grammar)
        return _Stream(self._pool, self._model, grammar, self._accept_from or None)

    def _check(self, text: str) -> _Grammar:
        rules = jsgf.parse(text, "grammar")
        jsgf.check(rules)
        public = sum(rule.public for rule in rules)
        if public != 1:
            raise BadGrammar(f"a grammar has exactly one public rule, this one has {public}")
        words = dict.fromkeys(word for rule in rules for word in jsgf.words(rule.expansion))
        unknown = tuple(word for word in words if word not in self._lexicon)
        if unknown:
            raise BadGrammar(
                f"no pronunciation is known for {', '.join(unknown)}; use others, or add them to {SUPPLEMENT.name}",
                unknown,
            )
        digits = digits_alone(rules)
        return _Grammar(jsgf.render(rules, "state"), digits=digits)

    def _build(self, grammar: _Grammar) -> Decoder:
        if grammar is _LINE:
            return self._model.line_decoder()
        model = self._moved if grammar.moved else self._model
        if grammar.text is not None:
            rules = jsgf.parse(grammar.text, "grammar")
            words = (word for rule in rules for word in jsgf.words(rule.expansion))
            return model.grammar_decoder(self._lexicon, words, grammar.text)
        return model.dictation_decoder() if grammar.words else model.phone_decoder()


class _Stream:
    """One utterance. `accept_from` None: everything is accepted, without a confidence.

    The words so far come from a decoder that follows the sound. When the utterance is over and its level and its
    line are known, a grammar is decoded once more with both evened out, and phones beside it.
    """

    def __init__(
        self,
        pool: DecoderPool[_Grammar, Decoder],
        model: AcousticModel,
        grammar: _Grammar,
        accept_from: float | None,
    ) -> None:
        self._pool = pool
        self._model = model
        self._grammar = grammar
        self._accept_from = accept_from
        self._decoder = pool.take(grammar)
        self._decoder.set_cmn(model.cepstral_mean)
        self._decoder.start_utt()
        self._resampler = Resampler(TELEPHONE, model.rate)
        self._noise = WhiteNoise(model.noise)
        self._heard = bytearray()
        self._start: int | None = None
        self._end = 0
        self._text = ""
        self._open = True

    def accept(self, frame: Frame) -> Transcript | None:
        self._require_open()
        TELEPHONE.require(frame.format, "pocketsphinx")
        if self._start is None:
            self._start = frame.position
        self._end = frame.end
        self._heard += frame.data
        self._follow(self._resampler.accept(frame))
        text = _text(self._decoder)
        if text == self._text:
            return None
        self._text = text
        return Transcript(text, self._start, self._end, None, words=self._words(_spoken(self._decoder)))

    def preview(self) -> Transcript | None:
        self._require_open()
        return self._transcript()

    def finalise(self) -> Transcript:
        self._require_open()
        self._follow(self._resampler.flush())
        self._decoder.end_utt()
        try:
            return self._transcript()
        finally:
            self._give_back()

    def close(self) -> None:
        if self._open:
            self._decoder.end_utt()
            self._give_back()

    def _transcript(self) -> Transcript:
        if self._grammar.text is None or not self._heard:
            return Transcript(
                _text(self._decoder), self._start or 0, self._end, None, words=self._words(_spoken(self._decoder))
            )
        whole = levelled(Frame(TELEPHONE, bytes(self._heard)))
        audio = WhiteNoise(self._model.levelled_noise).under(resample(whole, self._model.rate))
        with self._listening_again(_LINE, audio, self._model.cepstral_mean) as line:
            mean = self._model.mean_of_line(line)
        heard = self._heard_by(self._grammar, audio, mean)
        digits = self._grammar.digits
        alone = self._heard_by(_Grammar(digits, moved=True), audio, mean) if digits is not None else _NOTHING
        return self._judged(heard, alone, audio, mean)

    def _judged(self, heard: _Heard, alone: _Heard, audio: bytes, mean: str) -> Transcript:
        start = self._start or 0
        if self._accept_from is None:
            best = alone if alone.text else heard
            return Transcript(best.text, start, self._end, None, words=self._words(best.words))
        if not heard.text and not alone.text:
            # Words may have been heard, but no whole sentence of the grammar: the nearest guess, not to be acted upon.
            unsure = 0.0 if self._text else None
            return Transcript(self._text, start, self._end, unsure, not self._text, self._words(heard.words))
        least = self._accept_from
        sure = self._sure(heard, audio, mean, moved=False)
        if alone.text:
            sure_alone = self._sure(alone, audio, mean, moved=True)
            if sure < sure_alone + CLEARLY:
                heard, sure, least = alone, sure_alone, max(least, ACCEPT_DIGITS_FROM)
        return Transcript(heard.text, start, self._end, sure, sure >= least, self._words(heard.words))

    def _sure(self, said: _Heard, audio: bytes, mean: str, moved: bool) -> float:
        if not said.text:
            return 0.0
        with self._listening_again(_Grammar(None, words=False, moved=moved), audio, mean) as phones:
            return confidence(said.words, tuple(spans(phones)))

    def _heard_by(self, key: _Grammar, audio: bytes, mean: str) -> _Heard:
        with self._listening_again(key, audio, mean) as decoder:
            return _Heard(_text(decoder), _spoken(decoder))

    @contextmanager
    def _listening_again(self, key: _Grammar, audio: bytes, mean: str) -> Iterator[Decoder]:
        """A decoder that has heard the whole utterance."""
        decoder = self._pool.take(key)
        try:
            decoder.set_cmn(mean)
            decoder.start_utt()
            decoder.process_raw(audio)
            decoder.end_utt()
            yield decoder
        finally:
            self._pool.give(key, decoder)

    def _follow(self, frame: Frame) -> None:
        if len(frame):
            self._decoder.process_raw(self._noise.under(frame))

    def _words(self, said: tuple[Span, ...]) -> tuple[Word, ...]:
        return tuple(Word(plain(span.name), self._position(span.first), self._position(span.last + 1)) for span in said)

    def _position(self, frame: int) -> int:
        return min(self._end, (self._start or 0) + frame * TELEPHONE.rate // FRAMES_PER_SECOND)

    def _require_open(self) -> None:
        if not self._open:
            raise StreamClosed("this utterance is over; open another stream")

    def _give_back(self) -> None:
        self._open = False
        self._pool.give(self._grammar, self._decoder)


def _text(decoder: Decoder) -> str:
    hypothesis = decoder.hyp()
    return hypothesis.hypstr if hypothesis else ""


def _spoken(decoder: Decoder) -> tuple[Span, ...]:
    return tuple(filter(is_word, spans(decoder)))
