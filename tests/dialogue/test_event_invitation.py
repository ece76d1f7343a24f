"""The event invitation: nobody is held or pressed, and a wish for the details is noted wherever it is said."""

from __future__ import annotations

import pytest

from tests.dialogue.walks import INVITATION, NO, YES, JsonTurn, Walks, has_ended, names, outcome_of, said

pytestmark = [pytest.mark.scenario, pytest.mark.requires("rasa")]

UNDECIDED = [YES, said("dont_know")]
DETAILS = said("request_message")


@pytest.mark.parametrize(
    ("turns", "outcome"),
    [
        ([YES, YES], "invitation_accepted"),
        ([YES, NO], "invitation_declined"),
        ([YES, said("cannot_pay")], "invitation_declined"),
        ([YES, said("decline_survey")], "invitation_declined"),
        ([said("goodbye")], "invitation_declined"),
        ([YES, DETAILS], "details_requested"),
        ([*UNDECIDED, YES], "details_requested"),
        ([*UNDECIDED, DETAILS], "details_requested"),
        ([*UNDECIDED, NO], "invited"),
        ([YES, said("goodbye")], "invited"),
        ([YES, *[said("silence")] * 3], "invited"),
        ([YES, said("do_not_call")], "do_not_call"),
    ],
)
def test_an_answer_ends_the_call_with_its_outcome(walks: Walks, turns: list[JsonTurn], outcome: str) -> None:
    replies = walks.play(INVITATION, turns)
    assert [has_ended(reply) for reply in replies] == [False] * len(turns) + [True]
    assert outcome_of(replies) == outcome


def test_whoever_is_invited_hears_first_that_such_calls_can_be_refused(walks: Walks) -> None:
    assert names(walks.play(INVITATION, [YES])[-1]) == ["may_refuse", "invitation", "ask_wants_place"]


def test_nothing_is_sent_to_a_number_that_may_be_somebody_elses(walks: Walks) -> None:
    replies = walks.play(INVITATION, [DETAILS])
    assert names(replies[-1]) == ["need_answer", "ask_right_person"]
    assert outcome_of(replies) is None
