"""The acoustic models that PocketSphinx runs on, and the decoders built from one.

The wheel's model was trained on 16 kHz audio. Telephone audio has nothing above 3.4 kHz, and log energies of
nothing are far from any the model knows; a little white noise in the whole band brings them back, and keeps
digital silence from occurring. The model's own noise removal would take it out again and remembers the last
caller's line, so it is off; every utterance starts from the mean cepstrum of telephone speech instead.
Every utterance is thus heard as if it were the first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import pocketsphinx  # type: ignore[import-untyped]

from speech.asr.acoustic_evidence import Span
from speech.asr.port import BadGrammar, ModelMissing
from speech.asr.pronunciation import Lexicon
from speech.audio import Frame

FRAMES_PER_SECOND = 100

NOISE = {16000: 15.0, 8000: 12.0}
"""RMS of the white noise added, in 16-bit sample units, by the rate of the model. For the wheel's, from 5 to 40:
people's commands right 98 to 92 %, single digits 57 to 63 %."""

CEPSTRAL_MEANS = {
    16000: "45.39,0.33,-13.45,7.32,-6.40,-19.53,-1.48,-18.68,-12.26,-10.13,-17.79,-7.89,-12.47",
    8000: "39.58,-4.94,-2.91,-2.98,-3.68,-1.65,-1.69,-0.23,-0.08,0.70,0.65,0.77,0.59",
}
"""Mean cepstra of telephone speech with that noise, in the features of the wheel's model (16 kHz) and of
hub4wsj_sc_8k (8 kHz), over 28 recordings of other sentences than those the figures are measured on."""

LEVELLED_NOISE = {16000: 12.0, 8000: 2.0}
"""The same for an utterance that `levelling` has brought to its common level."""

PRIOR_FRAMES = 100
"""How many frames of an utterance weigh as much as the mean of all telephone speech, when its line is judged.

Level, noise and this number together, by the words that people (40 commands, 30 digits) and four synthetic voices
(48 phrases) were understood with: 38, 28 and 40 right, against 36, 23 and 31 without a second look.
"""

WORD_INSERTION_PENALTY = 0.1
PHONE_MODEL_WEIGHT = 2.0

_RUNNING_FRAMES = 500  # CMN_WIN in PocketSphinx's cmn.h

_WHEEL = Path(pocketsphinx.get_model_path("en-us"))
DICTIONARY = _WHEEL / "cmudict-en-us.dict"
_LANGUAGE_MODEL = _WHEEL / "en-us.lm.bin"
_PHONE_MODEL = _WHEEL / "en-us-phone.lm.bin"

_NOISE_REMOVAL = re.compile(r"-remove_noise\s+\S+")

_PARTS = ("feat.params", "mdef", "means", "variances", "transition_matrices")

Decoder = Any  # pocketsphinx.Decoder; the package has no types


