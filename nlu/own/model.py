"""A model of foreign data on disk: `models/nlu/own/<name>/`, one ONNX file and its manifest."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from nlu import corpus, fitted, manifest
from nlu.encoder import recipe as recipes
from nlu.encoder.recipe import Recipe
from nlu.evaluation import Evaluation, evaluate
from nlu.fitted import Fitted
from nlu.head import Head
from nlu.manifest import Encoder, ModelError, Part
from nlu.own import examples
from nlu.own.examples import Example, Examples, Task
from nlu.own.learning import HEAD, learn, learn_encoder
from nlu.sentence_vectors import OtherVectors
from nlu.session import OnnxSession
from nlu.training import Options, Progress

FOLDER = "own"
FILE_NAME = "own.json"  # not `model.json`: no command takes it for a model that could serve
_GRAPH = "model.onnx"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class OwnManifest(Part):
    format: Literal[1] = 1
    name: str
    task: Task
    language: str
    labels: tuple[str, ...]
    sha256: str
    data_sha256: str
    seed: int
    temperature: float
    iterations: int
    training_accuracy: float
    converged: bool
    encoder: Encoder | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training gave: where it lies, how good it is, and what to think of before believing it."""

    folder: Path
    described: OwnManifest
    evaluation: Evaluation
    concerns: tuple[str, ...]


class OwnModel:
    def __init__(self, described: OwnManifest, session: OnnxSession) -> None:
        self.described = described
        self._session = session

    def evaluate(self, rows: Sequence[Example]) -> Evaluation:
        """Of at least one row."""
        probabilities = self._session.probabilities([row.text for row in rows], HEAD)
        return evaluate(self.described.labels, probabilities, [row.label for row in rows])


def train(
    data: Path,
    test: Path,
    language: str,
    name: str,
    root: Path,
    task: Task = Task.INTENT,
    options: Options | None = None,
    progress: Progress = lambda _: None,
    recipe: Recipe | None = None,
) -> Trained:
    """Learn from one file, measure on another with the stored ONNX file, and store under the name.

    With a `recipe` it is a transformer; one whose training was interrupted goes on. A model of that name is replaced;
    the live model is not touched. Raises `CorpusError` or `TrainingError`.
    """
    options = options or Options()
    if not _NAME.fullmatch(name):
        raise ModelError(f"{name!r} is no name for a model; use letters, digits, '.', '_' and '-'")
    known, kept = examples.read(data, task, language), examples.read(test, task, language)
    working = root / FOLDER / f".resume-{name}"
    if recipe is None:
        found = fitted.ngrams(learn(known.labelled, language, options, progress))
    else:
        recipes.require_torch()
        found = learn_encoder(known.labelled, language, recipe, options, working / "model.pt", progress)
    progress("export and evaluation")
    head = found.heads[HEAD]
    described = OwnManifest(
        name=name,
        task=task,
        language=language,
        labels=head.labels,
        sha256=manifest.sha256(found.content),
        data_sha256=corpus.digest([data, test]),
        seed=options.seed,
        temperature=head.temperature,
        iterations=head.iterations,
        training_accuracy=head.training_accuracy,
        converged=head.converged,
        encoder=None if recipe is None else _encoder(found, recipe, head, kept.labelled, language),
    )
    folder = _store(described, found.content, root / FOLDER)
    shutil.rmtree(working, ignore_errors=True)
    evaluation = load(folder).evaluate(kept.labelled)
    return Trained(folder, described, evaluation, tuple(_concerns(known, kept, head, options, recipe)))


def load(folder: Path) -> OwnModel:
    """Raises `ModelError` where a file is missing, changed or broken."""
    path = folder / FILE_NAME
    try:
        described = OwnManifest.model_validate_json(path.read_bytes())
        content = (folder / _GRAPH).read_bytes()
    except OSError as error:
        raise ModelError(f"{error.filename}: cannot be read ({error.strerror}); train it again") from None
    except ValidationError as error:
        raise ModelError(f"{path}: {error.errors()[0]['msg']}; train it again") from None
    if manifest.sha256(content) != described.sha256:
        raise ModelError(f"{folder / _GRAPH}: is not the file {FILE_NAME} describes (sha256 differs); train it again")
    try:
        return OwnModel(described, OnnxSession(content, described.language))
    except OtherVectors as error:
        raise ModelError(f"{folder / _GRAPH}: {error}") from None


def _encoder(found: Fitted, recipe: Recipe, head: Head, kept: Sequence[Example], language: str) -> Encoder:
    exact = OnnxSession(found.exact, language).probabilities([row.text for row in kept], HEAD)
    return found.encoder(recipe, {HEAD: evaluate(head.labels, exact, [row.label for row in kept]).score})


def _store(described: OwnManifest, content: bytes, root: Path) -> Path:
    """The folder appears whole or not at all."""
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".training-") as scratch:
        fresh = Path(scratch) / described.name
        fresh.mkdir()
        (fresh / _GRAPH).write_bytes(content)
        (fresh / FILE_NAME).write_text(described.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")
        shutil.rmtree(root / described.name, ignore_errors=True)
        fresh.rename(root / described.name)
    return root / described.name


def _concerns(known: Examples, kept: Examples, head: Head, options: Options, recipe: Recipe | None) -> list[str]:
    found = examples.concerns(known.labelled, kept.labelled)
    if missing := known.unlabelled + kept.unlabelled:
        found.append(f"{missing} rows without a label were left out")
    if not head.converged:
        limit = f"max_iter is {options.max_iter}" if recipe is None else f"{recipe.epochs} epochs; --epochs gives more"
        found.append(
            f"training has not converged after {head.iterations} iterations ({limit}): "
            "the model is worse than it could be"
        )
    return found
