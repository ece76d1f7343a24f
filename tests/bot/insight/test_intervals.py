"""Intervals of shares and of their differences."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest  # type: ignore[import-untyped]

from bot.insight.intervals import Rate, difference, for_several, median_difference, times_as_many

pytestmark = pytest.mark.unit

RATES = st.integers(0, 300).flatmap(lambda of: st.builds(Rate, st.integers(0, of), st.just(of)))


@given(RATES.filter(lambda rate: rate.of > 0), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_of_a_share_is_wilsons(rate: Rate, level: float) -> None:
    expected = binomtest(rate.hits, rate.of).proportion_ci(level, method="wilson")
    assert rate.interval(level) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_of_nothing_nothing_is_known() -> None:
    assert (Rate(0, 0).share, Rate(0, 0).interval()) == (None, (0.0, 1.0))
    assert difference(Rate(0, 0), Rate(3, 4)) is None
    assert times_as_many(Rate(0, 0), Rate(3, 4)) is None


@pytest.mark.parametrize(
    ("rate", "other", "low", "high"),
    [
        (Rate(56, 70), Rate(48, 80), 0.0524, 0.3339),
        (Rate(9, 10), Rate(3, 10), 0.1705, 0.8090),
        (Rate(5, 56), Rate(0, 29), -0.0381, 0.1926),
        (Rate(10, 10), Rate(0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(rate: Rate, other: Rate, low: float, high: float) -> None:
    """Examples of R. G. Newcombe, Statistics in Medicine 17 (1998), method 10."""
    found = difference(rate, other)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


@given(RATES, RATES)
def test_a_difference_lies_in_its_interval_and_turns_round(rate: Rate, other: Rate) -> None:
    found, turned = difference(rate, other), difference(other, rate)
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert (turned.value, turned.low, turned.high) == pytest.approx((-found.value, -found.high, -found.low))


def test_so_many_calls_find_the_difference_four_times_out_of_five() -> None:
    """By trying it: 12 % against 8 %, with as many calls as are said to be needed."""
    share, other, of = 0.12, 0.08, 200
    times = times_as_many(Rate(24, of), Rate(16, of))
    assert times is not None
    needed, drawn = round(times * of), random.Random(1)

    def draw(chance: float) -> Rate:
        return Rate(sum(drawn.random() < chance for _ in range(needed)), needed)

    differences = [difference(draw(share), draw(other)) for _ in range(300)]
    found = sum(one is not None and one.sure for one in differences)
    assert 0.74 < found / 300 < 0.88


def test_medians_are_told_apart_where_they_differ() -> None:
    drawn = random.Random(2)
    quick = [drawn.gauss(1200, 300) for _ in range(80)]
    slow = [wait + 300 for wait in quick]
    found = median_difference(slow, quick)
    assert found is not None
    assert found.value == pytest.approx(300)
    assert 0 < found.low < 300 < found.high
    assert found == median_difference(slow, quick)
    assert median_difference([1.0], quick) is None


def test_an_interval_of_medians_holds_nineteen_times_out_of_twenty() -> None:
    drawn = random.Random(3)
    held = 0
    for _ in range(100):
        found = median_difference(*([drawn.gauss(1000, 300) for _ in range(30)] for _ in range(2)))
        held += found is not None and not found.sure
    assert held >= 88


def test_equal_shares_are_never_told_apart() -> None:
    assert times_as_many(Rate(2, 20), Rate(4, 40)) is None


def test_a_share_of_zero_in_few_calls_is_not_certain() -> None:
    assert times_as_many(Rate(0, 3), Rate(1, 3)) is not None


def test_several_intervals_are_each_wider() -> None:
    assert for_several(1) == pytest.approx(0.95)
    assert for_several(5) == pytest.approx(0.99)
    assert for_several(0) == pytest.approx(0.95)
