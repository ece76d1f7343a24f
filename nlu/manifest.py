"""`model.json`: what a model folder holds, what it was made from, and how good it measured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from nlu.inventory import Intent, Sentiment
from nlu.policy.decision import Policy

FILE_NAME = "model.json"


class ModelError(RuntimeError):
    """A model folder cannot be served; the message names the file and the remedy."""


class OutdatedModel(ModelError):
    """The folder is of another version of the product: nothing is wrong with it, but it has to be trained again."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Score(Part):
    """One task on the test split. `majority` is the accuracy of always giving the commonest label."""

    rows: int
    accuracy: float
    macro_f1: float
    majority: float
    ece: float


class Encoder(Part):
    """How a transformer was trained. `validation` is the mean macro-F1 of its heads after each epoch, `best_epoch`
    (from one) that which was kept, `before_int8` its scores on the test rows with float weights, by head.
    """

    base: str
    source_sha256: str
    validation: tuple[float, ...]
    best_epoch: int
    before_int8: dict[str, Score]


class LanguageModel(Part):
    """One ONNX file: its labels in the order of its outputs, and how its training ended; `encoder` where it is one."""

    file: str
    sha256: str
    intents: tuple[Intent, ...]
    sentiments: tuple[Sentiment, ...]
    intent_temperature: float
    sentiment_temperature: float
    intent_iterations: int
    sentiment_iterations: int
    intent_score: Score
    sentiment_score: Score
    recall: dict[Intent, float]
    policy: Policy
    encoder: Encoder | None = None


class Manifest(Part):
    """`version` is the hash of data, code, options and library versions; equal versions are equal models, to
    the last digit on the same kind of processor.

    `seal` is the hash of all the rest, so that a threshold changed by hand is noticed.
    """

    format: Literal[2] = 2
    version: str
    data_sha256: str
    code_sha256: str
    seed: int
    libraries: dict[str, str]
    languages: dict[str, LanguageModel]
    seal: str = ""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(manifest: Manifest, folder: Path) -> None:
    """Seals it, too."""
    sealed = manifest.model_copy(update={"seal": seal(_plain(manifest))})
    (folder / FILE_NAME).write_text(sealed.model_dump_json(indent=2, exclude_none=True) + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Raises `ModelError` where the manifest is missing or not one this version of the code can serve."""
    path = folder / FILE_NAME
    try:
        found = Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); run `voicebot nlu train`") from None
    except ValidationError as error:
        problems = {".".join(str(part) for part in e["loc"]) or "the file": e["msg"] for e in error.errors()}
        if "format" in problems:
            raise OutdatedModel(
                f"{path}: is of another version of the product (format); train again with `voicebot nlu train`"
            ) from None
        place, problem = next(iter(problems.items()))
        raise ModelError(f"{path}: {place}: {problem}; train again with `voicebot nlu train`") from None
    if found.seal != seal(_plain(found)):
        raise ModelError(f"{path}: was changed after training (its seal does not fit); train again")
    return found


def _plain(manifest: Manifest) -> dict[str, Any]:
    """Without what is not there: a field that came later does not break the seal of an older model."""
    return manifest.model_dump(mode="json", exclude_none=True)


def seal(described: Mapping[str, Any]) -> str:
    """The hash of a manifest as JSON, its own `seal` left out."""
    plain = {key: value for key, value in described.items() if key != "seal"}
    return sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode())
