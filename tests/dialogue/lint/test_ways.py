"""Bad examples for the ways through a call: loops, dead ends, what nothing leads to, misplaced steps, endings."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.worker.rule import Rule
from tests.dialogue.lint.bad import BYE, DECLINES, LEAVE, REMINDED, Bad, more_rules

pytestmark = pytest.mark.unit

RULES = "errand/rules.yml"
OPENING = "      - action: visit_form\n      - active_loop: visit_form\n      - slot_was_set: [{will_come: null}]\n"

BAD = [
    Bad(Rule.ENDLESS_LOOP, "  - rule: hello", more_rules("hello", "intent: greet", "action: utter_greeting")),
    Bad(
        Rule.ENDLESS_LOOP,
        "  - rule: does not come",
        [
            (
                RULES,
                DECLINES,
                "      - slot_was_set: [{will_come: false}]\n      - action: visit_form\n"
                "      - active_loop: visit_form\n",
            )
        ],
    ),
    Bad(
        Rule.DEAD_END,
        "  - rule: does not come",
        [(RULES, DECLINES, "      - slot_was_set: [{will_come: false}]\n      - action: utter_goodbye\n")],
    ),
    Bad(
        Rule.UNREACHABLE,
        "  - rule: tries",
        [
            ("errand/script.yml", "voices:", "checks: {action_try: {reset: [will_come]}}\nvoices:"),
            *more_rules("tries", "action: action_try", *REMINDED),
        ],
    ),
    Bad(
        Rule.UNSAID,
        "  utter_parking:",
        [("errand/responses.en.yml", "responses:\n", "responses:\n  utter_parking:\n    - text: Parking is free.\n")],
    ),
    Bad(  # the question is asked and not open
        Rule.STEPS,
        "      - action: visit_form",
        [(RULES, OPENING, OPENING.replace("      - active_loop: visit_form\n", ""))],
    ),
    Bad(  # the question is open before it is asked
        Rule.STEPS,
        "      - active_loop: visit_form",
        [(RULES, OPENING, "\n".join([*reversed(OPENING.splitlines()[:2]), OPENING.splitlines()[2], ""]))],
    ),
    Bad(  # what was left out between the two
        Rule.STEPS,
        "      - action: action_deactivate_loop",
        [
            (
                RULES,
                "      - action: action_deactivate_loop\n      - active_loop: null\n",
                "      - action: action_deactivate_loop\n",
            )
        ],
    ),
    Bad(
        Rule.STEPS,
        "      - active_loop: null",
        [(RULES, "      - action: action_deactivate_loop\n      - active_loop: null\n", "      - active_loop: null\n")],
    ),
    Bad(  # the answer to any question is taken for the answer to this one
        Rule.STEPS,
        "      - action: visit_form",
        [(RULES, "  - rule: does not come\n    condition: [{active_loop: visit_form}]\n", "  - rule: does not come\n")],
    ),
    Bad(
        Rule.STEPS,
        "  - rule: goodbye",
        [(RULES, "      - action: action_deactivate_loop\n      - active_loop: null\n", "")],
    ),
    Bad(
        Rule.STEPS,
        "      - action: utter_hang_up",
        [
            (
                RULES,
                "      - action: utter_goodbye\n      - action: utter_hang_up\n",
                "      - action: utter_hang_up\n      - action: utter_goodbye\n",
            )
        ],
    ),
    Bad(  # whether the limit is reached decides what comes next
        Rule.STEPS,
        "      - action: action_count_detour",
        more_rules("parking", "intent: greet", "action: action_count_detour", "action: utter_greeting"),
    ),
    Bad(
        Rule.STEPS,
        "      - slot_was_set:",
        more_rules("anyhow", "slot_was_set: [{will_come: true}]", *LEAVE, *REMINDED),
    ),
    Bad(
        Rule.STEPS,
        "  - rule: parking",
        more_rules("parking", "intent: greet", "action: action_count_detour"),
    ),
    Bad(
        Rule.STEPS,
        "  - rule: goodbye",
        [(RULES, "", "    wait_for_user_input: false\n")],
    ),
    Bad(Rule.STEPS, "      - action: action_deactivate_loop", more_rules("whenever", *LEAVE, *REMINDED)),
    Bad(
        Rule.NO_OUTCOME,
        "  - rule: goodbye",
        [
            (
                RULES,
                "null\n      - action: utter_outcome_reminded\n      - action: utter_goodbye",
                "null\n      - action: utter_goodbye",
            )
        ],
    ),
    Bad(Rule.NO_OUTCOME, "  - rule: in a hurry", more_rules("in a hurry", "intent: thanks", *LEAVE, *BYE)),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_rule_finds_its_bad_example_and_nothing_else(scripts: Path, bad: Bad) -> None:
    bad.judge(scripts)
