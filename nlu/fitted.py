"""What either kind of training gives, so that what comes after need not know which it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu import export
from nlu.encoder.lessons import Lessons
from nlu.encoder.recipe import Recipe
from nlu.head import Floats, Head, softmax
from nlu.manifest import Encoder, Score
from nlu.training import Options, Progress, TrainedLanguage


@dataclass(frozen=True, slots=True)
class Fitted:
    """Heads and the ONNX file that will serve.

    `unseen`: probabilities of intents [rows, labels] for rows kept out of training in turn, and what is right; None
    where only the validation split was. `exact` is the file of an encoder with float weights, to measure against.
    """

    heads: Mapping[str, Head]
    content: bytes
    unseen: tuple[Floats, Sequence[str]] | None = None
    exact: bytes = b""
    validation: tuple[float, ...] = ()
    best_epoch: int = 0

    def encoder(self, recipe: Recipe, before_int8: Mapping[str, Score]) -> Encoder:
        """The part of a manifest that tells of it."""
        return Encoder(
            base=recipe.name,
            source_sha256=recipe.source_sha256(),
            validation=self.validation,
            best_epoch=self.best_epoch,
            before_int8=dict(before_int8),
        )


def ngrams(trained: TrainedLanguage) -> Fitted:
    aside = trained.out_of_fold.get("intent")
    unseen = None if aside is None else (softmax(aside.logits / trained.intent.temperature), aside.truth)
    return Fitted(trained.heads, export.to_onnx(trained).SerializeToString(deterministic=True), unseen)


def encoder(
    lessons: Lessons,
    tune: Lessons,
    language: str,
    recipe: Recipe,
    options: Options,
    working: Path,
    progress: Progress,
) -> Fitted:
    """`working` is the file that an interrupted training goes on from. Raises `TrainingError`."""
    from nlu.encoder import training  # needs torch, which serving and n-grams do without

    found = training.train(lessons, tune, language, recipe, options, working, progress)
    return Fitted(found.heads, found.served, None, found.exact, found.course.scores, found.course.best_epoch)
