"""`voicebot script publish`, `review`, `approve` and `reject`: from the working folder to an approved version."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.errors import fail, friendly
from bot.cli.findings import Form, print_findings
from bot.cli.script_diff import show_differences
from bot.rehearsal.scenario import load_scenarios, require_fit
from bot.script_check import check
from bot.settings import SCENARIOS, Settings, load_settings
from bot.studio.events import Approved, Rejected
from bot.studio.ledger import Ledger
from bot.studio.publishing import publish as store_version
from bot.studio.publishing import try_out
from bot.studio.review import Review
from bot.studio.review import review as look_at
from bot.studio.standing import Standing, State
from bot.studio.versions import read_version, version_folder

console = Console()

Name = Annotated[str, typer.Argument(help="The script's name.")]
WhichVersion = Annotated[str | None, typer.Option("--version", help="By default the one that waits for it.")]


def publish(
    name: Name,
    author: Annotated[str, typer.Option(help="Who is answerable for it; somebody else must approve it.")],
    scenarios: Annotated[
        list[Path] | None, typer.Option(help="Scenario files, or folders of them; by default tests/scenarios.")
    ] = None,
) -> None:
    """Make a version of the script as it is now, and ask for its approval. It must be clean and its scenarios pass."""
    began = time.monotonic()
    progress = Console(stderr=True)
    with friendly():
        person = named("--author", author)
        settings = load_settings()
        (checked,) = check(settings, [name], progress)
        if checked.findings:
            print_findings([checked], Form.TABLE, settings.folders.scripts, console)
            fail(f"{name} is not published: {len(checked.findings)} to mend")
        files = load_scenarios(scenarios or [SCENARIOS])
        require_fit([file for file in files if file.scenario.script == name], settings.folders.scripts)
        trial = try_out(settings, checked, files, progress)
        for one in trial.failed:
            console.print(f"{one.case.file.scenario.name}, {one.case.language}", style="bold", markup=False)
            console.print(one.report(), highlight=False, soft_wrap=True, markup=False)
        manifest = store_version(settings, trial, person).manifest
    _say(
        f"{name} {manifest.version} is in review. That took {time.monotonic() - began:.1f} s.",
        f"{manifest.scenarios} scenarios passed, {len(manifest.prompts)} sentences spoken by {manifest.synthesiser}, "
        f"tested with the model of meaning {manifest.understander}",
        f"Next, somebody other than {person}: voicebot script review {name}",
    )


def review(name: Name, version: WhichVersion = None) -> None:
    """Show in what a version differs from the one that is live: what its approver must have seen."""
    with friendly():
        settings = load_settings()
        standing = standing_of(settings, name)
        found = _review(settings, name, _waiting(standing, name, version), standing)
    record = standing.versions[found.version]
    authors, against = ", ".join(record.authors), found.against or "nothing: all is new"
    _say(f"{name} {found.version}, {record.state}, by {authors}; compared with {against}")
    show_differences(found.differences)
    for what, before, after in found.others:
        _say(f"{what}: {before} \N{RIGHTWARDS ARROW} {after}")
    _say("", f"To approve it: voicebot script approve {name} --by YOU --diff {found.hash}")
    _say(f"To send it back: voicebot script reject {name} --by YOU --why REASON")


def approve(
    name: Name,
    by: Annotated[str, typer.Option(help="Who approves it: nobody who wrote it.")],
    diff: Annotated[str, typer.Option(help="The hash that `voicebot script review` ends with: you have seen these.")],
    version: WhichVersion = None,
) -> None:
    """Approve a version, having seen what it changes."""
    with friendly():
        settings, person = load_settings(), named("--by", by)
        standing = standing_of(settings, name)
        found = _review(settings, name, _waiting(standing, name, version), standing)
        if diff != found.hash:
            fail(
                f"--diff {diff}: what {found.version} changes now is {found.hash}; look at it again: "
                f"voicebot script review {name}"
            )
        approved = Approved(at=_now(), version=found.version, by=person, diff=diff, against=found.against)
        ledger_of(settings, name).record(approved)
    _say(f"{name} {found.version} is approved.", f"Next: voicebot script release {name} --share 5")


def reject(
    name: Name,
    by: Annotated[str, typer.Option(help="Who sends it back.")],
    why: Annotated[str, typer.Option(help="What its author is to change.")],
    version: WhichVersion = None,
) -> None:
    """Send a version back to its author; it is a draft again."""
    with friendly():
        settings, person = load_settings(), named("--by", by)
        rejected = _waiting(standing_of(settings, name), name, version)
        ledger_of(settings, name).record(Rejected(at=_now(), version=rejected, by=person, why=why))
    _say(f"{name} {rejected} is a draft again: {why}", f"After a change: voicebot script publish {name} --author NAME")


def ledger_of(settings: Settings, name: str) -> Ledger:
    return Ledger(settings.folders.studio / name)


def standing_of(settings: Settings, name: str) -> Standing:
    """Ends the command where nothing of that name was ever published."""
    standing = ledger_of(settings, name).standing
    if not standing.versions:
        fail(f"{name}: no version of it was published; make one: voicebot script publish {name} --author NAME")
    return standing


def named(option: str, given: str) -> str:
    if not given.strip():
        fail(f"{option}: a name is needed, as it is to stand in the ledger")
    return given


def _waiting(standing: Standing, name: str, version: str | None) -> str:
    if version is not None:
        if version not in standing.versions:
            fail(f"--version {version}: there is none; there are {', '.join(standing.versions)}")
        return version
    found = standing.latest(State.IN_REVIEW) or standing.latest(State.APPROVED)
    if found is None:
        fail(f"no version of {name} waits for approval (`voicebot script list {name}`)")
    return found.name


def _review(settings: Settings, name: str, version: str, standing: Standing) -> Review:
    versions = [
        read_version(version_folder(settings.folders.studio, name, one), standing.versions[one].manifest)
        for one in (version, standing.live)
        if one is not None
    ]
    return look_at(versions[0], versions[1] if len(versions) > 1 else None)


def _now() -> datetime:
    return datetime.now(UTC)


def _say(*lines: str) -> None:
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True, markup=False)
