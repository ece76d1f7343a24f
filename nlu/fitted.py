"""What either kind of training gives, so that what comes after need not know which it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu import export
from nlu.encoder.lessons import Lessons
from nlu.encoder.recipe import Recipe
from nlu.manifest import Encoder, Score
from nlu.training import Head, Options, Progress, TrainedLanguage


@dataclass(frozen=True, slots=True)
class Fitted:
    """Heads and the ONNX file that will serve. `exact` is that of an encoder with float weights, to measure against."""

    heads: Mapping[str, Head]
    content: bytes
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
    return Fitted(trained.heads, export.to_onnx(trained).SerializeToString(deterministic=True))


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
    return Fitted(found.heads, found.served, found.exact, found.course.scores, found.course.best_epoch)
