"""A whole utterance, heard once more: with its level and its line known and evened out, and phones beside the words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from speech.asr.acoustic_evidence import Span, confidence
from speech.asr.decoder_pool import DecoderPool
from speech.asr.levelling import levelled
from speech.asr.sphinx_model import AcousticModel, Decoder, WhiteNoise, is_word, spans
from speech.audio import Frame
from speech.resampling import resample

CLEARLY = 0.15
"""By how much confidence another sentence must be surer than the digits alone where a number of known length
is asked for."""

ACCEPT_DIGITS_FROM = 0.45
"""The same for digits alone, which the sound of other speech bears out more easily: strings of people's digits that
were right had 0.64 and more, seven of 24 other sentences 0.45 and more. It does not tell a right digit from a wrong
one: what was heard must be read back or compared."""


@dataclass(frozen=True, slots=True)
class SphinxGrammar:
    """What a decoder is built for: a grammar, or with `text` None phones (`words` False) or dictation.

    `digits` is the grammar of the digits alone where a number of known length is asked for. `moved` asks for the
    model moved towards telephone speech. `live` follows the sound as it comes, at half the CPU; its scores cannot be
    compared with those of another decoder.
    """

    text: str | None
    words: bool = True
    digits: str | None = None
    moved: bool = False
    live: bool = False


LINE = SphinxGrammar("", words=False)
"""Asked only for the mean of what it heard."""

PHONES, PHONES_MOVED = (SphinxGrammar(None, words=False, moved=moved) for moved in (False, True))

Pool = DecoderPool[SphinxGrammar, Decoder]


@dataclass(frozen=True, slots=True)
class Judged:
    """The sentence of a grammar that an utterance comes nearest to; empty text where none was completed.

    `confidence` is None, and everything accepted, where that was not asked for.
    """

    text: str
    words: tuple[Span, ...]
    confidence: float | None = None
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a decoder made of a whole utterance."""

    text: str
    words: tuple[Span, ...]


_NOTHING = _Heard("", ())


class Rehearing:
    def __init__(self, pool: Pool, model: AcousticModel, utterance: Frame) -> None:
        """`utterance`: telephone audio, not empty."""
        self._pool = pool
        self._audio = WhiteNoise(model.levelled_noise).under(resample(levelled(utterance), model.rate))
        self._mean = model.cepstral_mean
        with self._listening(LINE) as line:
            self._mean = model.mean_of_line(line)

    def judge(self, grammar: SphinxGrammar, accept_from: float | None) -> Judged:
        """The nearest sentence, accepted from this confidence on; with None no confidence is worked out."""
        heard = self._heard_by(grammar)
        alone = _NOTHING
        if grammar.digits is not None:
            alone = self._heard_by(SphinxGrammar(grammar.digits, moved=True))
        if accept_from is None:
            best = alone if alone.text else heard
            return Judged(best.text, best.words)
        if not heard.text and not alone.text:
            return Judged("", heard.words, 0.0, accepted=False)
        if alone.text:
            sure_alone = self._sure(alone, moved=True)
            borne_out = sure_alone >= max(accept_from, ACCEPT_DIGITS_FROM)
            if alone.text == heard.text and borne_out:
                return Judged(alone.text, alone.words, sure_alone)
        sure = self._sure(heard, moved=False)
        if alone.text and sure < sure_alone + CLEARLY:
            return Judged(alone.text, alone.words, sure_alone, borne_out)
        return Judged(heard.text, heard.words, sure, sure >= accept_from)

    def _sure(self, said: _Heard, moved: bool) -> float:
        if not said.text:
            return 0.0
        with self._listening(PHONES_MOVED if moved else PHONES) as phones:
            return confidence(said.words, tuple(spans(phones)))

    def _heard_by(self, key: SphinxGrammar) -> _Heard:
        with self._listening(key) as decoder:
            return _Heard(text_of(decoder), words_of(decoder))

    @contextmanager
    def _listening(self, key: SphinxGrammar) -> Iterator[Decoder]:
        """A decoder that has heard the whole utterance."""
        decoder = self._pool.take(key)
        try:
            decoder.set_cmn(self._mean)
            decoder.start_utt()
            decoder.process_raw(self._audio)
            decoder.end_utt()
            yield decoder
        finally:
            self._pool.give(key, decoder)


def text_of(decoder: Decoder) -> str:
    hypothesis = decoder.hyp()
    return hypothesis.hypstr if hypothesis else ""


def words_of(decoder: Decoder) -> tuple[Span, ...]:
    return tuple(filter(is_word, spans(decoder)))
