"""Training: n-gram TF-IDF and two classifiers (intent, sentiment) with a calibrated temperature each.

The classifiers are logistic regressions, each label against the rest; beside that of intents stands a small network
over what a sentence says as a whole (`nlu.perceptron`), and their logits are added. Intents are also learnt from a copy
of each row with some of its words misheard (`nlu.noise`). Temperatures come from rows kept out in turn (`nlu.folds`),
and the model that is served learns from all of them. The same rows and the same `Options` give the same weights. A
solver that has not converged is an error, because a loose tolerance costs accuracy without a sign of it.

`python -m benchmarks.understanding_choices` measures what each choice made here is worth.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from nlu import features, perceptron, sentence_vectors
from nlu.corpus import CorpusError, Row, Split, of_split
from nlu.folds import few, folds
from nlu.head import Floats, Head, tempered
from nlu.noise import Noise
from nlu.sentence_vectors import Vectors

log = structlog.get_logger(__name__)

Progress = Callable[[str], None]
Encode = Callable[[Sequence[str], str], Vectors]
"""Texts of a language to their vectors, see `nlu.sentence_vectors`."""

STEPS = 4
"""How often `progress` is called for one language: calibration, two heads, export and evaluation."""

WORDS_WEIGHT = 1.8
"""How long the block of words is beside that of characters, which has length one."""

FOLD_TOL = 0.5
"""For the models that only calibrate: two thirds of the time, the same probabilities in the second place."""

BARE_WEIGHT = 10.0
"""Of a row that is one word (Mandarin: one character). Counted once, "okay" drowned in "okay i see" and its like, and
was taken for a backchannel after a question, too."""

MIN_ROWS_PER_LABEL = 2


class TrainingError(RuntimeError):
    """Training cannot give a model worth serving; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to train. `c` is the inverse regularisation, `tol` the tolerance of the solver. `misheard` is the share of
    words that recognition gets wrong in the second copy of a training row, which counts `misheard_weight` of a row;
    0 makes no copies. `seed` draws them, and the order in which the solver goes through the rows.
    """

    c: float = 6.0
    tol: float = 0.1
    max_iter: int = 3000
    misheard: float = 0.2
    misheard_weight: float = 0.3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What a head says of rows that it did not learn from: logits [rows, labels], and their labels."""

    rows: tuple[Row, ...]
    logits: Floats
    truth: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrainedLanguage:
    """Everything the ONNX file of one language is written from; `heads` by name, and what they were calibrated on."""

    language: str
    words: Any  # fitted TfidfVectorizer over Grams.words
    characters: Any  # the same over Grams.characters
    heads: Mapping[str, Head]
    out_of_fold: Mapping[str, OutOfFold] = field(default_factory=dict)

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
    """Train both heads on the train and the validation split, and calibrate out of fold. Raises `TrainingError`."""
    check(of_split(rows, Split.TRAIN), of_split(rows, Split.VALID), language)
    learn = [row for row in rows if row.split is not Split.TEST]
    progress("calibration")
    encode = _remembering(sentence_vectors.vectors)
    aside = out_of_fold(learn, language, options, encode)
    uncalibrated = learnt(learn, language, options, progress, encode)
    for name, head in uncalibrated.heads.items():
        if not head.converged:
            raise TrainingError(not_converged(f"{language} {name}", head, options))
    heads = {name: tempered(head, aside[name].logits, aside[name].truth) for name, head in uncalibrated.heads.items()}
    return replace(uncalibrated, heads=heads, out_of_fold=aside)


def learnt(
    rows: Sequence[Row],
    language: str,
    options: Options,
    progress: Progress = lambda _: None,
    encode: Encode = sentence_vectors.vectors,
) -> TrainedLanguage:
    """Both heads, not calibrated."""
    prepared = prepare([row.text for row in rows], language)  # a misheard word is not one that training knows
    progress("intent")
    copies = misheard(rows, language, options)
    weights = [weight(row, language) for row in rows]
    heard = [*rows, *copies]
    x = prepared.matrix([row.text for row in heard])
    each = weights + [options.misheard_weight] * len(copies)
    intent = fit(x, [row.intent for row in heard], options, f"{language} intent", each)
    vectors = encode([row.text for row in rows], language)
    intent = with_network(intent, vectors, [row.intent for row in rows], options.seed, weights)
    progress("sentiment")
    judged = [(place, row.sentiment) for place, row in enumerate(rows) if row.sentiment is not None]
    sentiment = fit(x[[place for place, _ in judged]], [value for _, value in judged], options, f"{language} sentiment")
    return replace(prepared, heads={"intent": intent, "sentiment": sentiment})


def weight(row: Row, language: str) -> float:
    """How much a row counts: bare words are few among the phrasings, and most of what a call hears."""
    return BARE_WEIGHT if features.grams(row.text, language).units == 1 else 1.0


