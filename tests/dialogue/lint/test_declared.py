"""Bad examples for what a script declares and names: slots, fields, outcomes, queues, mappings, contradictions."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.worker.rule import Rule
from tests.dialogue.lint.bad import LEAVE, REMINDED, Bad, more_rules
from tests.dialogue.walks import SURVEY

pytestmark = pytest.mark.unit

DOMAIN = "errand/domain.yml"
NO = "intent: deny, value: false, conditions: [{active_loop: visit_form, requested_slot: will_come}]"
DENY = "      - {type: from_intent, intent: deny"

BAD = [
    Bad(Rule.YAML, "\t- rule: comes", [("errand/rules.yml", "  - rule: comes", "\t- rule: comes")]),
    Bad(Rule.STRUCTURE, "purpose: fun", [("errand/script.yml", "purpose: care", "purpose: fun")]),
    Bad(
        Rule.UNKNOWN_NAME,
        "      - action: utter_see_y",
        [("errand/rules.yml", "utter_see_you", "utter_see_yuo")],
    ),
    Bad(Rule.UNKNOWN_QUEUE, "  utter_hand_over:", [(DOMAIN, "queue: service", "queue: desk")]),
    Bad(Rule.UNKNOWN_QUEUE, "on_failure", [(f"{SURVEY}/script.yml", "{queue: service}", "{queue: desk}")], SURVEY),
    Bad(Rule.SLOT_NEVER_FILLED, "  parking:", [(DOMAIN, "slots:\n", "slots:\n  parking: {type: bool}\n")]),
    Bad(
        Rule.CONTACT_UNUSED,
        "  town:",
        [("errand/script.yml", "contact:", "contact:\n  town: {type: name, example: Springfield}\n #")],
    ),
    Bad(
        Rule.OUTCOME_NEVER_SET,
        "  disputed:",
        [("errand/script.yml", "  reminded:", "  disputed: does not agree\n  reminded:")],
    ),
    Bad(Rule.REQUESTED_SLOT, DENY, [(DOMAIN, NO, NO.replace(", requested_slot: will_come", ""))]),
    Bad(Rule.REQUESTED_SLOT, DENY, [(DOMAIN, NO, NO.replace("requested_slot: will_come", "requested_slot: wil_come"))]),
    Bad(Rule.REQUESTED_SLOT, DENY, [(DOMAIN, NO, NO.replace("active_loop: visit_form, ", ""))]),
    Bad(Rule.REQUESTED_SLOT, DENY, [(DOMAIN, NO, "intent: deny, value: false")]),
    Bad(  # any turn with words in it is the answer
        Rule.REQUESTED_SLOT,
        "      - {type: from_entity",
        [(DOMAIN, "{type: from_intent, " + NO, "{type: from_entity, entity: text" + NO[NO.index(", cond") :])],
    ),
    Bad(Rule.STRUCTURE, DENY, [(DOMAIN, NO, NO.replace("value: false, ", ""))]),
    Bad(  # yes and no are both a no
        Rule.CONTRADICTION,
        DENY.replace("deny", "affirm"),
        [(DOMAIN, NO, NO.replace("intent: deny", "intent: affirm"))],
    ),
    Bad(
        Rule.CONTRADICTION,
        "  - rule: thanks back",
        more_rules("thanks back", "intent: thanks", *LEAVE, "action: utter_outcome_no_response", *REMINDED),
    ),
    Bad(
        Rule.CONTRADICTION,
        "    condition: [{active_loop",
        more_rules(
            "thanks back",
            "intent: thanks",
            *LEAVE,
            *REMINDED,
            condition="{active_loop: visit_form}, {slot_was_set: [{will_come: true}, {will_come: false}]}",
        ),
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_rule_finds_its_bad_example_and_nothing_else(scripts: Path, bad: Bad) -> None:
    bad.judge(scripts)
