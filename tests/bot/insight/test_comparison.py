"""Two versions side by side, and what stands out in one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.call.measuring import measure
from bot.insight.comparison import Compared, Comparison, Verdict, compare
from bot.insight.findings import findings
from bot.insight.intervals import for_several
from bot.insight.summary import CallMeasure, QuestionMeasure, VersionSummary, summarise
from tests.bot.call.made_calls import DISCLOSURE, GOODBYE, HANG_UP, PAY, WHO, MadeCall, prompt
from tests.bot.insight.many_calls import BEGAN, summary

pytestmark = pytest.mark.unit

WELL, HANGS_UP = (90, 2, 4, 4), (60, 2, 34, 4)


def of(comparison: Comparison, measure: CallMeasure) -> Compared:
    return next(one for one in comparison.calls if one.measure is measure)


def test_a_difference_that_can_be_told_apart_is_a_statement() -> None:
    comparison = compare(summary("new", *WELL), summary("old", *HANGS_UP))
    left = of(comparison, CallMeasure.HUNG_UP)
    assert (left.verdict, left.more_calls, left.conclusion) == (Verdict.BETTER, None, "better")
    assert comparison.sentence(left) == (
        "new is hung up on before its end less often than old: −30.0 points, between −40.3 and −19.1"
    )
    assert of(compare(summary("new", *HANGS_UP), summary("old", *WELL)), CallMeasure.RESULT).verdict is Verdict.WORSE


def test_one_that_cannot_says_how_many_calls_it_takes() -> None:
    comparison = compare(summary("new", *WELL), summary("old", 86, 2, 8, 4))
    left = of(comparison, CallMeasure.HUNG_UP)
    assert (left.verdict, left.more_calls) == (Verdict.UNSURE, 1400)
    assert comparison.sentence(left) == (
        "hung up before the end: −4.0 points, between −12.1 and +3.9; "
        "cannot be told apart yet: about 1400 more calls would be needed"
    )


def test_no_difference_is_worth_no_more_calls() -> None:
    comparison = compare(summary("new", *WELL), summary("old", *WELL))
    assert of(comparison, CallMeasure.HUMAN).conclusion == (
        "no difference to be seen: if there is one, it is below 6.3 points"
    )


def test_questions_are_held_to_more_than_whole_calls() -> None:
    comparison = compare(summary("new", *WELL), summary("old", *HANGS_UP))
    assert {one.difference.level for one in comparison.calls} == {0.95}
    assert {one.difference.level for one in comparison.questions} == {for_several(2)}
    pay = [one for one in comparison.sure if one.state == "utter_ask_pay"]
    assert {one.measure: one.verdict for one in pay} == {
        QuestionMeasure.ANSWERED: Verdict.BETTER,
        QuestionMeasure.NO_MATCH: Verdict.BETTER,
        QuestionMeasure.NEGATIVE: Verdict.BETTER,
        QuestionMeasure.HUNG_UP: Verdict.BETTER,
    }
    assert comparison.sentence(pay[0]).startswith("at utter_ask_pay, new is answered more often than old: +")


def test_a_wait_that_differs_is_told_in_seconds() -> None:
    def version(name: str, pauses: tuple[float, ...]) -> VersionSummary:
        made = [MadeCall(version=name).opens(DISCLOSURE, WHO) for _ in pauses]
        for call, pause in zip(made, pauses, strict=True):
            call.t += pause
            call.says("yes", "affirm", GOODBYE, HANG_UP).ends("promised")
        return summarise(name, [measure(call.header, call.rows) for call in made])

    slow, quick = version("slow", (900.0, 1000.0, 1100.0) * 4), version("quick", (0.0, 100.0, 200.0) * 4)
    comparison = compare(slow, quick)
    assert [sentence for verdict, sentence in comparison.sentences() if verdict is Verdict.DIFFERS] == [
        "at utter_ask_who, slow is answered later than quick: +0.9 s, between +0.8 and +1.0"
    ]


def test_what_is_neither_good_nor_bad_only_differs() -> None:
    comparison = compare(summary("new", 60, 0, 0, 40), summary("old", *WELL))
    assert of(comparison, CallMeasure.HANDED_OVER).verdict is Verdict.DIFFERS


def test_a_question_that_one_version_alone_asks_is_named() -> None:
    call = MadeCall(version="new").opens(DISCLOSURE, prompt("utter_ask_mood")).says("yes", "affirm", PAY)
    call.says("yes", "affirm", GOODBYE, HANG_UP).ends("promised")
    comparison = compare(summarise("new", [measure(call.header, call.rows)]), summary("old", *WELL))
    assert (comparison.only, comparison.only_against) == (("utter_ask_mood",), ("utter_ask_who",))
    assert {one.state for one in comparison.questions} == {"utter_ask_pay"}


def test_calls_of_different_days_are_told_of() -> None:
    later = summary("new", *WELL, began=BEGAN + timedelta(days=7))
    assert not compare(later, summary("old", *WELL)).same_time
    assert compare(summary("new", *WELL), summary("old", *WELL)).same_time


def test_the_question_at_which_more_goes_wrong_stands_out() -> None:
    found = findings(summary("v1", *HANGS_UP))
    assert [(one.state, one.measure, one.calls) for one in found] == [
        ("utter_ask_pay", QuestionMeasure.NO_MATCH, 34),
        ("utter_ask_pay", QuestionMeasure.NEGATIVE, 34),
        ("utter_ask_pay", QuestionMeasure.HUNG_UP, 32),
    ]
    assert found[2].sentence == (
        "At utter_ask_pay, 35 % of customers hang up (26 to 45 %); at the other questions, 2 % do. "
        "The difference is about 32 calls."
    )


def test_where_no_question_is_worse_none_stands_out() -> None:
    assert findings(summary("v1", 90, 4, 4, 0)) == []
