"""Every rule has a bad example, a reason and a remedy; what is shipped breaks none."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.lint.catalogue import RULES
from dialogue.worker.rule import Rule
from tests.dialogue.lint import test_declared, test_moves, test_ways, test_words
from tests.dialogue.lint.bad import findings
from tests.dialogue.test_scripts_page import PAGE
from tests.dialogue.walks import REPAYMENT, SURVEY

pytestmark = pytest.mark.unit

ELSEWHERE = frozenset({Rule.TRAINING, Rule.SOUNDS_ALIKE})
"""In tests/bot: test_script_check_command.py needs Rasa, test_sounds_alike.py the dictionary of the recogniser."""


@pytest.mark.parametrize("name", [REPAYMENT, SURVEY, "errand"])
def test_the_shipped_scripts_are_clean(scripts: Path, name: str) -> None:
    assert findings(scripts, name) == ()


def test_every_rule_has_a_bad_example() -> None:
    examples = [*test_declared.BAD, *test_moves.BAD, *test_ways.BAD, *test_words.BAD]
    assert {one.rule for one in examples} | ELSEWHERE == set(Rule) == set(RULES)


def test_the_page_has_every_rule_with_its_reason_and_remedy() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    for one, explained in RULES.items():
        assert f"| `{one.value}` | {explained.why} | {explained.mend} |" in rows
