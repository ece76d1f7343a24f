"""`voicebot script review` to `rollback`, `guard` and `list`: what people see, and what they are told."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.settings import FolderSettings
from bot.studio.events import Approved, Stored, Submitted
from bot.studio.ledger import Ledger
from tests.bot.studio.shelf import AUTHOR, BEGIN, SCRIPT, approved, edit, folders_in, released, stored
from tests.bot.studio.taped import leaves_at_once, stays, tape

pytestmark = pytest.mark.integration


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderSettings:
    made = folders_in(tmp_path)
    names = ("scripts", "models", "prompts", "tapes", "studio")
    places = "".join(f'{name} = "{name}"\n' for name in names)
    (tmp_path / "voicebot.toml").write_text(f'[folders]\n{places}[queues]\nservice = "9301 XML default"\n')
    monkeypatch.chdir(tmp_path)
    return made


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["script", *arguments])


def fails(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)  # anything else would have been a traceback
    return result.stderr


def succeeds(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def in_review(folders: FolderSettings) -> str:
    published = stored(folders)
    version = published.manifest.version
    Ledger(folders.studio / SCRIPT).record(
        Stored(at=BEGIN, version=version, by=AUTHOR, manifest=published.seal),
        Submitted(at=BEGIN, version=version, by=AUTHOR),
    )
    return version


def seen(output: str) -> str:
    """The hash that a review ends with."""
    found = re.search(r"approve \S+ --by YOU --diff (\w+)", output)
    assert found is not None, output
    return found[1]


def test_from_review_to_live_and_back(folders: FolderSettings) -> None:
    first = released(folders, 100)
    edit(folders, "The call is recorded.", "Calls are recorded.")
    second = in_review(folders)
    shown = succeeds("review", SCRIPT)
    assert f"{SCRIPT} {second}, in review, by {AUTHOR}; compared with {first}" in shown
    assert "~ utter_disclosure  legal" in shown
    assert "[- The call is-]{+ Calls are+} recorded." in shown
    told = succeeds("approve", SCRIPT, "--by", "Cy", "--diff", seen(shown))
    assert f"Next: voicebot script release {SCRIPT} --share 5" in told
    told = succeeds("release", SCRIPT, "--share", "5", "--by", "Di")
    assert f"{second} gets 5 % of the calls, {first} the others." in told
    listed = succeeds("list")
    assert re.search(rf"{SCRIPT} +{first} 95 % +{second} 5 % +as {second}", listed)
    assert f"all calls follow {second}." in succeeds("release", SCRIPT, "--share", "100")
    told = succeeds("rollback", SCRIPT, "--why", "customers ask what is recorded")
    assert f"{second} is retired.\n{SCRIPT}: all calls follow {first}." in told
    history = succeeds("list", SCRIPT)
    assert f"approved as seen in diff {seen(shown)}, by Cy" in history
    assert f"rolled back to {first}: customers ask what is recorded, by" in history
    assert re.search(rf"{second} +retired +{AUTHOR} +Cy", history)
    assert "nothing is live; calls are refused until a version is released." in succeeds(
        "rollback", SCRIPT, "--by", "Di"
    )
    assert "no version is live, so there is nothing to take back" in fails("rollback", SCRIPT, "--by", "Di")


def test_an_approval_is_by_somebody_else_who_has_seen_it(folders: FolderSettings) -> None:
    in_review(folders)
    diff = seen(succeeds("review", SCRIPT))
    assert f"{AUTHOR.upper()} is an author of version" in fails(
        "approve", SCRIPT, "--by", AUTHOR.upper(), "--diff", diff
    )
    told = fails("approve", SCRIPT, "--by", "Bo", "--diff", "0123")
    assert f"look at it again: voicebot script review {SCRIPT}" in told
    assert "is in review: voicebot script review" in fails("release", SCRIPT, "--share", "5", "--by", "Bo")
    assert "--by: a name is needed" in fails("approve", SCRIPT, "--by", " ", "--diff", diff)
    events = Ledger(folders.studio / SCRIPT).read().events
    assert not any(isinstance(event, Approved) for event in events)


def test_what_is_rejected_is_a_draft_again(folders: FolderSettings) -> None:
    version = in_review(folders)
    told = succeeds("reject", SCRIPT, "--by", "Bo", "--why", "the amount is said to anybody")
    assert f"{version} is a draft again: the amount is said to anybody" in told
    assert "no version of satisfaction_survey waits for approval" in fails("review", SCRIPT)
    assert "rejected: the amount is said to anybody, by Bo" in succeeds("list", SCRIPT)


def test_what_was_approved_for_another_live_version_is_looked_at_again(folders: FolderSettings) -> None:
    first = approved(folders)
    edit(folders, "Goodbye.", "Bye.")
    second = approved(folders, BEGIN + timedelta(minutes=1))
    succeeds("release", SCRIPT, "--share", "100", "--by", "Bo", "--version", first)
    assert f"was approved while nothing was live, but {first} is now" in fails(
        "release", SCRIPT, "--share", "5", "--by", "Bo"
    )
    diff = seen(succeeds("review", SCRIPT))
    succeeds("approve", SCRIPT, "--by", "Bo", "--diff", diff)
    assert f"{second} gets 5 % of the calls" in succeeds("release", SCRIPT, "--share", "5", "--by", "Bo")


def test_the_guard_shows_its_figures_and_stops_what_is_worse(folders: FolderSettings) -> None:
    live = released(folders, 100)
    assert "is on trial: voicebot script release satisfaction_survey --share 5" in fails("guard", SCRIPT)
    edit(folders, "Goodbye.", "Bye.")
    candidate = released(folders, 5, BEGIN + timedelta(minutes=1))
    at = BEGIN + timedelta(minutes=2)
    for number in range(60):
        tape(folders.tapes, f"live-{number}", stays(), live, at)
        tape(folders.tapes, f"new-{number}", leaves_at_once() if number % 2 else stays(), candidate, at)
        if number == 1:
            assert "too few calls to judge by: 50 of each are needed" in succeeds("guard", SCRIPT)
    stopped = run("guard", SCRIPT)
    assert stopped.exit_code == 1
    assert re.search(
        r"hung up in the first 10 s +30 of 60 \(50%\) +0 of 60 \(0%\) +\+\d+ to \+\d+ % +worse", stopped.stdout
    )
    assert f"{candidate} is stopped" in stopped.stdout
    history = succeeds("list", SCRIPT)
    assert "stopped, worse than the live version, by guard" in history
    assert "30 of 60 (50%)" in history


def test_the_share_that_a_first_version_does_not_get_is_refused(folders: FolderSettings) -> None:
    first = approved(folders)
    told = succeeds("release", SCRIPT, "--share", "5", "--by", "Di")
    assert f"{first} gets 5 % of the calls, the others are refused: nothing is live for them." in told
    assert "It is stopped when it does worse" not in told
    assert f"{first} is the first version of {SCRIPT}: none is live" in fails("guard", SCRIPT)
    assert f"all calls follow {first}." in succeeds("release", SCRIPT, "--share", "100", "--by", "Di")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("review", SCRIPT), f"voicebot script publish {SCRIPT} --author NAME"),
        (("release", "no_such", "--share", "5", "--by", "Bo"), "no_such: no version of it was published"),
        (("list", "no_such"), "no_such: no version of it was published"),
        (("publish", "no_such", "--author", "Anna"), "has no folder no_such"),
        (("publish", SCRIPT, "--author", ""), "--author: a name is needed"),
    ],
)
def test_what_there_is_not_is_told_with_its_remedy(
    folders: FolderSettings, arguments: tuple[str, ...], told: str
) -> None:
    assert told in fails(*arguments)


def test_a_version_that_there_is_not_is_told_with_those_there_are(folders: FolderSettings) -> None:
    version = approved(folders)
    assert f"--version 0123: there is none; there are {version}" in fails("review", SCRIPT, "--version", "0123")
    assert f"there is no version 0123; there are: {version}" in fails(
        "release", SCRIPT, "--share", "5", "--by", "Bo", "--version", "0123"
    )


def test_a_version_that_was_changed_on_disk_is_not_released(folders: FolderSettings) -> None:
    version = approved(folders)
    path = folders.studio / SCRIPT / "versions" / version / "scripts" / SCRIPT / "rules.yml"
    path.write_text("rules: []\n")
    assert f"{path}: is not what was published" in fails("release", SCRIPT, "--share", "5", "--by", "Bo")


def test_a_working_folder_that_has_changed_is_listed_as_that(folders: FolderSettings) -> None:
    version = released(folders, 100)
    assert re.search(rf"{version} 100 % +as {version}", succeeds("list"))
    edit(folders, "Goodbye.", "Bye.")
    assert re.search(rf"{version} 100 % +changed", succeeds("list"))


def test_a_version_that_hands_over_to_nowhere_is_not_released(folders: FolderSettings) -> None:
    edit(folders, "queues:", "queues:\n  complaints: Complaints", "script.yml")
    approved(folders)
    told = fails("release", SCRIPT, "--share", "5", "--by", "Bo")
    assert "hands over to complaints: say in [queues] of voicebot.toml where on the switch that is" in told
