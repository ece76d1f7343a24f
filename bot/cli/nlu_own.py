"""`voicebot nlu train --test`: learn from data of your own, with any labels, beside the model in service."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli import nlu_report
from bot.cli.errors import fail
from bot.cli.nlu_progress import follow
from nlu import card
from nlu.encoder import recipe as recipes
from nlu.encoder.recipe import STEPS as ENCODER_STEPS
from nlu.features import TOKENISERS
from nlu.own.examples import Task
from nlu.own.learning import HEAD, STEPS
from nlu.own.model import Trained
from nlu.own.model import train as train_own
from nlu.training import Options

Test = Annotated[
    Path | None,
    typer.Option("--test", help="With data of your own: the file to measure on (JSONL, CSV or Rasa YAML)."),
]
Lang = Annotated[str | None, typer.Option("--lang", help="With data of your own: their language, en or zh.")]
Name = Annotated[str | None, typer.Option("--name", help="With data of your own: what to call the model.")]
TaskOption = Annotated[Task, typer.Option("--task", help="With data of your own: the field to learn.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed and data give the same model.")]
Encoder = Annotated[
    list[str] | None,
    typer.Option(
        "--encoder",
        help="A transformer instead of n-grams: minilm (English), scratch, or the folder of a transformers model; "
        "LANGUAGE=... for one language, as often as needed. The same command goes on after an interruption.",
    ),
]
Epochs = Annotated[
    int | None,
    typer.Option("--epochs", min=1, help="How often an encoder sees the data at most; by default 6, from scratch 14."),
]
AsJson = Annotated[Path | None, typer.Option("--json", help="With data of your own: write the score as data, too.")]


def train(
    data: Path | None,
    test: Path | None,
    lang: str | None,
    name: str | None,
    task: Task,
    seed: int,
    json_path: Path | None,
    encoder: Sequence[str],
    epochs: int | None,
    root: Path,
    console: Console,
) -> None:
    """Train, report, and exit with 1 where training has not converged."""
    if data is None or test is None or lang is None or name is None:
        given = {"--data": data, "--test": test, "--lang": lang, "--name": name}
        missing = ", ".join(option for option, value in given.items() if value is None)
        fail(f"data of your own need --data, --test, --lang and --name; {missing} is missing")
    if lang not in TOKENISERS:
        fail(f"--lang {lang}: there is a model for {', '.join(sorted(TOKENISERS))}")
    if json_path is not None and not json_path.parent.is_dir():
        fail(f"--json {json_path}: there is no folder {json_path.parent}; make it first")
    recipe = recipes.choose(encoder, [lang], epochs).get(lang)
    steps = STEPS if recipe is None else ENCODER_STEPS + 1
    with follow(f"training {name}", steps, console, recipe is not None) as progress:
        trained = train_own(data, test, lang, name, root, task, Options(seed=seed), progress, recipe)
    if json_path is not None:
        json_path.write_text(json.dumps(figures(trained), indent=2) + "\n", encoding="utf-8")
    _print(trained, console)
    if not trained.described.converged:
        raise typer.Exit(1)


def figures(trained: Trained) -> dict[str, float | int | bool]:
    score = trained.evaluation.score
    return {
        "accuracy": score.accuracy,
        "macro_f1": score.macro_f1,
        "n_test": score.rows,
        "converged": trained.described.converged,
    }


def _print(trained: Trained, console: Console) -> None:
    told = trained.described
    console.print(nlu_report.scores({told.task: trained.evaluation.score}))
    console.print(nlu_report.labels(trained.evaluation, told.task))
    nlu_report.print_confusions(trained.evaluation, console)
    console.print(
        f"{len(told.labels)} labels, {told.iterations} iterations, training accuracy {told.training_accuracy:.3f}; "
        f"the model is in {trained.folder}, the live one is as it was",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )
    if told.encoder is not None:
        before, now = told.encoder.before_int8[HEAD], trained.evaluation.score
        console.print(
            f"{card.course(told.encoder)} Float weights would give accuracy {before.accuracy:.4f} "
            f"instead of {now.accuracy:.4f}.",
            highlight=False,
            soft_wrap=True,
            markup=False,
        )
    for concern in trained.concerns:
        console.print(f"note: {concern}", highlight=False, soft_wrap=True, markup=False)
