"""English recognition with PocketSphinx: from the package alone, offline, with the grammar of the dialogue state.

A number of known length is listened for twice: among all the sentences of the grammar, and as digits alone with a model
moved towards telephone speech. The sentence must be borne out clearly better to be believed; how well it is, each
model's own phones tell.

With a grammar only its sentences can be heard: few errors, little CPU. A second decoder that knows phones and
no words runs beside it; how far the words fall short of the phones is the confidence, and below a threshold
the words are not accepted. Without a grammar it is free dictation with the wheel's language model: good
enough to skim a comment, not to act upon. What is to be acted upon is listened for beside it, in what is short.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from speech.asr import jsgf
from speech.asr.acoustic_evidence import Span
from speech.asr.decoder_pool import DecoderPool
from speech.asr.grammar import digits_alone
from speech.asr.port import BadGrammar, Hints, StreamClosed, Transcript, UnsupportedLanguage, Word
from speech.asr.pronunciation import Lexicon, plain
from speech.asr.rehearing import LINE, PHONES, PHONES_MOVED, Judged, Pool, Rehearing, SphinxGrammar, text_of, words_of
from speech.asr.sphinx_model import DICTIONARY, FRAMES_PER_SECOND, AcousticModel, Decoder, WhiteNoise
from speech.asr.telephone_means import moved
from speech.audio import TELEPHONE, AudioFormat, Frame
from speech.resampling import Resampler

SUPPLEMENT = Path(__file__).parent / "lexicon" / "en.dict"
"""Words the CMU dictionary lacks."""

ACCEPT_FROM = 0.27
"""The confidence from which the words of a grammar are accepted.

Understood and accepted of people's commands (40) and ratings (30), and other speech taken for an answer:
from 0.27, 36, 28 and 33 to 39 %; from 0.4, 32, 25 and 17 to 22 %; from 0.5, 31, 25 and 8 %.
"""

BESIDE_FROM = 0.5
"""The confidence from which what is listened for beside free speech is taken to have been said.

`python -m benchmarks.requests`: of requests in four synthetic voices (64) and people's commands (34) 69 and 76 % are
found, 2 and 0 % mistaken for others; of 60 comments and 36 other sentences of people 3 and 6 % are taken for one. From
0.4 it is 86 and 79 %, 2 and 3 %; 3 and 11 %. Dictation alone finds few: its words for "a human please" are "but you
would only you".
"""

BESIDE_SAMPLES = TELEPHONE.samples_for_ms(4000)
"""Who says more than this makes a comment."""

IDLE_DECODERS = 64
"""How many decoders wait for their next utterance: 6 MB each with a small grammar, 28 MB with dates in it. A call uses
three at a time and has a grammar for each of its questions; to build one anew takes 30 to 400 ms, in which no other
call of the process is heard."""


_DICTATION = SphinxGrammar(None)


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
        for needed_by_all in (LINE, *((PHONES, PHONES_MOVED) if accept_from else ())):
            self._pool.give(needed_by_all, self._build(needed_by_all))
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
            beside = None if hints.beside is None else self._checked(hints.beside)
            return _Stream(self._pool, self._model, _DICTATION, None, beside)
        grammar = self._checked(hints.grammar)
        return _Stream(self._pool, self._model, grammar, self._accept_from or None)

    def _check(self, text: str) -> SphinxGrammar:
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
        return SphinxGrammar(jsgf.render(rules, "state"), digits=digits)

    def _build(self, grammar: SphinxGrammar) -> Decoder:
        if grammar is LINE:
            return self._model.line_decoder()
        model = self._moved if grammar.moved else self._model
        if grammar.text is not None:
            rules = jsgf.parse(grammar.text, "grammar")
            words = (word for rule in rules for word in jsgf.words(rule.expansion))
            return model.grammar_decoder(self._lexicon, words, grammar.text, live=grammar.live)
        return model.dictation_decoder() if grammar.words else model.phone_decoder()


class _Stream:
    """One utterance. `accept_from` None: everything is accepted, without a confidence.

    The words so far come from a decoder that follows the sound. When the utterance is over and its level and its
    line are known, a grammar is decoded once more with both evened out, and phones beside it.
    """

    def __init__(
        self,
        pool: Pool,
        model: AcousticModel,
        grammar: SphinxGrammar,
        accept_from: float | None,
        beside: SphinxGrammar | None = None,
    ) -> None:
        self._pool = pool
        self._model = model
        self._grammar = grammar
        self._accept_from = accept_from
        self._beside = beside
        self._live = grammar if grammar.text is None else replace(grammar, live=True)
        self._decoder = pool.take(self._live)
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
        text = text_of(self._decoder)
        if text == self._text:
            return None
        self._text = text
        return Transcript(text, self._start, self._end, None, words=self._words(words_of(self._decoder)))

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
        if self._grammar.text is not None and self._heard:
            return self._as_sentence(self._rehearing().judge(self._grammar, self._accept_from))
        if self._beside is not None and 0 < len(self._heard) // 2 <= BESIDE_SAMPLES:
            instead = self._rehearing().judge(self._beside, BESIDE_FROM)
            if instead.text and instead.accepted:
                return self._as_sentence(instead)
        return Transcript(
            text_of(self._decoder), self._start or 0, self._end, None, words=self._words(words_of(self._decoder))
        )

    def _rehearing(self) -> Rehearing:
        return Rehearing(self._pool, self._model, Frame(TELEPHONE, bytes(self._heard)))

    def _as_sentence(self, judged: Judged) -> Transcript:
        """Words may have been heard, but no whole sentence of the grammar: the nearest guess, not to be acted upon."""
        start, words = self._start or 0, self._words(judged.words)
        if not judged.text and self._accept_from is not None:
            return Transcript(self._text, start, self._end, 0.0 if self._text else None, not self._text, words)
        return Transcript(judged.text, start, self._end, judged.confidence, judged.accepted, words)

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
        self._pool.give(self._live, self._decoder)
