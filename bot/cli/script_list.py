"""`voicebot script list`: which version of each script serves, and what happened to it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.errors import friendly
from bot.cli.script_publish import ledger_of, standing_of
from bot.cli.script_release import figures_table
from bot.settings import Settings, load_settings
from bot.studio.events import Approved, Event, Rejected, Released, RolledBack, Stopped
from bot.studio.ledger import Ledger, ledgers
from bot.studio.standing import Standing, State
from bot.studio.versions import Published, read_version, rules_of, version_folder
from dialogue.worker.project import script_names

console = Console()

HISTORY = 15
"""So many of the latest events are shown."""

TIME = "%Y-%m-%d %H:%M"


def list_versions(
    name: Annotated[str | None, typer.Argument(help="Only this script: its versions, and what happened.")] = None,
) -> None:
    """Show which version of each script serves; with a name, all of its versions and their latest history."""
    with friendly():
        settings = load_settings()
        table = _overview(settings) if name is None else _versions(settings, name, standing_of(settings, name))
    console.print(table)
    if name is not None:
        _history(ledger_of(settings, name))


def _overview(settings: Settings) -> Table:
    table = Table("script", "live", "on trial", "waiting", "working folder", box=None, pad_edge=False)
    scripts = settings.folders.scripts
    for name in sorted({*script_names(scripts), *ledgers(settings.folders.studio)}):
        standing = ledger_of(settings, name).standing
        waiting = [f"{one.name} {one.state}" for one in standing.versions.values() if one.state in _WAITING]
        table.add_row(
            escape(name),
            f"{standing.live} {standing.share_of(standing.live)} %" if standing.live else "",
            f"{standing.candidate} {standing.share} %" if standing.candidate else "",
            ", ".join(waiting),
            _working(settings, name, standing),
        )
    return table


_WAITING = {State.IN_REVIEW, State.APPROVED, State.DRAFT}


def _working(settings: Settings, name: str, standing: Standing) -> str:
    """What the folder holds in comparison with the versions."""
    scripts = settings.folders.scripts
    if not (scripts / name / "script.yml").is_file():
        return "[dim]gone[/]"
    if not standing.versions:
        return "[dim]never published[/]"
    rules = rules_of(scripts, name)
    same = [one for one in standing.versions if _read(settings, name, standing, one).manifest.rules == rules]
    return f"as {same[-1]}" if same else "[yellow]changed[/]"


def _versions(settings: Settings, name: str, standing: Standing) -> Table:
    table = Table("version", "state", "calls", "by", "approved by", "since", "tested with", box=None, pad_edge=False)
    for version in sorted(standing.versions.values(), key=lambda one: one.changed, reverse=True):
        approval, share = version.approval, standing.share_of(version.name)
        style = "green" if share else "yellow" if version.state in _WAITING else "dim"
        table.add_row(
            version.name,
            version.state.value,
            f"{share} %" if share else "",
            escape(", ".join(version.authors)),
            escape(approval.by) if approval else "",
            version.changed.strftime(TIME),
            _read(settings, name, standing, version.name).manifest.understander,
            style=style,
        )
    return table


def _read(settings: Settings, name: str, standing: Standing, version: str) -> Published:
    folder = version_folder(settings.folders.studio, name, version)
    return read_version(folder, standing.versions[version].manifest)


def _history(ledger: Ledger) -> None:
    events = ledger.read().events
    if len(events) > HISTORY:
        earlier = f"{len(events) - HISTORY} earlier events are in {ledger.path}"
        console.print(f"\n[dim]{escape(earlier)}[/]", soft_wrap=True)
    else:
        console.print()
    for event in events[-HISTORY:]:
        line = f"{event.at.strftime(TIME)}  {event.version}  {_told(event)}, by {event.by}"
        console.print(line, highlight=False, soft_wrap=True, markup=False)
        if isinstance(event, Stopped):
            console.print(figures_table(event.figures))


def _told(event: Event) -> str:
    match event:
        case Approved():
            return f"approved as seen in diff {event.diff}"
        case Rejected():
            return f"rejected: {event.why}"
        case Released():
            return f"released for {event.share} % of the calls"
        case Stopped():
            return "stopped, worse than the live version"
        case RolledBack():
            return f"rolled back to {event.to or 'nothing'}" + (f": {event.why}" if event.why else "")
        case _:
            return event.event