@dataclass(frozen=True, slots=True)
class AcousticModel:
    """A model folder, the rate of audio it was trained on, and how telephone speech is prepared for it.

    `noise` is the RMS of the white noise added, in 16-bit sample units; `cepstral_mean` the mean of telephone
    speech in the model's features, from which every utterance starts.
    """

    folder: Path
    rate: int
    noise: float
    cepstral_mean: str

    @classmethod
    def of_the_wheel(cls) -> AcousticModel:
        return cls(_WHEEL / "en-us", 16000, NOISE[16000], CEPSTRAL_MEANS[16000])

    @classmethod
    def at(cls, folder: Path) -> AcousticModel:
        """The model in a folder; its rate follows from the upper edge of its filters. Raises `ModelMissing`."""
        lacking = [part for part in _PARTS if not (folder / part).is_file()]
        if lacking:
            raise ModelMissing(f"{folder} is no PocketSphinx acoustic model: {', '.join(lacking)} missing")
        words = (folder / "feat.params").read_text(encoding="utf-8").split()
        params = dict(zip(words[::2], words[1::2], strict=False))
        rate = 8000 if float(params.get("-upperf", 6855)) <= 4000 else 16000
        return cls(folder, rate, NOISE[rate], CEPSTRAL_MEANS[rate])

    @property
    def levelled_noise(self) -> float:
        return LEVELLED_NOISE[self.rate]

    def mean_of_line(self, decoder: Decoder) -> str:
        """The cepstral mean to look again with: the utterance's own, drawn towards that of all telephone speech.

        PocketSphinx tells only a running mean in which `cepstral_mean` counts as `_RUNNING_FRAMES` frames.
        """
        frames = decoder.n_frames()
        prior = _numbers(self.cepstral_mean)
        running = _numbers(decoder.get_cmn(True))
        if not frames:
            return self.cepstral_mean
        own = [
            ((_RUNNING_FRAMES + frames) * r - _RUNNING_FRAMES * p) / frames for r, p in zip(running, prior, strict=True)
        ]
        blended = [(frames * o + PRIOR_FRAMES * p) / (frames + PRIOR_FRAMES) for o, p in zip(own, prior, strict=True)]
        return ",".join(f"{value:.3f}" for value in blended)

    def grammar_decoder(self, lexicon: Lexicon, words: Iterator[str], jsgf: str, *, live: bool = False) -> Decoder:
        """A decoder that hears the sentences of a grammar, with a dictionary of just its words.

        `live`: at half the CPU, with scores that cannot be compared with another decoder's.
        """
        decoder = self._decoder(dict=None, lm=None, compallsen=not live)
        for word in sorted(set(words)):
            for number, phones in enumerate(lexicon.pronunciations(word), 1):
                decoder.add_word(word if number == 1 else f"{word}({number})", phones, False)
        try:
            decoder.add_jsgf_string("grammar", jsgf)
        except (ValueError, RuntimeError) as error:
            raise BadGrammar(f"PocketSphinx does not take the grammar: {error}") from error
        decoder.activate_search("grammar")
        return decoder

    def line_decoder(self) -> Decoder:
        """A decoder for one short word: the cheapest way to the mean cepstrum of what it is given."""
        decoder = self._decoder(dict=None, lm=None, compallsen=False)
        decoder.add_word("a", "AH", False)
        decoder.add_jsgf_string("line", "#JSGF V1.0; grammar line; public <line> = a;")
        decoder.activate_search("line")
        return decoder

    def phone_decoder(self) -> Decoder:
        """A decoder that hears phones and no words."""
        return self._decoder(dict=None, lm=None, allphone=str(_PHONE_MODEL), lw=PHONE_MODEL_WEIGHT)

    def alignment_decoder(self) -> Decoder:
        """A decoder that is told the words, all of the wheel's dictionary, and finds their phones."""
        return self._decoder(dict=str(DICTIONARY), lm=None)

    def dictation_decoder(self) -> Decoder:
        """A decoder for free speech: the wheel's language model and its whole dictionary."""
        return self._decoder(dict=str(DICTIONARY), lm=str(_LANGUAGE_MODEL), wip=0.65, compallsen=False)

    def _decoder(self, **config: Any) -> Decoder:
        usual = {"wip": WORD_INSERTION_PENALTY, "hmm": str(self.folder), "samprate": self.rate, "compallsen": True}
        settings = {**usual, **config}
        with NamedTemporaryFile("w", suffix=".params") as front_end:
            # What feat.params says overrides options, so noise removal is switched off in a copy of it.
            front_end.write(_NOISE_REMOVAL.sub("-remove_noise no", self._front_end()))
            front_end.flush()
            # bestpath costs a second of CPU at the end of an utterance; compallsen makes the acoustic scores
            # of two decoders comparable, because each frame is then normalised by the same best senone.
            return pocketsphinx.Decoder(featparams=front_end.name, bestpath=False, loglevel="FATAL", **settings)

    def _front_end(self) -> str:
        return (self.folder / "feat.params").read_text(encoding="utf-8")


def _numbers(text: str) -> list[float]:
    return [float(value) for value in text.split(",")]


def spans(decoder: Decoder) -> Iterator[Span]:
    """What the decoder has made of the utterance so far, frame by frame: words or phones, silence and noises."""
    unit = math.log(decoder.get_logmath().exp(1))
    for segment in decoder.seg() or ():
        if segment.end_frame >= segment.start_frame and segment.word != "(NULL)":
            score = math.log(segment.ascore) / unit if segment.ascore > 0 else -math.inf
            yield Span(segment.word, segment.start_frame, segment.end_frame, score)


def is_word(span: Span) -> bool:
    """Whether a span is a word, not silence (<sil>) or a noise ([NOISE], ++COUGH++)."""
    return span.name[0] not in "<[+"


class WhiteNoise:
    """The same white noise for every utterance, so that the same sound is always heard alike."""

    def __init__(self, level: float) -> None:
        self._level = level
        self._generator = np.random.default_rng(1)

    def under(self, frame: Frame) -> bytes:
        noise = self._generator.normal(0, self._level, len(frame))
        return np.clip(np.rint(frame.samples() + noise), -32768, 32767).astype("<i2").tobytes()
