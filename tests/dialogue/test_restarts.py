"""A worker that dies again and again is started later and later; a calm life is forgiven."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.restarts import RestartPolicy, Restarts

pytestmark = pytest.mark.unit

POLICY = RestartPolicy(first=0.5, factor=2.0, longest=4.0, calm=60.0)


def pauses(*lives: float) -> list[float]:
    restarts, waited = Restarts(), []
    for lived in lives:
        restarts, pause = restarts.after_death(lived, POLICY)
        waited.append(pause)
    return waited


def test_the_first_restart_is_at_once_and_the_next_ones_wait_longer() -> None:
    assert pauses(1, 1, 1, 1, 1, 1, 1) == [0.0, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0]


def test_a_calm_life_starts_the_count_again() -> None:
    assert pauses(1, 1, 1, 60, 1) == [0.0, 0.5, 1.0, 0.0, 0.5]


@given(st.lists(st.floats(0, 1000), max_size=200))
def test_no_pause_is_negative_or_longer_than_the_longest(lives: list[float]) -> None:
    assert all(0 <= pause <= POLICY.longest for pause in pauses(*lives))
