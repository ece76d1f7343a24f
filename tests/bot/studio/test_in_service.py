"""A running process and the versions it serves: what changes on disk holds from the next call on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.call.script_source import ScriptSource
from bot.settings import FolderSettings
from bot.studio.events import Metric, Released, RolledBack, Stopped
from bot.studio.in_service import LOOK_EVERY, NothingLive, Releases, folders_in_service, published_version
from bot.studio.ledger import Ledger, LedgerError
from bot.studio.standing import State
from bot.studio.tally import Tally
from bot.studio.versions import VersionError, version_folder
from tests.bot.studio.shelf import BEGIN, SCRIPT, edit, folders_in, released
from tests.bot.studio.taped import leaves_at_once, stays, tape

pytestmark = pytest.mark.unit

CALLS = [f"call {number}" for number in range(400)]


@pytest.fixture
def folders(tmp_path: Path) -> FolderSettings:
    return folders_in(tmp_path)


@pytest.fixture
def on_trial(folders: FolderSettings) -> tuple[str, str]:
    """The live version and a candidate with 20 % of the calls."""
    live = released(folders, 100)
    edit(folders, "Goodbye.", "Bye.")
    return live, released(folders, 20, BEGIN + timedelta(minutes=1))


def chosen(releases: Releases) -> set[str | None]:
    return {one(releases, call) for call in CALLS}


def one(releases: Releases, call: str) -> str | None:
    try:
        return releases.choose(SCRIPT, call).published
    except NothingLive:
        return "refused"


def test_what_was_never_published_is_the_working_folder(folders: FolderSettings) -> None:
    releases = Releases(folders)
    assert releases.choose(SCRIPT, "call") == ScriptSource(SCRIPT, folders.scripts)
    assert releases.sources(SCRIPT) == (ScriptSource(SCRIPT, folders.scripts),)


def test_a_running_process_follows_releases_and_rollbacks(folders: FolderSettings) -> None:
    releases = Releases(folders)
    assert chosen(releases) == {None}
    first = released(folders, 50)
    assert chosen(releases) == {"refused", first}
    assert [source.published for source in releases.sources(SCRIPT)] == [first]
    Ledger(folders.studio / SCRIPT).record(Released(at=BEGIN, version=first, by="bo", share=100))
    assert chosen(releases) == {first}
    Ledger(folders.studio / SCRIPT).record(RolledBack(at=BEGIN, version=first, by="bo", to=None))
    assert chosen(releases) == {"refused"}


def test_what_nobody_approved_is_not_spoken_once_a_version_was_released(folders: FolderSettings) -> None:
    first = released(folders, 5)
    releases = Releases(folders)
    held = next(call for call in CALLS if one(releases, call) == "refused")
    with pytest.raises(NothingLive, match=rf"not one of the 5 % that version {first} of .* --share 100"):
        releases.choose(SCRIPT, held)
    Ledger(folders.studio / SCRIPT).record(RolledBack(at=BEGIN, version=first, by="bo", to=None))
    for ask in (lambda: releases.choose(SCRIPT, held), lambda: releases.sources(SCRIPT)):
        with pytest.raises(NothingLive, match=r"no version of .* is live: release one"):
            ask()
    assert folders_in_service(folders) == (folders.scripts,)


def test_each_call_gets_the_files_and_rules_of_its_version(folders: FolderSettings, on_trial: tuple[str, str]) -> None:
    releases = Releases(folders)
    edit(folders, "Bye.", "A draft.")
    sources = {source.published: source for source in releases.sources(SCRIPT)}
    assert set(sources) == set(on_trial) == chosen(releases)
    words = {
        version: (source.scripts / SCRIPT / "responses.en.yml").read_text(encoding="utf-8")
        for version, source in sources.items()
    }
    live, candidate = on_trial
    assert "Bye." not in words[live]
    assert "Bye." in words[candidate]
    assert "A draft." not in words[live] + words[candidate]
    assert all((folders.models / "dialogue" / SCRIPT / f"{one.rules}.json").exists() for one in sources.values())
    assert sources[live].rules != sources[candidate].rules


def test_a_version_that_was_changed_on_disk_is_not_spoken(folders: FolderSettings) -> None:
    version = released(folders, 100)
    path = version_folder(folders.studio, SCRIPT, version) / "scripts" / SCRIPT / "responses.en.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("recorded", "deleted"), encoding="utf-8")
    with pytest.raises(VersionError, match="is not what was published"):
        Releases(folders).choose(SCRIPT, "call")


def test_a_ledger_that_was_changed_lets_nobody_call(folders: FolderSettings) -> None:
    released(folders, 100)
    ledger = Ledger(folders.studio / SCRIPT)
    ledger.path.write_text(ledger.path.read_text(encoding="utf-8").replace('"Bo"', '"Di"'), encoding="utf-8")
    with pytest.raises(LedgerError):
        Releases(folders).choose(SCRIPT, "call")


def taped(folders: FolderSettings, published: str, calls: int, leaving: int) -> Path:
    """The tape of the last of them."""
    for number in range(calls):
        made = leaves_at_once() if number < leaving else stays()
        last = tape(folders.tapes, f"{published}-{number}", made, published, BEGIN + timedelta(minutes=2))
    return last


def test_after_a_call_the_guard_stops_a_worse_candidate(folders: FolderSettings, on_trial: tuple[str, str]) -> None:
    live, candidate = on_trial
    releases = Releases(folders)
    source = next(one for one in releases.sources(SCRIPT) if one.published == live)
    taped(folders, live, 60, leaving=3)
    releases.ended(source, taped(folders, candidate, 49, leaving=40))
    assert chosen(releases) == {live, candidate}  # too few calls to judge by
    releases.ended(source, taped(folders, candidate, 50, leaving=40))
    assert chosen(releases) == {live}
    standing = Ledger(folders.studio / SCRIPT).standing
    assert (standing.versions[candidate].state, standing.share_of(candidate)) == (State.RETIRED, 0)
    stopped = Ledger(folders.studio / SCRIPT).read().events[-1]
    assert isinstance(stopped, Stopped)
    figure = next(one for one in stopped.figures if one.metric is Metric.EARLY_HANG_UP)
    assert (figure.candidate, figure.candidate_calls, figure.live, figure.live_calls) == (40, 50, 3, 60)
    assert figure.low > 0
    releases.ended(source, folders.tapes)  # nothing is on trial any more
    assert releases.guard(SCRIPT) is None


def test_a_call_reads_its_own_tape_and_the_folder_now_and_then(
    folders: FolderSettings, on_trial: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    live, _ = on_trial
    looks = []
    monkeypatch.setattr(Tally, "look", lambda tally: looks.append(tally))
    releases = Releases(folders)
    source = next(one for one in releases.sources(SCRIPT) if one.published == live)
    for number in range(2 * LOOK_EVERY + 1):
        made = tape(folders.tapes, f"call-{number}", stays(), live, BEGIN + timedelta(minutes=2))
        releases.ended(source, made)
    assert len(looks) == 3
    judged = releases.guard(SCRIPT)
    assert judged is not None
    assert judged.figures[0].live_calls == 2 * LOOK_EVERY + 1


def test_a_candidate_as_good_as_the_live_version_goes_on(folders: FolderSettings, on_trial: tuple[str, str]) -> None:
    releases = Releases(folders)
    for version in on_trial:
        taped(folders, version, 60, leaving=6)
    judgement = releases.guard(SCRIPT)
    assert judgement is not None
    assert judgement.enough
    assert not judgement.worse
    assert chosen(releases) == set(on_trial)


def test_two_guards_stop_a_candidate_once(folders: FolderSettings, on_trial: tuple[str, str]) -> None:
    live, candidate = on_trial
    taped(folders, live, 60, leaving=3)
    taped(folders, candidate, 60, leaving=50)
    one, other = Releases(folders), Releases(folders)
    late = other.ledger(SCRIPT).standing
    assert one.guard(SCRIPT) is not None
    assert late.candidate == candidate
    other.guard(SCRIPT)
    events = Ledger(folders.studio / SCRIPT).read().events
    assert sum(isinstance(event, Stopped) for event in events) == 1


def test_a_version_is_found_by_its_name_whatever_its_state(folders: FolderSettings) -> None:
    version = released(folders, 5)
    Ledger(folders.studio / SCRIPT).record(RolledBack(at=BEGIN, version=version, by="bo", to=None))
    found = published_version(folders.studio, SCRIPT, version)
    assert found is not None
    assert found.source.published == version
    assert published_version(folders.studio, SCRIPT, found.manifest.rules) is None


def test_a_model_of_meaning_has_to_serve_published_versions_too(
    folders: FolderSettings, on_trial: tuple[str, str]
) -> None:
    sources = Releases(folders).sources(SCRIPT)
    assert [source.published for source in sources] == list(on_trial)
    assert folders_in_service(folders) == (folders.scripts, *(source.scripts for source in sources))
