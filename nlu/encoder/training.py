"""From labelled texts to an encoder that can be served: fine-tune, export, round to eight bits, calibrate."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped]
from numpy.typing import NDArray
from onnx import ModelProto

from nlu import corpus, features, noise
from nlu.encoder import body, graph, network, quantise
from nlu.encoder import tokens as tokenising
from nlu.encoder.checkpoint import Checkpoint
from nlu.encoder.learning import Course, fine_tune, repeatable, threads_used
from nlu.encoder.lessons import Curriculum, Lessons
from nlu.encoder.network import Network
from nlu.encoder.recipe import LIBRARIES, STEPS, Recipe
from nlu.encoder.tokens import Tokens
from nlu.head import Head, calibrated
from nlu.training import Options, Progress

SLICE = 64


@dataclass(frozen=True, slots=True)
class TrainedEncoder:
    """`served` and `exact` are the ONNX files with weights of eight bits and of floats, under the same heads."""

    heads: Mapping[str, Head]
    served: bytes
    exact: bytes
    course: Course


def train(
    lessons: Lessons,
    tune: Lessons,
    language: str,
    recipe: Recipe,
    options: Options,
    working: Path,
    progress: Progress = lambda _: None,
) -> TrainedEncoder:
    """Go on with the training that `working` (a file) holds, or begin. Raises `TrainingError`.

    Heads are calibrated on what is served: the temperature is that of the eight-bit encoder.
    """
    description = (
        tokenising.characters(lessons.texts, language) if recipe.folder is None else network.tokenizer_of(recipe)
    )
    tokens = Tokens(description, language)
    names = lessons.names()
    with repeatable(options.seed):
        net = network.build(recipe, tokenising.vocabulary_size(description), names)
        course = fine_tune(
            net,
            lessons,
            tune,
            Curriculum(lessons.texts, language, tokens, recipe, options),
            tokens,
            recipe,
            options,
            Checkpoint(working, _key(lessons, tune, language, recipe, options)),
            _reporter(progress, f"{language} encoder"),
        )
        exact = body.to_onnx(net.body)
    rounded = quantise.int8(exact)
    heads = _heads(net, rounded, tokens, lessons, tune, names, course)
    units = tokenising.units(lessons.texts, language, description, recipe.folder is not None)
    served, exact = (graph.assemble(part, heads, units, description) for part in (rounded, exact))
    return TrainedEncoder(
        heads, served.SerializeToString(deterministic=True), exact.SerializeToString(deterministic=True), course
    )


def _key(lessons: Lessons, tune: Lessons, language: str, recipe: Recipe, options: Options) -> str:
    """Names all that this training follows from: with anything else, an interrupted one must not be gone on with."""
    code = [*Path(__file__).parent.glob("*.py"), Path(noise.__file__), Path(features.__file__), noise.HOMOPHONES]
    parts: list[object] = [asdict(lessons), asdict(tune), language, recipe.identity(), asdict(options)]
    parts += [{name: importlib.metadata.version(name) for name in LIBRARIES}]
    parts += [threads_used(), corpus.digest(code)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _heads(
    net: Network,
    served: ModelProto,
    tokens: Tokens,
    lessons: Lessons,
    tune: Lessons,
    names: Mapping[str, Sequence[str]],
    course: Course,
) -> dict[str, Head]:
    session = ort.InferenceSession(served.SerializeToString(), providers=["CPUExecutionProvider"])
    learnt, tuned = (_features(session, tokens, part.texts) for part in (lessons, tune))
    heads = {}
    for name, labels in names.items():
        layer = net.heads[name]
        plain = Head(
            labels=tuple(labels),
            weights=layer.weight.detach().numpy().astype(np.float64).T,
            bias=layer.bias.detach().numpy().astype(np.float64),
            temperature=1.0,
            iterations=course.steps,
            training_accuracy=0.0,
            converged=not course.rising,
        )
        heads[name] = _calibrated(plain, learnt, lessons.labels[name], tuned, tune.labels[name])
    return heads


def _calibrated(
    head: Head,
    learnt: NDArray[np.float64],
    truth: Sequence[str | None],
    tuned: NDArray[np.float64],
    kept: Sequence[str | None],
) -> Head:
    known = [row for row, label in enumerate(truth) if label is not None]
    best = head.probabilities(learnt[known]).argmax(axis=1)
    right = [head.labels[column] == truth[row] for column, row in zip(best, known, strict=True)]
    head = replace(head, training_accuracy=float(np.mean(right)))
    judged = [(row, label) for row, label in enumerate(kept) if label is not None]
    if not judged:
        return head
    return calibrated(head, tuned[[row for row, _ in judged]], [label for _, label in judged])


def _features(session: ort.InferenceSession, tokens: Tokens, texts: Sequence[str]) -> NDArray[np.float64]:
    """[texts, width]."""
    parts: list[object] = [
        session.run([graph.FEATURES], tokens.feed(texts[start : start + SLICE]))[0]
        for start in range(0, len(texts), SLICE)
    ]
    width = session.get_outputs()[0].shape[1]
    return np.concatenate([np.empty((0, int(width))), *parts]).astype(np.float64)


def _reporter(progress: Progress, name: str) -> Callable[[float], None]:
    """Calls `progress` `STEPS` times while the share that is done goes from nothing to one."""
    told = 0

    def reached(done: float) -> None:
        nonlocal told
        while told < int(done * STEPS + 1e-9):
            told += 1
            progress(name)

    return reached
