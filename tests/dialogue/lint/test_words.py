"""Bad examples for what a customer hears: texts, languages, length, legal prompts, questions, account data."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.worker.rule import Rule
from tests.dialogue.lint.bad import GREETING, Bad
from tests.dialogue.walks import REPAYMENT, SURVEY

pytestmark = pytest.mark.unit

WORDS = "errand/responses.en.yml"

BAD = [
    Bad(Rule.TEXT_MISSING, "    - txt: Goodbye", [(WORDS, GREETING, "    - txt: Goodbye.\n")]),
    Bad(Rule.TEXT_MISSING, "  utter_see_you:", [(WORDS, GREETING, "")]),
    Bad(  # told where the text is to be written, behind the prompt before it
        Rule.LANGUAGE_MISSING,
        "  utter_not_verified:",
        [(f"{REPAYMENT}/responses.zh.yml", "  utter_verified:\n    - text: 谢谢您。\n", "")],
        REPAYMENT,
    ),
    Bad(  # a variation was forgotten
        Rule.LANGUAGES_DIFFER,
        "  utter_ask_resolved:",
        [(f"{SURVEY}/responses.zh.yml", "    - text: 请问您的问题解决了吗？\n", "")],
        SURVEY,
    ),
    Bad(  # a value was forgotten
        Rule.LANGUAGES_DIFFER,
        "    - text: 您有一笔",
        [(f"{REPAYMENT}/responses.zh.yml", "，到期日是{due_date|date}", "")],
        REPAYMENT,
    ),
    Bad(  # the question was forgotten
        Rule.LANGUAGES_DIFFER,
        "    - text: 请问您是{customer_name}本人。",
        [(f"{REPAYMENT}/responses.zh.yml", "本人吗？\n", "本人。\n")],
        REPAYMENT,
    ),
    Bad(  # the longer one goes first
        Rule.VARIATIONS_ALIKE,
        "    - text: 请问您的问题解决了吗？",
        [
            (f"{SURVEY}/responses.zh.yml", "    - text: 请问您的问题解决了吗？\n", ""),
            (
                f"{SURVEY}/responses.zh.yml",
                "解决了请按一，没有请按二。\n",
                "解决了请按一，没有请按二。\n    - text: 请问您的问题解决了吗？\n",
            ),
        ],
        SURVEY,
    ),
    Bad(
        Rule.VARIATIONS_ALIKE,
        "    - text: You have an appointment",
        [
            (
                WORDS,
                "    - text: Will you come to {branch} on {visit_date|date}? Please say yes or no, "
                "or press one for yes, two for no.\n",
                "    - text: You have an appointment at {branch} on {visit_date|date}. Will you come?\n",
            )
        ],
    ),
    Bad(Rule.NOT_WORDS, "  utter_see_you:", [(WORDS, "We look forward", "<b>We</b> look forward")]),
    Bad(Rule.NOT_WORDS, "  utter_see_you:", [(WORDS, "We look forward", "See harbour.com and look forward")]),
    Bad(
        Rule.SECRET_SPOKEN,
        '    - text: "Thank you, {last4',
        [(f"{REPAYMENT}/responses.en.yml", "text: Thank you.\n", 'text: "Thank you, {last4|digits}."\n')],
        REPAYMENT,
    ),
    Bad(
        Rule.NO_EXPECTS,
        "  utter_ask_will_come:",
        [(WORDS, "{expects: yes_no, choices: [affirm, deny]}", "{choices: [affirm, deny]}")],
    ),
    Bad(
        Rule.LONG_SENTENCE,
        "    - text: Thank you and good day",
        [(WORDS, GREETING, "    - text: Thank you and good day, " + "and good day, " * 7 + "to you.\n")],
    ),
    Bad(
        Rule.LONG_SENTENCE,
        "    - text: 谢谢您，您好",
        [(f"{REPAYMENT}/responses.zh.yml", "text: 谢谢您。", "text: 谢谢您，" + "您好您好您，" * 12 + "再见。")],
        REPAYMENT,
    ),
    Bad(
        Rule.LEGAL_INTERRUPTIBLE,
        "  utter_disclosure:",
        [(WORDS, "interruptible: false", "interruptible: true")],
    ),
    Bad(Rule.NOT_LEGAL, "  utter_disclosure:", [(WORDS, "{legal: true, interruptible: false}", "{}")]),
    Bad(  # what is said to a machine, others may hear
        Rule.NOT_LEGAL,
        "  utter_message_for_machine:",
        [
            (
                f"{REPAYMENT}/responses.en.yml",
                "Thank you. Goodbye.\n      metadata: {legal: true, interruptible: false}\n",
                "Thank you. Goodbye.\n",
            )
        ],
        REPAYMENT,
    ),
    Bad(
        Rule.ACCOUNT_DATA,
        "  - rule: digits refused",
        [
            (
                f"{REPAYMENT}/rules.yml",
                "      - action: utter_identity_help\n",
                "      - action: utter_identity_help\n      - action: utter_amount_due\n",
            )
        ],
        REPAYMENT,
    ),
    Bad(  # a question says it, and one way to the question does not prove who is speaking
        Rule.ACCOUNT_DATA,
        "  - rule: day accepted",
        [
            (
                f"{REPAYMENT}/rules.yml",
                "  - rule: promises at another question\n    condition:\n"
                "      - slot_was_set: [{identity_verified: true}]\n",
                "  - rule: promises at another question\n",
            ),
            (
                f"{REPAYMENT}/rules.yml",
                "      - action: utter_no_date\n",
                "      - action: utter_outcome_reminded\n      - action: utter_no_date\n",
            ),
        ],
        REPAYMENT,
    ),
    Bad(
        Rule.ACCOUNT_DATA,
        "  utter_message_for_machine:",
        [
            (f"{REPAYMENT}/responses.en.yml", "Please call us on", "You owe {amount|money}. Please call us on"),
            (f"{REPAYMENT}/responses.zh.yml", "自动语音留言。", "自动语音留言。欠款是{amount|money}。"),
        ],
        REPAYMENT,
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_rule_finds_its_bad_example_and_nothing_else(scripts: Path, bad: Bad) -> None:
    bad.judge(scripts)
