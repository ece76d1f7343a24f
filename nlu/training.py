"""Training: n-gram TF-IDF and two logistic regressions (intent, sentiment) with a calibrated temperature each.

Intents are also learnt from a copy of each row with some of its words misheard (`nlu.noise`). Nothing here is left to
chance: the same rows and the same `Options` give the same weights. L-BFGS that has not converged
is an error, because a loose tolerance costs a point or two of accuracy without a sign of it.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nlu import features
from nlu.corpus import CorpusError, Row, Split, of_split
from nlu.noise import Noise

log = structlog.get_logger(__name__)

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

STEPS = 4
"""How often `progress` is called for one language: features, two heads, export and evaluation."""

WORDS_WEIGHT = 1.5
"""How long the block of words is beside that of characters, which has length one. Against 1.0, on templates kept aside
from training: 0.740 after 0.726 in Mandarin, 0.709 after 0.689 in English."""

MIN_ROWS_PER_LABEL = 2
TEMPERATURE_BOUNDS = (0.05, 5.0)


class TrainingError(RuntimeError):
    """Training cannot give a model worth serving; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to train. `c` is the inverse regularisation, chosen on the validation split among 5, 20 and 60;
    on a quarter of Banking77's training data kept aside they give an accuracy of 0.902, 0.905 and 0.905.

    `tol` is the gradient tolerance of L-BFGS: 1e-3 stopped early and cost 1 to 2 points. `misheard` is the share of
    words that recognition gets wrong in the second copy of a training row; 0 makes no copies. `seed` draws them, is
    passed to the solver and becomes part of the version, though L-BFGS draws no random number.
    """

    c: float = 20.0
    tol: float = 1e-5
    max_iter: int = 3000
    misheard: float = 0.2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """One classifier over the shared features. Probabilities are softmax((X @ weights + bias) / temperature)."""

    labels: tuple[str, ...]
    weights: Floats  # features x labels
    bias: Floats
    temperature: float
    iterations: int
    training_accuracy: float
    converged: bool

    def probabilities(self, x: csr_matrix) -> Floats:
        return softmax((np.asarray(x @ self.weights) + self.bias) / self.temperature)


@dataclass(frozen=True, slots=True)
class TrainedLanguage:
    """Everything the ONNX file of one language is written from; `heads` by name."""

    language: str
    words: Any  # fitted TfidfVectorizer over Grams.words
    characters: Any  # the same over Grams.characters
    heads: Mapping[str, Head]

    @property
    def intent(self) -> Head:
        return self.heads["intent"]

    @property
    def sentiment(self) -> Head:
        return self.heads["sentiment"]

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        cut = [features.grams(text, self.language) for text in texts]
        return hstack(
            [
                WORDS_WEIGHT * self.words.transform([gram.words for gram in cut]),
                self.characters.transform([gram.characters for gram in cut]),
            ],
            format="csr",
        )


def train(rows: Sequence[Row], language: str, options: Options, progress: Progress = lambda _: None) -> TrainedLanguage:
    """Train both heads on the train split and calibrate on the validation split. Raises `TrainingError`."""
    learn, tune = of_split(rows, Split.TRAIN), of_split(rows, Split.VALID)
    check(learn, tune, language)
    progress("features")
    prepared = prepare([row.text for row in learn], language)  # a misheard word is not one that training knows
    heard = [*learn, *misheard(learn, language, options)]

    def head(name: str, rows: Sequence[Row], label: Callable[[Row], str | None]) -> Head:
        progress(name)
        known, tuned = [[(r.text, v) for r in part if (v := label(r)) is not None] for part in (rows, tune)]
        fitted = fit(
            prepared.matrix([text for text, _ in known]), [value for _, value in known], options, f"{language} {name}"
        )
        if not fitted.converged:
            raise TrainingError(not_converged(f"{language} {name}", fitted, options))
        return calibrated(fitted, prepared.matrix([text for text, _ in tuned]), [value for _, value in tuned])

    intent = head("intent", heard, lambda row: row.intent)
    sentiment = head("sentiment", learn, lambda row: row.sentiment)
    return replace(prepared, heads={"intent": intent, "sentiment": sentiment})


def misheard(rows: Sequence[Row], language: str, options: Options) -> list[Row]:
    """The rows as a recogniser might get them wrong; what somebody did say in those words is left out.

    The draw differs from that of the report, which measures on the test split with a seed of zero.
    """
    texts = [row.text for row in rows]
    heard = Noise(texts, language, options.seed + 1).texts(texts, options.misheard)
    said = {"".join(features.normalise(text).split()) for text in texts}
    wrong = ((row, text) for row, text in zip(rows, heard, strict=True) if "".join(text.split()) not in said)
    return [replace(row, text=text) for row, text in wrong]


def prepare(texts: Sequence[str], language: str) -> TrainedLanguage:
    """The n-grams of these texts as features, without any head yet. Raises `TrainingError`."""
    words, characters = _vectoriser(), _vectoriser()
    cut = [features.grams(text, language) for text in texts]
    if not any(gram.units for gram in cut):
        raise TrainingError(f"{language}: no text has a letter or a digit; nothing can be learnt from them")
    words.fit([gram.words for gram in cut])
    characters.fit([gram.characters for gram in cut])
    return TrainedLanguage(language, words, characters, {})


def fit(x: csr_matrix, y: Sequence[str], options: Options, name: str) -> Head:
    """Logistic regression, at temperature one. The caller looks at `converged`."""
    # The sets are unbalanced by design (many ways to say "yes", few angry turns): classes weigh the same.
    model = LogisticRegression(
        C=options.c, tol=options.tol, max_iter=options.max_iter, class_weight="balanced", random_state=options.seed
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        # One thread: sums in one order, so the same bytes each time. Two took five times the CPU on sparse rows.
        with threadpool_limits(1):
            model.fit(x, y)
    iterations = int(np.max(model.n_iter_))
    accuracy = float(model.score(x, y))
    log.info("nlu.fitted", head=name, iterations=iterations, training_accuracy=round(accuracy, 4))
    converged = iterations < options.max_iter and not any(issubclass(w.category, ConvergenceWarning) for w in caught)
    weights, bias = np.asarray(model.coef_.T), np.asarray(model.intercept_)
    if weights.shape[1] == 1:  # sklearn keeps one column for two classes: the second class's log odds
        weights, bias = np.hstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    labels = tuple(str(label) for label in model.classes_)
    return Head(labels, weights, bias, 1.0, iterations, accuracy, converged)


def calibrated(head: Head, x: csr_matrix, y: Sequence[str]) -> Head:
    """The head at the temperature under which labels it did not learn from are most likely (Guo et al., 2017)."""
    logits = np.asarray(x @ head.weights) + head.bias
    rows, columns = np.arange(len(y)), np.array([head.labels.index(label) for label in y])

    def loss(temperature: float) -> float:
        return float(-np.log(np.maximum(softmax(logits / temperature)[rows, columns], 1e-12)).mean())

    return replace(head, temperature=float(minimize_scalar(loss, bounds=TEMPERATURE_BOUNDS, method="bounded").x))


def not_converged(name: str, head: Head, options: Options) -> str:
    return (
        f"{name}: not converged after {head.iterations} iterations at tol={options.tol:g}; "
        f"raise max_iter (now {options.max_iter}) rather than tol"
    )


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def _itself(grams: tuple[str, ...]) -> tuple[str, ...]:
    return grams


def _vectoriser() -> Any:
    # Half the precision takes half the time, and moves no figure in the third place.
    return TfidfVectorizer(analyzer=_itself, norm="l2", sublinear_tf=False, dtype=np.float32)


def check(learn: Sequence[Row], tune: Sequence[Row], language: str) -> None:
    """Raises `TrainingError` or `CorpusError` where these rows cannot give both heads."""
    if not learn or not tune:
        raise TrainingError(f"{language}: needs rows in both the train and the valid split")
    for name, labels in (("intent", [r.intent for r in learn]), ("sentiment", [r.sentiment for r in learn])):
        counts = Counter(label for label in labels if label is not None)
        if len(counts) < 2:
            raise TrainingError(f"{language}: needs at least two different {name} labels, found {len(counts)}")
        rare = sorted(label for label, count in counts.items() if count < MIN_ROWS_PER_LABEL)
        if rare:
            raise TrainingError(
                f"{language}: {name} {', '.join(rare)} has fewer than {MIN_ROWS_PER_LABEL} training rows; "
                "write more utterances for it or leave it out"
            )
        strangers = {r.intent if name == "intent" else r.sentiment for r in tune} - {None} - counts.keys()
        if strangers:
            raise CorpusError(
                f"{language}: {name} {', '.join(sorted(map(str, strangers)))} is in the valid split but never in train"
            )
