"""Trained models on disk, in `<root>/<version>/` folders; `nlu.pointers` says which of them serves.

A version is the hash of everything a model follows from, so training the same thing twice does nothing.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from nlu import card, corpus, export, features, folds, inventory, manifest, noise, training
from nlu.corpus import Split, of_split
from nlu.evaluation import SAFETY_INTENTS, assess
from nlu.inventory import Intent, Sentiment
from nlu.manifest import LanguageModel, Manifest
from nlu.model import OnnxUnderstander, load
from nlu.pointers import live_version, require
from nlu.policy import costs, decision, fitting
from nlu.session import OnnxSession
from nlu.training import Options, Progress, TrainingError

_CODE = (
    features,
    folds,
    noise,
    training,
    export,
    corpus,
    inventory,
    costs,
    decision,
    fitting,
)  # the modules a model's bytes follow from
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "onnx", "pypinyin")


def load_live(root: Path) -> OnnxUnderstander:
    """The model in service. Raises `ModelError` where there is none or it is broken."""
    return load(root / live_version(root))


def load_version(root: Path, version: str | None) -> OnnxUnderstander:
    """A version by its name, or the live one. Raises `ModelError`, naming those there are."""
    if version is None:
        return load_live(root)
    require(root, version)
    return load(root / version)


def version_of(data: Path, options: Options) -> str:
    """What training this folder with these options would be called."""
    tags = corpus.languages(data)
    parts = {
        "data": _data_hash(data, tags),
        "code": _code_hash(),
        "options": asdict(options),
        "libraries": _libraries(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def is_of(described: Manifest, data: Path) -> bool:
    """Whether the model learnt from what `data` holds now, in the languages it has."""
    tags = tuple(sorted(described.languages))
    return all((data / f"{tag}.jsonl").is_file() for tag in tags) and described.data_sha256 == _data_hash(data, tags)


def train_version(
    data: Path, root: Path, options: Options | None = None, progress: Progress = lambda _: None
) -> tuple[str, bool]:
    """Train, evaluate and store a model of every language in `data`, unless the same one is there already.

    Returns its version and whether it was trained now; does not make it live. The folder appears whole or not at all.
    Raises `CorpusError` or `TrainingError`.
    """
    options = options or Options()
    version = version_of(data, options)
    if (root / version / manifest.FILE_NAME).is_file():
        return version, False
    root.mkdir(parents=True, exist_ok=True)
    tags = corpus.languages(data)
    with tempfile.TemporaryDirectory(dir=root, prefix=".training-") as scratch:
        folder = Path(scratch) / version
        folder.mkdir()
        parts = {tag: _language(data / f"{tag}.jsonl", tag, folder, options, progress) for tag in tags}
        described = Manifest(
            version=version,
            data_sha256=_data_hash(data, tags),
            code_sha256=_code_hash(),
            seed=options.seed,
            libraries=_libraries(),
            languages=parts,
        )
        (folder / card.FILE_NAME).write_text(card.card(described), encoding="utf-8")
        manifest.write(described, folder)
        shutil.rmtree(root / version, ignore_errors=True)  # a folder without a manifest is a torn one
        folder.rename(root / version)
    return version, True


def _language(path: Path, tag: str, folder: Path, options: Options, progress: Progress) -> LanguageModel:
    rows = corpus.read(path)
    test = of_split(rows, Split.TEST)
    if not test:
        raise TrainingError(f"{path}: no row in the test split; a model that nobody measured is not stored")
    trained = training.train(rows, tag, options, lambda step: progress(f"{tag} {step}"))
    progress(f"{tag} export and evaluation")
    content = export.to_onnx(trained).SerializeToString(deterministic=True)
    (folder / f"{tag}.onnx").write_bytes(content)
    session = OnnxSession(content, tag)
    scores = session.scores([row.text for row in test])
    aside = trained.out_of_fold["intent"]
    intents = tuple(Intent(label) for label in trained.intent.labels)
    intent, sentiment = assess(trained.intent.labels, trained.sentiment.labels, scores, test)
    return LanguageModel(
        file=f"{tag}.onnx",
        sha256=manifest.sha256(content),
        intents=intents,
        sentiments=tuple(Sentiment(label) for label in trained.sentiment.labels),
        intent_temperature=trained.intent.temperature,
        sentiment_temperature=trained.sentiment.temperature,
        intent_iterations=trained.intent.iterations,
        sentiment_iterations=trained.sentiment.iterations,
        intent_score=intent.score,
        sentiment_score=sentiment.score,
        recall={label: intent.recall(label) for label in SAFETY_INTENTS},
        policy=fitting.fit(
            intents, training.softmax(aside.logits / trained.intent.temperature), aside.truth, costs.costs()
        ),
    )


def _data_hash(data: Path, tags: tuple[str, ...]) -> str:
    return corpus.digest([data / f"{tag}.jsonl" for tag in tags])


def _code_hash() -> str:
    return corpus.digest([*(Path(str(module.__file__)) for module in _CODE), costs.FILE, noise.HOMOPHONES])


def _libraries() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in _LIBRARIES}
