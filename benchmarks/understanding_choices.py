"""What each choice of the default model's training is worth: out of fold, with the choice taken away.

The test split is not read. Each row of the train and the validation split is measured once, by a model that saw no row
of its template. The last lines lay factors of the prior (`nlu.prior`) beside each other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from unittest.mock import patch

import numpy as np
import structlog
from numpy.typing import NDArray

from bot.machine import machine
from bot.settings import load_settings
from nlu import corpus, features, head, prior, sentence_vectors, training
from nlu.corpus import Row, Split
from nlu.evaluation import expected_calibration_error
from nlu.features import Grams, is_unit
from nlu.folds import few, folds
from nlu.head import NETWORK_SHARE, Floats, Head, softmax, tempered
from nlu.noise import Noise
from nlu.training import Options

MISHEARD = 0.2
FACTORS = (1.0, 2.0, 3.0, 5.0)


@dataclass(frozen=True, slots=True)
class Choice:
    """Training with one thing otherwise."""

    name: str
    options: Options = field(default_factory=Options)
    without: AbstractContextManager[object] = field(default_factory=nullcontext)


def choices(language: str) -> Iterator[Choice]:
    usual = Options()
    yield Choice("as it is")
    yield Choice("no network", without=patch.object(head, "NETWORK_SHARE", 0.0))
    yield Choice("the network weighs twice as much", without=patch.object(head, "NETWORK_SHARE", 2 * NETWORK_SHARE))
    yield Choice("no misheard copies", replace(usual, misheard=0.0))
    yield Choice("a misheard copy counts as a row", replace(usual, misheard_weight=1.0))
    yield Choice("a bare word counts once", without=patch.object(training, "BARE_WEIGHT", 1.0))
    yield Choice("words weigh as characters", without=patch.object(training, "WORDS_WEIGHT", 1.0))
    yield Choice("a tolerance ten times tighter", replace(usual, tol=usual.tol / 10))
    yield Choice(f"c {usual.c / 3:.2g}", replace(usual, c=usual.c / 3))
    yield Choice(f"c {usual.c * 3:.2g}", replace(usual, c=usual.c * 3))
    if language == "zh":
        yield Choice("no syllables", without=patch.dict(features.TOKENISERS, zh=without_syllables))


def without_syllables(text: str) -> Grams:
    cut = features.mandarin(text)
    return replace(cut, words=tuple(gram for gram in cut.words if is_unit(gram, "zh") or "~" not in gram))


@dataclass(frozen=True, slots=True)
class Measured:
    """Logits [rows, labels] of what was said and of what was misheard of it."""

    labels: tuple[str, ...]
    truth: tuple[str, ...]
    clean: Floats
    heard: Floats

    def line(self) -> str:
        temperature = self._temperature()
        table = softmax(self.clean / temperature)
        right = self._right(self.clean)
        misheard = float(self._right(self.heard).mean())
        accuracy = float(right.mean())
        return (
            f"accuracy {accuracy:.3f}, misheard {misheard:.3f} (-{accuracy - misheard:.3f}), "
            f"ECE {expected_calibration_error(table.max(axis=1), right):.3f}, temperature {temperature:.2f}"
        )

    def factors(self) -> Iterator[str]:
        """For a yes or no question: how often its answers, and all other intents, are right."""
        table = softmax(self.clean / self._temperature())
        favoured = np.isin(self.labels, [intent.value for intent in prior.ANSWERING["yes_no"]])
        answers = np.isin(self.truth, np.array(self.labels)[favoured])
        for factor in FACTORS:
            right = self._right(table * np.where(favoured, factor, 1.0))
            yield f"factor {factor:g}: yes and no {right[answers].mean():.3f}, others {right[~answers].mean():.3f}"

    def _temperature(self) -> float:
        head = Head(self.labels, self.clean, self.clean, 1.0, 0, 0.0, True)
        return tempered(head, self.clean, self.truth).temperature

    def _right(self, scores: Floats) -> NDArray[np.bool_]:
        return np.asarray(np.array(self.labels)[scores.argmax(axis=1)] == np.array(self.truth))


def measure(rows: list[Row], language: str, options: Options) -> Measured:
    truth: list[str] = []
    clean: list[Floats] = []
    heard: list[Floats] = []
    labels: tuple[str, ...] = ()
    for rest, aside in folds(rows):
        part, kept = training.learnt(rest, language, options), few(aside)
        labels = part.intent.labels
        said = [row.text for row in kept]
        truth += [row.intent for row in kept]
        for texts, logits in ((said, clean), (Noise(said, language).texts(said, MISHEARD), heard)):
            logits.append(part.intent.logits(part.matrix(texts), sentence_vectors.vectors(texts, language)))
    return Measured(labels, tuple(truth), np.vstack(clean), np.vstack(heard))


def main() -> None:
    """Some minutes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = load_settings().folders.training_data
    print(machine())
    for language in corpus.languages(folder):
        rows = [row for row in corpus.read(folder / f"{language}.jsonl") if row.split is not Split.TEST]
        for number, choice in enumerate(choices(language)):
            with choice.without:
                measured = measure(rows, language, choice.options)
            print(f"{language}  {choice.name:<32} {measured.line()}", flush=True)
            if not number:
                for line in measured.factors():
                    print(f"{language}    {line}")


if __name__ == "__main__":
    main()
