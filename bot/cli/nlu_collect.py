"""`voicebot nlu collect`: the turns of recorded calls that people should label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.call.tape import TapeError
from bot.cli.errors import fail, friendly
from bot.cli.nlu_data import write_new
from bot.cli.tape import tape_files
from bot.customer_turns import CustomerTurns, customer_turns
from bot.progress import step
from nlu.labelling import sheet
from nlu.labelling.choosing import choose
from nlu.labelling.sheet import Item
from nlu.labelling.turns import Why

LIMIT = 200
SHARE = 0.25

Tapes = Annotated[list[Path], typer.Argument(metavar="TAPES...", help="Tapes (.jsonl), or folders of them.")]

console, stderr = Console(), Console(stderr=True)


def collect(
    tapes: Tapes,
    out: Annotated[Path, typer.Option("--out", help="The file to label (.jsonl); it must not be there yet.")],
    limit: Annotated[int, typer.Option(min=1, help="How many rows at most.")] = LIMIT,
    random_share: Annotated[
        float, typer.Option(min=0, max=1, help="How much of that is drawn by chance, to measure on.")
    ] = SHARE,
    seed: Annotated[int, typer.Option(help="The same tapes and seed give the same rows.")] = 0,
) -> None:
    """Choose the turns that teach most, beside a random sample that is kept for tests; `label` asks people about them.

    Words that are masked on the tape, or that hold a name or a number of somebody's, are left out.
    """
    with friendly():
        if out.suffix != ".jsonl":
            fail(f"{out}: rows are written as JSONL; give a name that ends in .jsonl")
        calls = read_calls(tapes)
        items = choose((turn for call in calls for turn in call.turns), limit, random_share, seed)
        if not items:
            fail(f"no turn to label in {len(calls)} calls; customers said nothing that could be kept")
        write_new(out, sheet.text(items))
    _print(calls, items, out)


def read_calls(tapes: Sequence[Path]) -> list[CustomerTurns]:
    """The customer's turns of each tape that can be read; the others are named. Raises `TapeError` where none can."""
    found = tape_files(tapes)
    calls, errors = [], []
    with step("reading tapes", total=len(found)) as bar:
        for number, path in enumerate(found, start=1):
            try:
                calls.append(customer_turns(path))
            except TapeError as error:
                errors.append(str(error))
            bar.reach(number)
    for message in errors:
        stderr.print(f"left out: {message}", highlight=False, soft_wrap=True, markup=False)
    if not calls:
        raise TapeError(f"none of {len(found)} tapes can be read")
    if errors:
        stderr.print(f"{len(errors)} of {len(found)} tapes cannot be read", highlight=False)
    return calls


def _print(calls: Sequence[CustomerTurns], items: Sequence[Item], out: Path) -> None:
    sample = [item for item in items if item.random]
    chosen = Counter(_reason(item) for item in items if not item.random)
    left_out = sum((call.left_out for call in calls), Counter[str]())
    lines = [
        f"{sum(len(call.turns) for call in calls)} turns of {len(calls)} calls; {len(items)} rows in {out}",
        f"{sum(item.count for item in sample)} turns drawn by chance, in {len(sample)} rows",
        f"{chosen.total()} rows chosen" + (f": {_counted(chosen)}" if chosen else ""),
    ]
    if left_out:
        lines.append(f"{left_out.total()} turns left out: {_counted(left_out)}")
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _reason(item: Item) -> str:
    """The one reason a row is counted under, so that the sum is right: a sign of a mistake goes before mere doubt."""
    signs = [reason for reason in item.why if reason is not Why.UNCERTAIN]
    return next(iter((*signs, *item.why)), "the least sure of the rest")


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in found.most_common())