def out_of_fold(
    rows: Sequence[Row], language: str, options: Options, encode: Encode = sentence_vectors.vectors
) -> dict[str, OutOfFold]:
    """By head. A label that a fold leaves nothing to learn from is left out of it. Raises `TrainingError`."""
    found: dict[str, list[OutOfFold]] = {"intent": [], "sentiment": []}
    for rest, aside in folds(rows):
        if any(len({label(row, name) for row in rest} - {None}) < 2 for name in found):
            continue
        part = learnt(rest, language, replace(options, tol=max(options.tol, FOLD_TOL)), encode=encode)
        kept = few(aside)
        texts = [row.text for row in kept]
        x, vectors = part.matrix(texts), encode(texts, language)
        for name, parts in found.items():
            logits = part.heads[name].logits(x, vectors)
            labels = sorted({value for row in rows if (value := label(row, name))})
            parts.append(_told(part.heads[name], logits, kept, name, labels))
    if not all(any(part.truth for part in parts) for parts in found.values()):
        raise TrainingError(f"{language}: too few templates to keep some aside in turn; write more, of each label")
    return {
        name: OutOfFold(
            tuple(row for part in parts for row in part.rows),
            np.vstack([part.logits for part in parts]),
            tuple(value for part in parts for value in part.truth),
        )
        for name, parts in found.items()
    }


def label(row: Row, head: str) -> str | None:
    """What the row teaches a head."""
    return row.intent if head == "intent" else row.sentiment


def _told(head: Head, said: Floats, rows: Sequence[Row], name: str, labels: Sequence[str]) -> OutOfFold:
    """In the columns of `labels`; one that the head does not know is as unlikely as its least likely one."""
    taught = [(place, row, value) for place, row in enumerate(rows) if (value := label(row, name)) in head.labels]
    own = said[[place for place, _, _ in taught]]
    logits = np.repeat(own.min(axis=1, keepdims=True), len(labels), axis=1)
    logits[:, [labels.index(known) for known in head.labels]] = own
    return OutOfFold(tuple(row for _, row, _ in taught), logits, tuple(str(value) for _, _, value in taught))


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


def fit(x: csr_matrix, y: Sequence[str], options: Options, name: str, weights: Sequence[float] | None = None) -> Head:
    """Each label against the rest, at temperature one. The caller looks at `converged`.

    `weights`: what each row counts; none is one. Raises `TrainingError` where there is but one label.
    """
    labels, own = np.unique(np.asarray(y), return_inverse=True)
    if len(labels) < 2:
        raise TrainingError(f"{name}: needs at least two different labels, found {len(labels)}")
    each = _balanced(own, weights)
    planes, bias, iterations, converged = [], [], 0, True
    for label in range(len(labels)):
        # The dual solver: a seventh of the time of L-BFGS over all labels at once, and as good out of fold.
        model = LogisticRegression(
            solver="liblinear",
            dual=True,
            C=options.c,
            tol=options.tol,
            max_iter=options.max_iter,
            random_state=options.seed,
        )
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ConvergenceWarning)
            model.fit(x, own == label, sample_weight=each)
        planes.append(model.coef_[0])
        bias.append(float(model.intercept_[0]))
        iterations = max(iterations, int(np.max(model.n_iter_)))
        converged &= not any(issubclass(w.category, ConvergenceWarning) for w in caught)
    weights_of, bias_of = np.asarray(planes).T, np.asarray(bias)
    accuracy = float(((np.asarray(x @ weights_of) + bias_of).argmax(axis=1) == own).mean())
    log.info("nlu.fitted", head=name, iterations=iterations, training_accuracy=round(accuracy, 4))
    return Head(tuple(map(str, labels)), weights_of, bias_of, 1.0, iterations, accuracy, converged)


def with_network(
    head: Head, vectors: Vectors, y: Sequence[str], seed: int, weights: Sequence[float] | None = None
) -> Head:
    """The head with a network beside it, learnt from texts of all its labels."""
    own = np.searchsorted(head.labels, y)
    return replace(head, network=perceptron.fit(vectors, own, _balanced(own, weights), seed))


def _balanced(own: NDArray[np.intp], weights: Sequence[float] | None) -> Floats:
    """The sets are unbalanced by design (many ways to say "yes", few angry turns): labels weigh the same."""
    counts = np.bincount(own)
    return np.asarray(weights if weights is not None else np.ones(len(own))) * (len(own) / (len(counts) * counts))[own]


def not_converged(name: str, head: Head, options: Options) -> str:
    return (
        f"{name}: not converged after {head.iterations} iterations at tol={options.tol:g}; "
        f"raise max_iter (now {options.max_iter}) rather than tol"
    )


def _remembering(encode: Encode) -> Encode:
    """Each text is encoded once, though it is in several folds; for one language."""
    known: dict[str, Vectors] = {}

    def vectors(texts: Sequence[str], language: str) -> Vectors:
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(fresh, encode(fresh, language), strict=True))
        return np.stack([known[text] for text in texts])

    return vectors


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
