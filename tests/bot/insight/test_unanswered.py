"""What customers said and got no answer to, gathered by likeness."""

from __future__ import annotations

import pytest

from bot.call.measures import CallMeasures
from bot.call.measuring import measure
from bot.insight.unanswered import Unanswered, unanswered
from tests.bot.call.made_calls import DISCLOSURE, PAY, PURPOSE, WHO, MadeCall

pytestmark = pytest.mark.unit


def call(*said: str, number: int = 0) -> CallMeasures:
    made = MadeCall(f"call-{number}").opens(DISCLOSURE, WHO)
    for words in said:
        made.says(words, "no_match", WHO)
    made.hangs_up()
    return measure(made.header, made.rows)


def gathered(found: Unanswered) -> list[set[str]]:
    return [{text for text, _ in group.texts} for group in found.groups]


def test_what_sounds_alike_is_one_group() -> None:
    fees = ["what are the fees", "how high is the fee", "the fees are too high"]
    limit = ["can I raise my credit limit", "I want a higher credit limit"]
    found = unanswered([call(*fees, *limit, "is there a branch nearby")])
    assert gathered(found) == [set(fees), set(limit), {"is there a branch nearby"}]
    assert (found.groups[0].turns, found.turns, found.groups[0].calls) == (3, 6, 1)


def test_chinese_has_no_spaces_to_go_by() -> None:
    limit, fee = ["我想提高额度", "额度能不能提高"], ["手续费是多少", "手续费怎么收"]
    found = unanswered([call(*limit, *fee, "今天天气怎么样")])
    assert sorted(map(sorted, gathered(found))) == sorted(map(sorted, [limit, fee, ["今天天气怎么样"]]))


def test_the_same_words_are_counted_and_say_where() -> None:
    found = unanswered([call("what are the fees", number=1), call("what are the fees", number=2)])
    (group,) = found.groups
    assert (group.text, group.turns, group.calls) == ("what are the fees", 2, 2)
    assert (group.texts, group.states) == ((("what are the fees", 2),), (("utter_ask_who", 2),))


def test_what_was_understood_and_is_no_matter_of_the_call_counts() -> None:
    made = MadeCall().opens(DISCLOSURE, WHO).says("sell my car", "out_of_scope", PURPOSE, WHO)
    made.says("what is it about", "ask_purpose", PURPOSE, WHO).says("yes", "affirm", PAY)
    assert gathered(unanswered([measure(made.header, made.rows)])) == [{"sell my car"}]


def test_what_has_no_words_is_only_counted() -> None:
    made = MadeCall().opens(DISCLOSURE, WHO).mumbles("grmbl", WHO).mumbles("", WHO).is_silent(WHO)
    made.presses("7", "no_match", WHO)
    found = unanswered([measure(made.header, made.rows)])
    assert (found.groups, found.turns, found.unheard) == ((), 0, 2)


def test_masked_digits_make_nothing_alike() -> None:
    found = unanswered([call("<4 digits #1>", "<6 digits #2> is the wrong one", "<6 digits #2>")])
    assert {"<6 digits #2> is the wrong one"} in gathered(found)
    assert len(found.groups) == 2
