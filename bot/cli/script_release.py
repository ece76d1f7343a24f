"""`voicebot script release`, `rollback` and `guard`: how many calls a version gets."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.call.beginning import require_queues
from bot.cli.errors import fail, friendly
from bot.cli.script_publish import Name, ledger_of, named, standing_of
from bot.settings import load_settings
from bot.studio.events import Figure, Metric, Released, RolledBack
from bot.studio.guard import LEAST_CALLS, Judgement
from bot.studio.in_service import Releases, published_version
from bot.studio.standing import Standing, State
from dialogue.script import load_script

console = Console()

By = Annotated[str | None, typer.Option(help="Who does it; by default who is logged in.")]

METRICS = {
    Metric.EARLY_HANG_UP: "hung up in the first 10 s",
    Metric.HUMAN_ASKED: "asked for a human",
    Metric.NO_MATCH: "not understood",
    Metric.NEGATIVE_SENTIMENT: "angry or anxious",
}


def release(
    name: Name,
    share: Annotated[int, typer.Option(min=1, max=100, help="Percent of the calls; 100 makes it the live version.")],
    by: By = None,
    version: Annotated[
        str | None, typer.Option("--version", help="By default the one on trial, else the one approved last.")
    ] = None,
) -> None:
    """Give an approved version a share of the calls, from the next call on. No call in progress is touched."""
    with friendly():
        settings, person = load_settings(), _who(by)
        standing = standing_of(settings, name)
        chosen = version or standing.candidate or _approved(standing, name)
        if (published := published_version(settings.folders.studio, name, chosen)) is not None:
            require_queues(settings, load_script(published.source.scripts / name))
        after = ledger_of(settings, name).record(Released(at=_now(), version=chosen, by=person, share=share))
    _tell(name, after)
    if after.candidate is not None and after.live is not None:
        console.print(
            f"It is stopped when it does worse than the others ({LEAST_CALLS} calls of each at least); see "
            f"voicebot script guard {name}",
            highlight=False,
            soft_wrap=True,
        )
    if after.candidate is not None:
        console.print(
            f"Next: voicebot script release {name} --share 25 (then 100), or voicebot script rollback {name}",
            highlight=False,
            soft_wrap=True,
        )


def rollback(
    name: Name, by: By = None, why: Annotated[str, typer.Option(help="The reason, for the ledger.")] = ""
) -> None:
    """Take back what was released last: a version on trial, else the live one. Holds from the next call on."""
    with friendly():
        settings, person = load_settings(), _who(by)
        standing = standing_of(settings, name)
        leaving = standing.candidate or standing.live or ""
        to = standing.live if standing.candidate is not None else standing.before
        after = ledger_of(settings, name).record(RolledBack(at=_now(), version=leaving, by=person, to=to, why=why))
    console.print(f"{name} {leaving} is retired.", highlight=False)
    _tell(name, after)


def guard(name: Name) -> None:
    """Compare the version on trial with the live one, and stop it where it is worse. Ends with 1 if it is stopped."""
    with friendly():
        settings = load_settings()
        standing = standing_of(settings, name)
        judgement = Releases(settings.folders).guard(name)
        if judgement is None and standing.candidate is not None:
            fail(f"{standing.candidate} is the first version of {name}: none is live that it could be compared with")
        if judgement is None:
            fail(f"no version of {name} is on trial: voicebot script release {name} --share 5 puts one there")
    console.print(figures_table(judgement.figures))
    if judgement.worse:
        console.print(f"{name} {standing.candidate} is stopped: it is worse than the live version.", style="red")
        raise typer.Exit(1)
    console.print(_verdict(judgement), highlight=False)


def figures_table(figures: tuple[Figure, ...]) -> Table:
    table = Table("of the calls with a person", "on trial", "live", "difference", "", box=None, pad_edge=False)
    for one in figures:
        table.add_row(
            METRICS[one.metric],
            _share(one.candidate, one.candidate_calls),
            _share(one.live, one.live_calls),
            f"{100 * one.low:+.0f} to {100 * one.high:+.0f} %",
            "[red]worse[/]" if one.worse else "",
        )
    return table


def _share(happened: int, calls: int) -> str:
    return f"{happened} of {calls}" + (f" ({happened / calls:.0%})" if calls else "")


def _verdict(judgement: Judgement) -> str:
    if not judgement.enough:
        return f"too few calls to judge by: {LEAST_CALLS} of each are needed"
    return "not worse, beyond what chance does"


def _tell(name: str, standing: Standing) -> None:
    if standing.candidate is not None:
        rest = f"{standing.live} the others" if standing.live else "the others are refused: nothing is live for them"
        told = f"{name} {standing.candidate} gets {standing.share} % of the calls, {rest}."
    elif standing.live is not None:
        told = f"{name}: all calls follow {standing.live}."
    else:
        told = f"{name}: nothing is live; calls are refused until a version is released."
    console.print(told, highlight=False, soft_wrap=True)


def _approved(standing: Standing, name: str) -> str:
    found = standing.latest(State.APPROVED)
    if found is None:
        waiting = standing.latest(State.IN_REVIEW)
        fail(
            f"no version of {name} is approved"
            + (f"; {waiting.name} is in review: voicebot script review {name}" if waiting else "")
        )
    return found.name


def _who(by: str | None) -> str:
    try:
        return named("--by", by if by is not None else getpass.getuser())
    except (KeyError, OSError):
        fail("nobody is logged in by name: say who you are with --by")


def _now() -> datetime:
    return datetime.now(UTC)
