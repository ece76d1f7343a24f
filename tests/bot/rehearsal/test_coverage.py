"""What calls came to is counted, and what they did not is named with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.rehearsal.coverage import Coverage, Kind, Reached, coverage_of, shared_parts
from bot.rehearsal.rehearse import START
from dialogue.protocol import Reply
from dialogue.worker.project import load

pytestmark = pytest.mark.unit

SCRIPTS = Path(__file__).parents[2] / "dialogue" / "scripts_fixture"


def reached(*replies: tuple[str, tuple[str, ...]], sounded: tuple[str, ...] = ()) -> Reached:
    found = Reached()
    for intent, rules in replies:
        found.follow(intent, Reply(steps=(), rules=rules))
    rows = [
        row
        for name in sounded
        for row in (
            {"kind": "speak", "playout_id": name, "prompt": {"name": name}},
            {"kind": "playout_started", "playout_id": name},
        )
    ]
    found.ended([*rows, {"kind": "speak", "playout_id": "late", "prompt": {"name": "utter_goodbye"}}])
    return found


def covered(found: Reached, script: str = "errand") -> Coverage:
    return coverage_of(load(SCRIPTS, script), found)


def test_parts_are_counted_each_in_its_own_way() -> None:
    found = covered(reached((START, ("opening",)), ("inform", ("day given",)), sounded=("utter_greeting",)))
    times = {(part.kind, part.name): part.times for part in found.parts}
    assert found.calls == 1
    assert times[Kind.RULE, "opening"] == times[Kind.RULE, "day given"] == 1
    assert times[Kind.INTENT, "inform"] == 1
    assert times[Kind.PROMPT, "utter_greeting"] == 1
    assert times[Kind.PROMPT, "utter_goodbye"] == 0  # it was sent, and never sounded


def test_what_no_call_came_to_is_named_with_its_place() -> None:
    found = covered(reached((START, ("opening",))))
    missed = {(part.kind, part.name): part.place for part in found.uncovered()}
    lines = (SCRIPTS / "errand" / "rules.yml").read_text().splitlines()
    assert missed[Kind.RULE, "day given"] == f"errand/rules.yml:{lines.index('- rule: day given') + 1}"
    assert (Kind.RULE, "opening") not in missed
    assert (Kind.RULE, "a human please") not in missed  # it is the shared part's


def test_the_shared_part_is_covered_by_the_calls_of_any_script() -> None:
    errand = covered(reached(("ask_human", ("a human please",))))
    rating = covered(reached(("repeat", ("say it again",)), ("repeat", ("say it again",))), "rating")
    times = {part.name: part.times for part in shared_parts([errand, rating]) if part.kind is Kind.RULE}
    assert times == {"a human please": 1, "say it again": 2, "once silent": 0, "silent to the end": 0}


def test_stories_are_counted_as_rules_are(tmp_path: Path) -> None:
    scripts = Path(shutil.copytree(SCRIPTS, tmp_path / "scripts"))
    step = "  steps:\n  - intent: greet\n  - action: utter_connecting\n"
    (scripts / "rating" / "stories.yml").write_text(f"stories:\n- story: a chat\n{step}- story: another\n{step}")
    found = Reached()
    found.follow("greet", Reply(steps=(), stories=("a chat",)))
    coverage = coverage_of(load(scripts, "rating"), found)
    assert {part.name: part.times for part in coverage.of(Kind.STORY)} == {"a chat": 1, "another": 0}
    assert "rating/stories.yml:6" in {part.place for part in coverage.uncovered()}
