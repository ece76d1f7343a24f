"""When a process says that it is too late for new calls, and when that it is in time again: in virtual time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony_bridge.lateness import RELEASED_AT, SMOOTHED_OVER_S, Lateness

pytestmark = pytest.mark.unit

LIMIT_S = 0.1
LOOK_S = 0.05


def looked(lateness: Lateness, late_s: float, seconds: float) -> None:
    """For so long each look is late by so much."""
    passed = 0.0
    while passed < seconds:
        lateness.note(late_s, LOOK_S + late_s)
        passed += LOOK_S + late_s


def test_a_loop_in_time_takes_calls() -> None:
    lateness = Lateness(LIMIT_S)
    looked(lateness, 0.01, 60)
    assert not lateness.overloaded
    assert lateness.smoothed_s == pytest.approx(0.01, rel=0.01)


def test_a_short_stall_closes_nothing_and_a_load_that_stays_does() -> None:
    lateness = Lateness(LIMIT_S)
    lateness.note(4.0, 4.05)
    assert not lateness.overloaded
    looked(lateness, 0.3, SMOOTHED_OVER_S)
    assert lateness.overloaded


def test_it_opens_again_only_well_below_the_limit() -> None:
    lateness = Lateness(LIMIT_S)
    looked(lateness, 0.3, 30)
    looked(lateness, LIMIT_S * 0.7, 60)
    assert lateness.overloaded, "a little below the limit it stays closed"
    looked(lateness, LIMIT_S * RELEASED_AT * 0.8, 60)
    assert not lateness.overloaded
    looked(lateness, LIMIT_S * 0.7, 60)
    assert not lateness.overloaded, "and a little below the limit it stays open"


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.001, 20)), min_size=1, max_size=50))
def test_it_is_never_later_than_the_latest_look(looks: list[tuple[float, float]]) -> None:
    lateness = Lateness(LIMIT_S)
    for late_s, passed_s in looks:
        lateness.note(late_s, passed_s)
    assert 0 <= lateness.smoothed_s <= max(late for late, _ in looks)
    assert not lateness.overloaded or max(late for late, _ in looks) > LIMIT_S * RELEASED_AT
