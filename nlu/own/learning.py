"""Learning one head from foreign examples, as our own model or an encoder learns its two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from nlu import fitted, sentence_vectors, training
from nlu.encoder.lessons import Lessons
from nlu.encoder.recipe import Recipe
from nlu.fitted import Fitted
from nlu.head import Head, calibrated
from nlu.own.examples import Example
from nlu.sentence_vectors import Vectors
from nlu.training import Options, Progress, TrainedLanguage, TrainingError

HEAD = "label"
STEPS = 4
"""How often `progress` is called: features, calibration, labels, export and evaluation."""

KEPT_ASIDE = 10  # every tenth example of a label calibrates the temperature
MIN_KEPT_ASIDE = 20  # fewer say nothing about it: it stays at one


def learn(
    examples: Sequence[Example], language: str, options: Options, progress: Progress = lambda _: None
) -> TrainedLanguage:
    """A model with the one head `HEAD`, learnt from all examples. Raises `TrainingError`.

    Whether it converged is said by the head: a report of a model that did not is worth reading, too.
    """
    _check(examples)
    progress("features")
    prepared = training.prepare([example.text for example in examples], language)
    texts = [example.text for example in examples]
    matrix, vectors = prepared.matrix(texts), sentence_vectors.vectors(texts, language)
    truth = [example.label for example in examples]

    progress("calibration")
    aside = _aside(truth, options.seed)
    temperature = 1.0
    if len(aside) >= MIN_KEPT_ASIDE:
        rest = np.setdiff1d(np.arange(len(truth)), aside)
        part = _fit(matrix[rest], vectors[rest], [truth[n] for n in rest], options, f"{language} calibration")
        temperature = calibrated(part, matrix[aside], [truth[n] for n in aside], vectors[aside]).temperature

    progress("labels")
    head = _fit(matrix, vectors, truth, options, f"{language} labels")
    return replace(prepared, heads={HEAD: replace(head, temperature=temperature)})


def _fit(x: csr_matrix, vectors: Vectors, truth: Sequence[str], options: Options, name: str) -> Head:
    return training.with_network(training.fit(x, truth, options, name), vectors, truth, options.seed)


def learn_encoder(
    examples: Sequence[Example],
    language: str,
    recipe: Recipe,
    options: Options,
    working: Path,
    progress: Progress = lambda _: None,
) -> Fitted:
    """The same with a transformer. What is kept aside it never learns from: it decides when to stop, too."""
    _check(examples)
    aside = set(_aside([example.label for example in examples], options.seed))
    learn, tune = (
        [example for place, example in enumerate(examples) if (place in aside) is kept] for kept in (False, True)
    )
    return fitted.encoder(_lessons(learn), _lessons(tune), language, recipe, options, working, progress)


def _lessons(examples: Sequence[Example]) -> Lessons:
    return Lessons([example.text for example in examples], {HEAD: [example.label for example in examples]})


def _check(examples: Sequence[Example]) -> None:
    labels = sorted({example.label for example in examples})
    if len(labels) < 2:
        raise TrainingError(
            f"{examples[0].place.rpartition(':')[0]}: needs at least two different labels, "
            f"found {len(examples)} row(s) of {labels[0]!r}"
        )


def _aside(labels: Sequence[str], seed: int) -> list[int]:
    """A tenth of each label's examples, drawn by the seed; of a label with fewer than ten, none."""
    draw = np.random.default_rng(seed)
    places: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        places[label].append(place)
    return sorted(int(place) for own in places.values() for place in draw.permutation(own)[: len(own) // KEPT_ASIDE])
