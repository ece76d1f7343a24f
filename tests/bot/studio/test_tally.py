"""What the guard counts, from tapes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.studio import tally as module
from bot.studio.events import Metric
from bot.studio.guard import Counts
from bot.studio.tally import Tally
from tests.bot.call.made_calls import DISCLOSURE, HAND_OVER, WHO, MadeCall
from tests.bot.studio.shelf import BEGIN, SCRIPT
from tests.bot.studio.taped import leaves_at_once, stays, tape

pytestmark = pytest.mark.unit


def counts_of(folder: Path, version: str) -> Counts:
    tally = Tally(folder, SCRIPT, BEGIN)
    tally.look()
    return tally.of(version)


def opened() -> MadeCall:
    return MadeCall().opens(DISCLOSURE, WHO)


@pytest.mark.parametrize(
    ("made", "happened"),
    [
        (stays(), set()),
        (leaves_at_once(), {Metric.EARLY_HANG_UP}),
        (
            opened().says("yes", "affirm", WHO).says("a human", "ask_human", HAND_OVER).hands_over(),
            {Metric.HUMAN_ASKED},
        ),
        (opened().mumbles("brr", WHO).says("yes", "affirm", WHO).hangs_up(9000), {Metric.NO_MATCH}),
        (
            opened().says("no!", "deny", WHO, sentiment="angry").hangs_up(9000),
            {Metric.NEGATIVE_SENTIMENT},
        ),
    ],
)
def test_each_metric_counts_calls_in_which_it_happened(tmp_path: Path, made: MadeCall, happened: set[Metric]) -> None:
    for number in range(2):
        tape(tmp_path, f"call-{number}", made, "v1", BEGIN)
    counts = counts_of(tmp_path, "v1")
    assert (counts.calls, dict(counts.happened)) == (2, dict.fromkeys(happened, 2))


def test_only_finished_calls_of_the_version_with_a_person_since_the_release_count(tmp_path: Path) -> None:
    tape(tmp_path, "mine", stays(), "v1", BEGIN)
    tape(tmp_path, "before", stays(), "v1", BEGIN - timedelta(seconds=1))
    tape(tmp_path, "other-version", stays(), "v2", BEGIN)
    tape(tmp_path, "working-folder", stays(), None, BEGIN)
    tape(tmp_path, "other-script", stays(), "v1", BEGIN, script="repayment_reminder")
    tape(tmp_path, "machine", stays().is_("machine"), "v1", BEGIN)
    tape(tmp_path, "going-on", stays(), "v1", BEGIN, closed=False)
    (tmp_path / "notes.jsonl").write_text("nothing\n")
    tally = Tally(tmp_path, SCRIPT, BEGIN)
    tally.look()
    assert [tally.of(version).calls for version in ("v1", "v2")] == [1, 1]
    tape(tmp_path, "going-on", stays(), "v1", BEGIN)
    tally.look()
    assert tally.of("v1").calls == 2


def test_a_finished_tape_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tape(tmp_path, "one", stays(), "v1", BEGIN)
    tally = Tally(tmp_path, SCRIPT, BEGIN)
    tally.look()
    read, counted = [], module._call
    monkeypatch.setattr(module, "_call", lambda path: read.append(path.stem) or counted(path))
    second = tape(tmp_path, "two", stays(), "v1", BEGIN)
    for told in (first, second, second):
        tally.add(told)
    tally.look()
    assert read == ["two"]
    assert tally.of("v1").calls == 2


@pytest.mark.parametrize(("whole", "damaged"), [('"call"', '"kall"'), ('"kind"', '"sort"'), ('"t"', '"u"')])
def test_a_damaged_tape_counts_for_nobody_and_stops_nobody(tmp_path: Path, whole: str, damaged: str) -> None:
    tape(tmp_path, "one", stays(), "v1", BEGIN)
    other = tape(tmp_path, "two", stays(), "v1", BEGIN)
    other.write_text(other.read_text().replace(whole, damaged))
    assert counts_of(tmp_path, "v1").calls == 1


def test_without_any_tape_there_are_no_calls(tmp_path: Path) -> None:
    assert counts_of(tmp_path / "tapes", "v1").calls == 0
