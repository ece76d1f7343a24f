"""The care call for a new card: what is known of the card counts, and help is a sentence or a colleague."""

from __future__ import annotations

import pytest

from dialogue.protocol import Transfer
from tests.dialogue.walks import ACTIVATION, NO, YES, JsonTurn, Walks, has_ended, names, outcome_of, said

pytestmark = [pytest.mark.scenario, pytest.mark.requires("rasa")]

ARRIVED = [YES, YES]
SILENT = [said("silence")] * 3


@pytest.mark.parametrize(
    ("turns", "outcome"),
    [
        ([*ARRIVED, YES], "card_active"),
        ([*ARRIVED, said("already_paid")], "card_active"),
        ([*ARRIVED, NO, NO], "activation_pending"),
        ([*ARRIVED, NO, YES, NO], "activation_pending"),
        ([*ARRIVED, said("goodbye")], "activation_pending"),
        ([*ARRIVED, *SILENT], "activation_pending"),
        ([YES, NO, NO], "card_not_received"),
        ([YES, said("dispute"), NO], "card_not_received"),
        ([YES, NO, said("goodbye")], "card_not_received"),
        ([YES, NO, *SILENT], "card_not_received"),
        ([YES, said("goodbye")], "no_response"),
    ],
)
def test_what_is_known_of_the_card_is_the_outcome(walks: Walks, turns: list[JsonTurn], outcome: str) -> None:
    replies = walks.play(ACTIVATION, turns)
    assert [has_ended(reply) for reply in replies] == [False] * len(turns) + [True]
    assert outcome_of(replies) == outcome


@pytest.mark.parametrize("way", [[NO, YES], [NO, said("ask_how_to_pay")], [said("dont_know")], [said("other_banking")]])
def test_who_needs_help_hears_how_it_is_done_and_may_talk_to_a_colleague(walks: Walks, way: list[JsonTurn]) -> None:
    replies = walks.play(ACTIVATION, [*ARRIVED, *way, YES])
    assert names(replies[-2]) == ["how_to_activate", "ask_wants_colleague"]
    assert isinstance(replies[-1].steps[-1], Transfer)
    assert outcome_of(replies) == "handed_over"
