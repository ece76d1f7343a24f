"""`voicebot nlu evaluate`: how good a model is, on the terminal, as a page and as data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import friendly
from bot.cli.nlu_compare import named
from bot.cli.nlu_options import Data, Models, data_folder, models_folder
from bot.cli.nlu_rows import rows_by_language, warn_of_older_data
from nlu.comparison.comparing import compare
from nlu.comparison.measuring import Measured, measure
from nlu.corpus import Row
from nlu.manifest import ModelError
from nlu.model import OnnxUnderstander
from nlu.noise import Noise
from nlu.pointers import LIVE, live_version
from nlu.policy.costs import costs
from nlu.registry import load_version
from nlu.report.figures import figures
from nlu.report.page import page

console = Console()


def evaluate(
    model: Annotated[str, typer.Argument(help="A version, `live` or `shadow`.")] = LIVE,
    on: Annotated[Path | None, typer.Option("--on", help="Labelled rows; by default the test split.")] = None,
    data: Data = None,
    models: Models = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write an HTML page that opens offline.")] = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the figures as data, too.")] = None,
) -> None:
    """Measure a model as calls use it, list what it confuses, and lay it beside the live one."""
    with friendly():
        root = models_folder(models)
        loaded = load_version(root, named(root, model))
        live = _other_live(root, loaded.version)
        folder = data_folder(data)
        found = report_of(loaded, live, folder, on)
        for language, one in found["languages"].items():
            _print(language, loaded.version, one)
        beside = {} if live is None else {f"live model {live.version}": live.manifest}
        warn_of_older_data({f"model {loaded.version}": loaded.manifest, **beside}, folder)
        if json_path is not None:
            json_path.write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
        if report is not None:
            report.write_text(page(found), encoding="utf-8")
            console.print(f"\nreport: {report}", highlight=False, soft_wrap=True)


def report_of(model: OnnxUnderstander, live: OnnxUnderstander | None, data: Path, on: Path | None) -> dict[str, Any]:
    """What `nlu.report.page` draws."""
    described = model.manifest
    return {
        "model": model.version,
        "compared_with": live.version if live else None,
        "rows_from": "the test split of the training data" if on is None else on.name,
        "data_sha256": described.data_sha256,
        "code_sha256": described.code_sha256,
        "seed": described.seed,
        "languages": {
            language: _language(model, live, rows, language)
            for language, rows in rows_by_language(data, on, model.languages).items()
        },
    }


def _language(
    model: OnnxUnderstander, live: OnnxUnderstander | None, rows: Sequence[Row], language: str
) -> dict[str, Any]:
    noise = Noise([row.text for row in rows], language)

    def noisy(rate: float) -> Measured:
        texts = noise.texts([row.text for row in rows], rate)
        return measure(model, [replace(row, text=text) for row, text in zip(rows, texts, strict=True)], language)

    measured = measure(model, rows, language)
    comparison = (
        compare(measure(live, rows, language), measured) if live is not None and language in live.languages else None
    )
    return figures(measured, model.manifest.languages[language], noisy, costs(), comparison)


def _other_live(root: Path, version: str) -> OnnxUnderstander | None:
    """The live model, where it is another one and can be loaded."""
    try:
        live = live_version(root)
        return load_version(root, live) if live != version else None
    except ModelError:
        return None


def _print(language: str, version: str, found: dict[str, Any]) -> None:
    console.print(f"\n[bold]{language}[/]  model {version}, {found['rows']} rows", highlight=False)
    scores = Table("", "accuracy", "95 %", "majority", "macro-F1", "majority", "ECE", box=None, pad_edge=False)
    for name in ("intent", "sentiment"):
        if (one := found[name]) is not None:
            low, high = one["interval"]
            scores.add_row(
                name, f"{one['accuracy']:.3f}", f"{low:.3f}-{high:.3f}", f"{one['majority']:.3f}",
                f"{one['macro_f1']:.3f}", f"{one['majority_macro_f1']:.3f}", f"{one['ece']:.3f}",
            )  # fmt: skip
    console.print(scores)
    labels = Table("intent", "rows", "precision", "recall", "95 %", "", box=None, pad_edge=False)
    for one in found["intents"]:
        low, high = one["recall_interval"]
        labels.add_row(
            one["intent"], str(one["rows"]), f"{one['precision']:.2f}", f"{one['recall']:.2f}",
            f"{low:.2f}-{high:.2f}", "safety" if one["safety"] else "",
        )  # fmt: skip
    console.print(labels)
    for point in found["noise"]:
        console.print(f"{point['rate']:>4.0%} of words misheard: accuracy {point['accuracy']:.3f}", highlight=False)
    for gate in found["out_of_scope"]:
        caught = ", ".join(f"{kind} {one['recall']:.2f}" for kind, one in gate["recall"].items())
        console.print(f"out of scope, {gate['gate']} {gate['threshold']:.2f}: caught {caught}", highlight=False)
    for one in found["worst"][:10]:
        console.print(
            f"  {one['text']}  is {one['truth']}, taken for {one['found']} ({one['probability']:.2f})",
            highlight=False, markup=False, soft_wrap=True,
        )  # fmt: skip
