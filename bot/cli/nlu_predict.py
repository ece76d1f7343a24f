"""`voicebot nlu predict`: one sentence for people, a file of utterances for programs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import fail, friendly
from bot.cli.nlu_options import Models, models_folder
from bot.progress import step
from dialogue.protocol import Answer
from nlu import prediction
from nlu.features import UnsupportedLanguage
from nlu.inventory import Intent
from nlu.model import OnnxUnderstander
from nlu.prediction import written_in
from nlu.registry import load_version
from nlu.understanding import Context, Understanding

console = Console()


def predict(
    text: Annotated[str | None, typer.Argument(help="What the customer said.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Utterances: JSONL with `text`, `lang` and more.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the rows of --file go, with the answers.")] = None,
    lang: Annotated[str | None, typer.Option(help="en or zh; by default what the text is written in.")] = None,
    expects: Annotated[Answer | None, typer.Option(help="The kind of answer asked for.")] = None,
    choices: Annotated[list[Intent] | None, typer.Option("--choice", help="An intent that would answer.")] = None,
    length: Annotated[int | None, typer.Option(help="How many digits were asked for.")] = None,
    reference: Annotated[str | None, typer.Option(help="The day it is said, YYYY-MM-DD; by default today.")] = None,
    version: Annotated[str | None, typer.Option(help="A version of the model; by default the live one.")] = None,
    models: Models = None,
) -> None:
    """Show what the model makes of one sentence, or of each row of a file.

    A row of --file has `text` and `lang`, and may have `expects`, `state_intents` and `reference`. --out gets the same
    row with `intent`, `probability`, `decision`, `sentiment` and `entities`.
    """
    if (text is None) == (file is None):
        fail("name either a sentence or --file IN.jsonl")
    if (file is None) != (out is None):
        fail("--file and --out belong together: --file IN.jsonl --out OUT.jsonl")
    with friendly():
        today = _day(reference)
        model = load_version(models_folder(models), version)
        if file is not None and out is not None:
            _predict_file(model, file, out, today)
        elif text is not None:
            language = lang or written_in(text)
            try:
                found = model.understand(text, Context(language, today, expects, tuple(choices or ()), length))
            except UnsupportedLanguage as error:
                fail(str(error))
            _print(found, language)


def _day(reference: str | None) -> date:
    try:
        return date.fromisoformat(reference) if reference else date.today()
    except ValueError as error:
        fail(f"--reference {reference}: {error}")


def _predict_file(model: OnnxUnderstander, file: Path, out: Path, today: date) -> None:
    rows = prediction.read(file)
    with step("understanding", total=len(rows)) as bar, out.open("w", encoding="utf-8", newline="\n") as target:
        for done, row in enumerate(prediction.predict(model, rows, today), start=1):
            target.write(_line(row) + "\n")
            bar.reach(done)
    console.print(f"{len(rows)} rows written to {out} (model {model.version})", highlight=False, soft_wrap=True)


def _line(row: dict[str, object]) -> str:
    """JSON may hold half of a surrogate pair, which UTF-8 cannot: such a row is written with escapes."""
    line = json.dumps(row, ensure_ascii=False)
    return line if all(not "\ud800" <= character <= "\udfff" for character in line) else json.dumps(row)


def _print(found: Understanding, language: str) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("language", language)
    table.add_row("intent", f"{found.intent}  {found.probability:.2f}")
    table.add_row("or", ", ".join(f"{intent} {p:.2f}" for intent, p in found.ranking[1:4]))
    about = "" if found.decision.intent is found.intent else f" {found.decision.intent}, which must not be missed"
    table.add_row("decision", f"{found.decision.action}{about}")
    table.add_row("sentiment", f"{found.sentiment}  {found.sentiment_probability:.2f}")
    for entity in found.entities:
        table.add_row(str(entity.type), f"{entity.value}{f' {entity.currency}' if entity.currency else ''}")
    table.add_row("answer", "none" if found.answer is None else f"{found.answer.value} ({found.answer.type})")
    table.add_row("model", found.model)
    console.print(table)
