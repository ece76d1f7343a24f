"""`voicebot nlu`: train the model of meaning, see how good it is, try it on a sentence."""

from __future__ import annotations

import typer
from rich.console import Console

from bot.cli import (
    nlu_bench,
    nlu_collect,
    nlu_compare,
    nlu_data,
    nlu_drift,
    nlu_evaluate,
    nlu_label,
    nlu_own,
    nlu_predict,
    nlu_report,
    nlu_service,
)
from bot.cli.errors import friendly
from bot.cli.nlu_options import Data, Models, data_folder, models_folder
from bot.cli.nlu_progress import follow
from nlu import card, corpus
from nlu.encoder import recipe as recipes
from nlu.encoder.recipe import STEPS as ENCODER_STEPS
from nlu.model import OnnxUnderstander, load
from nlu.own.examples import Task
from nlu.pointers import needs_model, set_live
from nlu.registry import train_version
from nlu.training import STEPS, Options

app = typer.Typer(no_args_is_help=True, help="Train, measure and try the model that understands customers.")
app.add_typer(nlu_data.app, name="data")
console = Console()

app.command()(nlu_predict.predict)
app.command("compare")(nlu_compare.compare_models)
for command in (nlu_evaluate.evaluate, nlu_bench.bench, nlu_service.promote, nlu_service.rollback, nlu_service.shadow):
    app.command()(command)
app.command()(nlu_collect.collect)
app.command()(nlu_label.label)
app.command()(nlu_drift.drift)


@app.command()
def train(
    data: Data = None,
    models: Models = None,
    test: nlu_own.Test = None,
    lang: nlu_own.Lang = None,
    name: nlu_own.Name = None,
    task: nlu_own.TaskOption = Task.INTENT,
    seed: nlu_own.Seed = 0,
    json_path: nlu_own.AsJson = None,
    encoder: nlu_own.Encoder = None,
    epochs: nlu_own.Epochs = None,
) -> None:
    """Train on the labelled utterances and measure on those kept aside; `promote` puts the model in service.

    The very first model of all goes into service by itself. With --test, --lang and --name, --data is a file of
    your own with any labels (JSONL, CSV or Rasa YAML), and the model is kept beside those that serve.
    """
    with friendly():
        if any((test, lang, name, json_path, data is not None and data.is_file())):
            nlu_own.train(
                data, test, lang, name, task, seed, json_path, encoder or [], epochs, models_folder(models), console
            )
            return
        folder, root = data_folder(data), models_folder(models)
        tags = corpus.languages(folder)
        encoders = recipes.choose(encoder or [], tags, epochs)
        steps = sum(ENCODER_STEPS + 1 if tag in encoders else STEPS for tag in tags)
        with follow("training the model of meaning", steps, console, bool(encoders)) as progress:
            version, fresh = train_version(folder, root, Options(seed=seed), progress, encoders)
        first = needs_model(root)
        if first:
            set_live(root, version)
        done_now = "trained" if fresh else "was there already, nothing changed"
        status = "it is live now" if first else f"compare it, then `voicebot nlu promote {version}`"
        console.print(f"model {version} {done_now}; {status}", highlight=False, soft_wrap=True)
        _print_scores(load(root / version))


def _print_scores(model: OnnxUnderstander) -> None:
    for language, part in model.manifest.languages.items():
        console.print(f"\n[bold]{language}[/]", highlight=False)
        console.print(nlu_report.scores({"intent": part.intent_score, "sentiment": part.sentiment_score}))
        console.print(card.kind(part), highlight=False, soft_wrap=True)
        console.print(
            "safety recall  " + ", ".join(f"{intent} {value:.2f}" for intent, value in part.recall.items()),
            highlight=False,
            soft_wrap=True,
        )
