"""Bad examples for what every question must be ready for, and for the opening of the call."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.worker.rule import Rule
from tests.dialogue.lint.bad import LEAVE, REMINDED, Bad, more_rules

pytestmark = pytest.mark.unit

HERE = "{active_loop: visit_form}"
SHARED = "shared/rules.yml"

BAD = [
    Bad(
        Rule.NO_HUMAN,
        "  - rule: a human, please",
        more_rules("a human, please", "intent: ask_human", *LEAVE, "action: utter_see_you", *REMINDED),
    ),
    Bad(
        Rule.NO_HUMAN,
        "  - rule: no human here",
        more_rules("no human here", "intent: ask_human", *LEAVE, *REMINDED, condition=HERE),
    ),
    Bad(Rule.NO_SILENCE, "  visit_form:", [(SHARED, "intent: silence", "intent: thanks")] * 2),
    Bad(Rule.NO_NO_MATCH, "  visit_form:", [(SHARED, "intent: no_match", "intent: thanks")] * 2),
    Bad(Rule.NO_REPEAT, "  visit_form:", [(SHARED, "intent: repeat", "intent: thanks")]),
    Bad(Rule.UNANSWERED, "  visit_form:", [(SHARED, "          - intent: out_of_scope\n", "")]),
    Bad(  # answered only where something is known that need not be
        Rule.UNANSWERED,
        "  visit_form:",
        [
            (
                SHARED,
                "  - rule: just a moment\n",
                "  - rule: just a moment\n    condition: [{slot_was_set: [{will_come: true}]}]\n",
            )
        ],
    ),
    Bad(
        Rule.NO_DO_NOT_CALL,
        "  - rule: no calls, please",
        more_rules("no calls, please", "intent: do_not_call", *LEAVE, *REMINDED, condition=HERE),
    ),
    Bad(
        Rule.NO_WRONG_PERSON,
        "  - rule: not here",
        more_rules("not here", "intent: wrong_person", *LEAVE, *REMINDED, condition=HERE),
    ),
    Bad(
        Rule.NO_CALL_LATER,
        "  - rule: no time",
        more_rules("no time", "intent: busy_call_later", *LEAVE, *REMINDED, condition=HERE),
    ),
    Bad(
        Rule.NO_DISCLOSURE,
        "  - rule: opening",
        [
            ("errand/rules.yml", "      - action: utter_disclosure\n", ""),
            (
                "errand/rules.yml",
                "action: utter_see_you\n",
                "action: utter_see_you\n      - action: utter_disclosure\n",
            ),
        ],
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_rule_finds_its_bad_example_and_nothing_else(scripts: Path, bad: Bad) -> None:
    bad.judge(scripts)
