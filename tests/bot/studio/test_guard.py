"""When a candidate is worse than the live version, and when that cannot be told."""

from __future__ import annotations

import pytest

from bot.studio.events import Metric
from bot.studio.false_alarms import RATES, stops
from bot.studio.guard import LEAST_CALLS, Counts, judge

pytestmark = pytest.mark.unit


def counts(calls: int, **happened: int) -> Counts:
    return Counts(calls, {Metric(name): number for name, number in happened.items()})


def test_a_candidate_that_more_customers_leave_at_once_is_worse() -> None:
    judgement = judge(counts(100, early_hang_up=35), counts(1900, early_hang_up=190))
    (figure,) = judgement.worse
    assert (figure.metric, figure.candidate, figure.candidate_calls) == (Metric.EARLY_HANG_UP, 35, 100)
    assert figure.low > 0
    assert figure.high > 0.25


@pytest.mark.parametrize("metric", Metric)
def test_each_metric_counts(metric: Metric) -> None:
    assert [one.metric for one in judge(Counts(200, {metric: 120}), Counts(200, {metric: 20})).worse] == [metric]


def test_a_candidate_that_is_better_or_only_looks_worse_is_let_be() -> None:
    assert not judge(counts(500, human_asked=10), counts(500, human_asked=200)).worse
    assert not judge(counts(60, human_asked=9), counts(1000, human_asked=100)).worse


def test_before_there_are_enough_calls_of_both_nothing_is_judged() -> None:
    few = LEAST_CALLS - 1
    assert not judge(counts(few, no_match=few), counts(1000)).worse
    assert not judge(counts(1000, no_match=1000), counts(few)).worse
    assert judge(counts(LEAST_CALLS, no_match=LEAST_CALLS), counts(LEAST_CALLS)).worse
    nothing = judge(counts(0), counts(0))
    assert not nothing.enough
    assert [(one.low <= 0, one.high >= 0) for one in nothing.figures] == [(True, True)] * len(Metric)


def test_looked_at_after_every_call_it_seldom_stops_an_equal_and_soon_stops_a_worse_one() -> None:
    equal = stops(RATES, RATES, 300, 0.25, 60, seed=3)
    worse = stops((0.3, *RATES[1:]), RATES, 300, 0.25, 30, seed=4)
    assert (equal > 0).mean() < 0.1
    assert (worse > 0).all()
