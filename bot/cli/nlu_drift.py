"""`voicebot nlu drift`: do customers still say what the live model has learnt?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import fail, friendly
from bot.cli.nlu_collect import Tapes, read_calls
from bot.cli.nlu_options import Data, Models, data_folder, models_folder
from bot.cli.nlu_rows import rows_by_language
from bot.customer_turns import CustomerTurns
from nlu.drift.comparing import CHANCE, PSI_LIMIT, SHARE_LIMIT, Drift, compare
from nlu.drift.profile import Profile, profile
from nlu.labelling.turns import Turn
from nlu.model import OnnxUnderstander
from nlu.prediction import context_of
from nlu.registry import load_live
from nlu.understanding import Context

NO_ALARM, ALARM, IMPOSSIBLE = 0, 1, 2

console = Console()


def drift(
    tapes: Tapes,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", help="Tapes of earlier calls, or folders; by default the test split."),
    ] = None,
    data: Data = None,
    models: Models = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write profiles and findings as data, too.")] = None,
) -> None:
    """Compare recent calls with earlier ones, or with what the live model was measured on.

    Exit code 0 without an alarm, 1 with one, 2 when the two cannot be compared.
    """
    with friendly(IMPOSSIBLE):
        model = load_live(models_folder(models))
        now = _of_calls(model, read_calls(tapes))
        before = _of_rows(model, data_folder(data)) if against is None else _of_calls(model, read_calls(against))
        both = [language for language in now if language in before]
        if not both:
            fail("no language with turns on both sides; name tapes on which customers speak", IMPOSSIBLE)
        found = [one for tag in both for one in compare(before[tag], now[tag], of_calls=against is not None)]
        if json_path is not None:
            report = {
                "model": model.version,
                "limits": {"psi": PSI_LIMIT, "chance": CHANCE, "rise": SHARE_LIMIT},
                "before": [asdict(before[tag]) for tag in both],
                "now": [asdict(now[tag]) for tag in both],
                "findings": [asdict(one) for one in found],
            }
            json_path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for tag in both:
        _print(before[tag], now[tag], [one for one in found if one.language == tag], against is not None)
    raise typer.Exit(ALARM if any(one.alarm for one in found) else NO_ALARM)


def _of_calls(model: OnnxUnderstander, calls: Sequence[CustomerTurns]) -> dict[str, Profile]:
    """By language. All turns are understood anew, so that a change of the model is no change of the customers."""
    found = {}
    for language in model.languages:
        own = [call for call in calls if call.language == language]
        if turns := [turn for call in own for turn in call.turns]:
            texts, contexts = [turn.text for turn in turns], [_context(turn) for turn in turns]
            found[language] = profile(model, language, texts, contexts, sum(call.unheard for call in own))
    return found


def _of_rows(model: OnnxUnderstander, data: Path) -> dict[str, Profile]:
    """The rows the model was measured on: of those it has learnt it is surer than of any call."""
    return {
        language: profile(
            model, language, [row.text for row in rows], [Context(language, date.today())] * len(rows), None
        )
        for language, rows in rows_by_language(data, None, model.languages).items()
    }


def _context(turn: Turn) -> Context:
    return context_of(turn.model_dump(include={"text", "lang", "expects", "state_intents"}), date.today())


def _print(before: Profile, now: Profile, found: Sequence[Drift], of_calls: bool) -> None:
    known = "earlier turns" if of_calls else "rows kept aside"
    console.print(f"\n[bold]{now.language}[/]  then: {before.turns} {known}; now: {now.turns} turns", highlight=False)
    table = Table("", "then", "now", "change", "alarm", "", box=None, pad_edge=False)
    for one in found:
        sign = {True: "[red]alarm[/]", False: "", None: "[dim]shown only[/]"}[one.alarm]
        table.add_row(one.what.value, _figure(one.before), _figure(one.now), *_change(one), sign)
    console.print(table)
    for intent, then, later in (mover for one in found for mover in one.movers):
        console.print(f"  {intent}  {then:.1%} then, {later:.1%} now", highlight=False)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _change(one: Drift) -> Iterator[str]:
    """What changed, and from where on that is an alarm."""
    if one.rise is not None:
        yield f"{one.rise[0]:+.3f} to {one.rise[1]:+.3f}"
        yield f"all above {SHARE_LIMIT:+.3f}"
    else:
        yield f"PSI {one.psi:.2f}, p {one.p:.2g}"
        yield f"from {PSI_LIMIT:g}, p < {CHANCE:g}"
