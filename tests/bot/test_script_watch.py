"""Which scripts `voicebot script check --watch` checks again."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from bot.script_watch import Look, look, rounds, touched

pytestmark = pytest.mark.unit

RULES, WORDS, SHARED = Path("card/rules.yml"), Path("loan/responses.en.yml"), Path("shared/rules.yml")
BEFORE = {RULES: (1, 10), WORDS: (1, 10), SHARED: (1, 10)}
NAMES = ("card", "loan")


@pytest.mark.parametrize(
    ("after", "again"),
    [
        (BEFORE, []),
        ({**BEFORE, WORDS: (2, 10)}, ["loan"]),
        ({**BEFORE, WORDS: (1, 11)}, ["loan"]),
        ({**BEFORE, Path("card/grammar.en.jsgf"): (1, 10)}, ["card"]),
        ({WORDS: (1, 10), SHARED: (1, 10)}, ["card"]),
        ({**BEFORE, SHARED: (2, 10)}, ["card", "loan"]),
        ({**BEFORE, Path("other/rules.yml"): (1, 10)}, []),
    ],
)
def test_what_is_checked_again(after: Look, again: list[str]) -> None:
    assert touched(BEFORE, after, NAMES) == again


def test_a_change_that_comes_while_a_check_runs_is_checked_as_well() -> None:
    looks = iter([BEFORE, {**BEFORE, RULES: (2, 10)}, {**BEFORE, RULES: (3, 10)}, {**BEFORE, RULES: (3, 10)}])

    def ends_with_the_looks() -> Look:
        return next(looks, {})

    checked = rounds(ends_with_the_looks, lambda: NAMES, lambda: None)
    assert [list(one) for one in islice(checked, 4)] == [["card", "loan"], ["card"], ["card"], ["card", "loan"]]


def test_a_look_knows_the_files_of_scripts_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    for name in ("rules.yml", "grammar.en.jsgf", ".rules.yml.swp", ".rules.yml", "rules.yml~", "notes.txt"):
        (tmp_path / "card" / name).write_text("rules: []")
    assert set(look(tmp_path)) == {Path("card/rules.yml"), Path("card/grammar.en.jsgf")}
