"""A prompt in pieces is one prompt to the call, whatever becomes of its pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.call.pieces import Pieces
from telephony_bridge.leg import ControlRestored, LegEvent, PlayoutEnded, PlayoutStarted

pytestmark = pytest.mark.unit


def told(pieces: Pieces, *events: LegEvent) -> list[LegEvent]:
    return [joined for event in events if (joined := pieces.joined(event)) is not None]


def both() -> Pieces:
    pieces = Pieces()
    assert [pieces.send("p1", last=False), pieces.send("p1", last=True)] == ["p1", "p1.1"]
    return pieces


def test_two_pieces_heard_out_are_one_prompt_heard_out() -> None:
    events = (
        PlayoutStarted("p1"),
        PlayoutEnded("p1", 800, completed=True),
        PlayoutStarted("p1.1"),
        PlayoutEnded("p1.1", 500, completed=True),
    )
    assert told(both(), *events) == [PlayoutStarted("p1"), PlayoutEnded("p1", 1300, completed=True)]


def test_stopped_in_the_second_piece() -> None:
    events = (PlayoutEnded("p1", 800, completed=True), PlayoutEnded("p1.1", 100, completed=False))
    assert told(both(), *events) == [PlayoutEnded("p1", 900, completed=False)]


def test_stopped_in_the_first_piece_the_end_is_told_once() -> None:
    events = (PlayoutEnded("p1", 80, completed=False), PlayoutEnded("p1.1", 0, completed=False))
    assert told(both(), *events) == [PlayoutEnded("p1", 80, completed=False)]


def test_a_piece_that_cannot_be_played_ends_the_prompt_with_the_problem() -> None:
    broken = PlayoutEnded("p1.1", 0, completed=False, problem="FILE NOT FOUND")
    assert told(both(), PlayoutEnded("p1", 800, completed=True), broken) == [
        PlayoutEnded("p1", 800, completed=False, problem="FILE NOT FOUND")
    ]


def test_cut_while_the_first_piece_sounds_it_ends_with_that() -> None:
    pieces = Pieces()
    pieces.send("p1", last=False)
    assert pieces.cut("p1") is None
    assert told(pieces, PlayoutEnded("p1", 800, completed=True)) == [PlayoutEnded("p1", 800, completed=False)]


def test_cut_after_the_first_piece_it_ends_at_once() -> None:
    pieces = Pieces()
    pieces.send("p1", last=False)
    assert told(pieces, PlayoutEnded("p1", 800, completed=True)) == []
    assert pieces.cut("p1") == PlayoutEnded("p1", 800, completed=False)
    assert pieces.cut("p1") is None


def test_what_is_no_piece_passes_as_it_is() -> None:
    events = [PlayoutStarted("p9"), PlayoutEnded("p9", 5, completed=True), ControlRestored()]
    assert told(both(), *events) == events


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=5), st.booleans())
def test_every_prompt_that_began_ends_once_with_what_was_heard(
    sent: int, ended: list[tuple[int, bool]], finishes: bool
) -> None:
    """The line tells of its pieces in order, and after a stop of each that was sent."""
    pieces = Pieces()
    ids = [pieces.send("p1", last=finishes and number == sent - 1) for number in range(sent)]
    ends = ended[:sent]
    ends += [(0, False)] * (sent - len(ends))
    events = [PlayoutEnded(one, heard, completed=completed) for one, (heard, completed) in zip(ids, ends, strict=True)]
    seen = told(pieces, *events)
    cut = pieces.cut("p1")
    ends_told = [*seen, *([cut] if cut else [])]
    (only,) = ends_told
    assert isinstance(only, PlayoutEnded)
    assert only.completed == (finishes and all(completed for _, completed in ends))
    stopped = next((n for n, (_, completed) in enumerate(ends) if not completed), sent - 1)
    assert only.heard == sum(heard for heard, _ in ends[: stopped + 1])
