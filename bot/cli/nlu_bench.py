"""`voicebot nlu bench`: the figures a model should reach, and whether it does, on this machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import friendly
from bot.cli.nlu_compare import named
from bot.cli.nlu_evaluate import report_of
from bot.cli.nlu_options import Data, Models, data_folder, models_folder
from bot.cli.nlu_rows import rows_by_language, warn_of_older_data
from bot.machine import machine
from bot.settings import ROOT
from nlu.entities import evaluation as entities
from nlu.pointers import LIVE
from nlu.registry import load_version
from nlu.report.latency import one_by_one
from nlu.report.targets import Target, targets

UTTERANCES = 500
PHRASES = ROOT / "tests" / "nlu"

console = Console()


def bench(
    model: Annotated[str, typer.Argument(help="A version, `live` or `shadow`.")] = LIVE,
    data: Data = None,
    models: Models = None,
    phrases: Annotated[
        Path, typer.Option("--phrases", help="Folder of entities_kept_aside.<language>.jsonl.")
    ] = PHRASES,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the figures as data, too.")] = None,
) -> None:
    """Measure a model on the test split and on one core, and lay each figure beside its target."""
    with friendly():
        root, folder = models_folder(models), data_folder(data)
        loaded = load_version(root, named(root, model))
        console.print(f"{machine()}; model {loaded.version}", style="dim", highlight=False, soft_wrap=True)
        warn_of_older_data({f"model {loaded.version}": loaded.manifest}, folder)
        found = report_of(loaded, None, folder, None)["languages"]
        figures: dict[str, Any] = {"machine": machine(), "model": loaded.version, "languages": {}}
        for language, rows in rows_by_language(folder, None, loaded.languages).items():
            latency = one_by_one(loaded, [row.text for row in rows][:UTTERANCES], language)
            kept = phrases / f"entities_kept_aside.{language}.jsonl"
            read = entities.measure(entities.phrases(kept, language)).accuracy if kept.exists() else None
            lines = list(targets(found[language], read, latency["p95"]))
            _print(language, len(rows), lines, latency)
            figures["languages"][language] = {
                "rows": len(rows),
                "targets": [asdict(line) | {"met": line.met} for line in lines],
                "one_utterance_ms": latency,
                "majority": found[language]["intent"]["majority"],
            }
        if json_path is not None:
            json_path.write_text(json.dumps(figures, ensure_ascii=False, indent=2), encoding="utf-8")


def _print(language: str, rows: int, lines: list[Target], latency: dict[str, float]) -> None:
    console.print(f"\n[bold]{language}[/]  {rows} rows kept aside", highlight=False)
    table = Table("", "found", "wanted", "", box=None, pad_edge=False)
    for line in lines:
        sign = "<=" if line.at_most else ">="
        verdict = {True: "yes", False: "[red]no[/]", None: "not measured"}[line.met]
        value = "–" if line.found is None else f"{line.found:.3f}"
        table.add_row(line.what, f"{value} {line.unit}", f"{sign} {line.wanted:g} {line.unit}", verdict)
    console.print(table)
    times = ", ".join(f"{share} {ms:.2f} ms" for share, ms in latency.items())
    console.print(f"one utterance, one core: {times}", highlight=False)
