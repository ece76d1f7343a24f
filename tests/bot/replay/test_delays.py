"""What the outside world took, read from the lines of a tape."""

from __future__ import annotations

import pytest

from bot.replay.delays import delays_of, usual
from telephony_bridge.leg import HandedOver, HandOverFailed
from telephony_bridge.line_status import HandOverFailure
from tests.bot.replay.tapes import decided, ended, heard, row, speak, started, told

pytestmark = pytest.mark.unit


def test_a_playout_starts_after_its_command_or_after_the_one_before_it() -> None:
    rows = [speak(0, "p1", "a"), speak(0, "p2", "b"), started(45, "p1"), ended(1045, "p1"), started(1052, "p2")]
    first, second = delays_of([*rows, ended(2000, "p2")]).playouts
    assert (first.start_ms, first.length_ms) == (45, 1000)
    assert (second.start_ms, second.length_ms) == (7, 948)


def test_a_stopped_playout_does_not_tell_its_length_but_what_stopping_took() -> None:
    rows = [speak(0, "p1", "a"), started(40, "p1"), row(500, "stop_speaking"), ended(525, "p1", completed=False)]
    delays = delays_of([*rows, speak(900, "p2", "a", start=2000), started(950, "p2"), ended(1500, "p2")])
    assert delays.stops == (25,)
    assert [(played.key, played.length_ms) for played in delays.playouts] == [
        (("a", 0, False), None),
        (("a", 0, True), 550),
    ]


def test_a_stop_with_nothing_on_the_line_takes_the_usual_time() -> None:
    rows = [row(10, "stop_speaking"), row(400, "stop_speaking"), ended(430, "p1", completed=False)]
    assert delays_of(rows).stops == (None, 30)
    assert delays_of(rows).usual_stop == 30


def test_the_recogniser_takes_time_to_settle_and_to_finish() -> None:
    rows = [
        row(100, "voice_stopped"),
        row(220, "partial", settled=True),
        row(500, "voice_stopped"),
        row(700, "finalise"),
        heard(790, "yes"),
    ]
    delays = delays_of(rows)
    assert delays.settled == (120, None)
    assert delays.heard == (90,)


def test_a_slow_recogniser_settles_after_it_was_asked_to_finish() -> None:
    rows = [row(100, "voice_stopped"), row(300, "finalise"), row(2700, "partial", settled=True), heard(2710, "yes")]
    assert delays_of(rows).settled == (2600,)


def test_thinking_counts_for_turns_that_the_dialogue_was_told_of() -> None:
    rows = [
        row(0, "consider_keys", turn=1),
        told(60, 1, "affirm"),
        decided(61, 1),
        row(100, "consider", turn=2),
        decided(101, 2),
    ]
    assert delays_of(rows).decided == (61,)


def test_what_became_of_each_hand_over() -> None:
    rows = [
        row(0, "transfer_leg"),
        row(900, "hand_over_failed", reason="busy"),
        row(2000, "transfer_leg"),
        row(2700, "handed_over"),
        row(3000, "transfer_leg"),
    ]
    assert delays_of(rows).hand_overs == (
        (900, HandOverFailed(HandOverFailure.BUSY)),
        (700, HandedOver()),
        None,
    )


def test_the_usual_is_the_median_of_what_is_known() -> None:
    assert usual([None, 10, 30, 20]) == 20
    assert usual([None], 40) == 40
