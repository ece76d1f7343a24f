"""`voicebot nlu compare`: two models on the same rows, with a paired test for every difference."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import fail, friendly
from bot.cli.nlu_options import Data, Models, data_folder, models_folder
from bot.cli.nlu_rows import rows_by_language, warn_of_older_data
from nlu.comparison.comparing import Comparison, Pair, compare
from nlu.comparison.measuring import measure
from nlu.evaluation import SAFETY_INTENTS
from nlu.pointers import LIVE, SHADOW, live_version, pointed
from nlu.registry import load_version

SHOWN = 15

console = Console()


def compare_models(
    a: Annotated[str, typer.Argument(metavar="A", help="A version, `live` or `shadow`.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The one it is compared with.")],
    on: Annotated[Path | None, typer.Option("--on", help="Labelled rows; by default the test split.")] = None,
    data: Data = None,
    models: Models = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the comparison as data, too.")] = None,
) -> None:
    """Compare model B with model A: accuracy, macro-F1, each intent, and each state the question may be in."""
    with friendly():
        root, folder = models_folder(models), data_folder(data)
        first, second = (load_version(root, named(root, name)) for name in (a, b))
        both = [language for language in first.languages if language in second.languages]
        if not both:
            fail(f"models {a} and {b} have no language in common")
        found = [
            compare(measure(first, rows, language), measure(second, rows, language))
            for language, rows in rows_by_language(folder, on, both).items()
        ]
        for comparison in found:
            _print(comparison)
        warn_of_older_data({f"A {first.version}": first.manifest, f"B {second.version}": second.manifest}, folder)
        if json_path is not None:
            text = json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2)
            json_path.write_text(text, encoding="utf-8")


def named(root: Path, name: str) -> str:
    """A version by its name, or by what points at it. Raises `ModelError`."""
    if name == LIVE:
        return live_version(root)
    if name == SHADOW:
        version = pointed(root, SHADOW)
        return version if version is not None else fail("no model is in the shadow: `voicebot nlu shadow VERSION`")
    return name


def _print(found: Comparison) -> None:
    console.print(f"\n[bold]{found.language}[/]  A {found.a}  B {found.b}  {found.accuracy.rows} rows", highlight=False)
    low, high = found.macro_f1_gain
    console.print(
        f"macro-F1  A {found.macro_f1[0]:.3f}  B {found.macro_f1[1]:.3f}  "
        f"difference, 95 % by bootstrap over templates: {low:+.3f} to {high:+.3f}\n"
        f"ECE       A {found.ece[0]:.3f}  B {found.ece[1]:.3f}",
        highlight=False,
        soft_wrap=True,
    )
    console.print(_table("state (what was asked)", "accuracy", (found.accuracy, *found.states)))
    console.print(_table("intent", "recall", found.intents))
    for one in found.disagreements[:SHOWN]:
        console.print(
            f"  {one.text}  is {one.truth}, A {one.a}, B {one.b}", highlight=False, markup=False, soft_wrap=True
        )
    if len(found.disagreements) > SHOWN:
        console.print(f"  and {len(found.disagreements) - SHOWN} more rows they differ on", style="dim")


def _table(what: str, figure: str, pairs: Sequence[Pair]) -> Table:
    table = Table(what, "rows", f"{figure} A", f"{figure} B", "only A", "only B", "p", "", box=None, pad_edge=False)
    for pair in pairs:
        mark = ("safety " if pair.what in SAFETY_INTENTS else "") + ("*" if pair.p < 0.05 else "")
        table.add_row(
            pair.what,
            str(pair.rows),
            f"{pair.a:.3f}",
            f"{pair.b:.3f}",
            str(pair.only_a),
            str(pair.only_b),
            f"{pair.p:.3g}",
            mark,
        )
    return table
