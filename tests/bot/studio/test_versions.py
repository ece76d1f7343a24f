"""Published versions: named by what is in them, and never other than they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import FolderSettings
from bot.studio import versions as module
from bot.studio.review import review
from bot.studio.versions import Published, VersionError, read_version
from dialogue.differences.facts import Part
from tests.bot.studio.shelf import SCRIPT, edit, folders_in, stored

pytestmark = pytest.mark.unit


@pytest.fixture
def folders(tmp_path: Path) -> FolderSettings:
    return folders_in(tmp_path)


def test_a_version_holds_all_that_a_call_reads(folders: FolderSettings) -> None:
    published = stored(folders)
    names = set(published.manifest.files) | set(published.manifest.trained)
    own = {path.name for path in (folders.scripts / SCRIPT).iterdir()}
    assert {f"scripts/{SCRIPT}/{name}" for name in own} <= names
    assert {"scripts/shared/rules.yml", "grammars/en.jsgf"} <= names
    assert f"rules/{published.manifest.rules}.tar.gz" in names


def test_the_same_content_is_the_same_version(folders: FolderSettings) -> None:
    first = stored(folders)
    (folders.scripts / SCRIPT / "notes.txt").write_text("no part of the script")
    again = stored(folders)
    assert (again.folder, again.seal) == (first.folder, first.seal)


@pytest.mark.parametrize("file", [f"{SCRIPT}/rules.yml", "shared/responses.en.yml"])
def test_any_change_is_another_version(folders: FolderSettings, file: str) -> None:
    first = stored(folders)
    path = folders.scripts / file
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    second = stored(folders)
    assert second.manifest.version != first.manifest.version
    assert stored(folders, understander="another").manifest.version != second.manifest.version
    assert read_version(first.folder, first.seal).manifest == first.manifest


def altered(published: Published, file: str) -> str:
    path = published.folder / file
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(VersionError) as error:
        read_version(published.folder, published.seal)
    return str(error.value)


@pytest.mark.parametrize("file", [f"scripts/{SCRIPT}/responses.en.yml", "grammars/en.jsgf", "manifest.json"])
def test_a_file_that_was_changed_is_found(folders: FolderSettings, file: str) -> None:
    published = stored(folders)
    told = altered(published, file)
    assert f"{published.folder / file}: is not what was published" in told
    assert "voicebot script rollback" in told


def test_trained_rules_that_were_changed_or_are_gone_are_found(folders: FolderSettings) -> None:
    published = stored(folders)
    path = published.folder / "rules" / f"{published.manifest.rules}.tar.gz"
    path.unlink()
    with pytest.raises(VersionError, match=r"tar\.gz: is not what was published"):
        read_version(published.folder)


def test_a_script_that_was_changed_while_it_was_tested_is_not_stored(
    folders: FolderSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = module.rules_of(folders.scripts, SCRIPT)

    def later(scripts: Path, script: str) -> str:
        return "0" * 12 if scripts != folders.scripts else before

    monkeypatch.setattr(module, "rules_of", later)
    with pytest.raises(VersionError, match="was changed while it was tested: publish it again"):
        stored(folders)
    assert not list((folders.studio / SCRIPT / "versions").iterdir())


def test_rules_come_back_to_the_workers_shelf(folders: FolderSettings) -> None:
    published = stored(folders)
    shelf = folders.models / "dialogue" / SCRIPT
    for path in shelf.iterdir():
        path.unlink()
    published.shelve(folders.models / "dialogue")
    rules = published.manifest.rules
    assert sorted(path.name for path in shelf.iterdir()) == [f"{rules}.json", f"{rules}.tar.gz", "current"]
    (shelf / "current").write_text("built later")
    published.shelve(folders.models / "dialogue")
    assert (shelf / "current").read_text() == "built later"


def test_a_review_shows_what_changed_and_its_hash_stands_for_that(folders: FolderSettings) -> None:
    first = stored(folders)
    whole = review(first, None)
    assert {one.subject.part for one in whole.differences} >= {Part.PROMPTS, Part.RULES, Part.OUTCOMES}
    edit(folders, "The call is recorded.", "Calls are recorded.")
    second = stored(folders, understander="another")
    found = review(second, first)
    (difference,) = found.differences
    assert (difference.subject.name, difference.legal) == ("utter_disclosure", True)
    assert found.others == (("tested with the model of meaning", "7bcd32adb369", "another"),)
    assert found.hash == review(read_version(second.folder), read_version(first.folder)).hash
    assert len({found.hash, whole.hash, review(second, None).hash, review(first, second).hash}) == 4
