"""Drift: what is an alarm and what is chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nlu.comparison.statistics import share_gain
from nlu.drift.comparing import Drift, What, by_chance, compare, stability_index
from nlu.drift.profile import Profile

pytestmark = pytest.mark.unit

BEFORE = Profile(
    language="en",
    turns=400,
    intents={"affirm": 200, "deny": 100, "promise_to_pay": 100},
    confidence=(0, 0, 0, 0, 0, 0, 0, 40, 60, 300),
    mean_confidence=0.93,
    words=2000,
    unknown=40,
    asked_again=20,
    unheard=10,
)


def found(now: Profile, before: Profile = BEFORE, *, of_calls: bool = True) -> dict[What, Drift]:
    return {one.what: one for one in compare(before, now, of_calls=of_calls)}


def alarms(now: Profile, before: Profile = BEFORE) -> set[What]:
    return {what for what, one in found(now, before).items() if one.alarm}


def test_the_same_calls_are_no_alarm() -> None:
    assert alarms(BEFORE) == set()
    assert found(BEFORE)[What.INTENTS].psi == 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"intents": {"affirm": 100, "deny": 100, "promise_to_pay": 100, "dispute": 100}}, What.INTENTS),
        ({"confidence": (0, 0, 40, 40, 40, 40, 40, 40, 60, 100), "mean_confidence": 0.7}, What.CONFIDENCE),
        ({"unknown": 160}, What.UNKNOWN_WORDS),
        ({"asked_again": 60}, What.ASKED_AGAIN),
        ({"unheard": 60}, What.UNHEARD),
    ],
)
def test_each_change_is_its_own_alarm(change: dict[str, object], what: What) -> None:
    assert alarms(replace(BEFORE, **change)) == {what}  # type: ignore[arg-type]


def test_a_model_that_became_surer_or_understands_more_is_no_alarm() -> None:
    better = replace(BEFORE, confidence=(0, 0, 0, 0, 0, 0, 0, 0, 0, 400), mean_confidence=0.98)
    assert alarms(replace(better, unknown=0, asked_again=0, unheard=0)) == set()


def test_a_handful_of_turns_is_no_alarm_however_different() -> None:
    few = Profile("en", 3, {"deny": 2, "affirm": 1}, (0, 0, 0, 0, 1, 0, 0, 0, 0, 2), 0.8, 12, 1, 1, 0)
    assert found(few)[What.CONFIDENCE].psi > 0.25  # type: ignore[operator]
    assert alarms(few) == set()


def test_against_written_rows_what_hangs_on_the_question_is_shown_only_and_the_recogniser_has_no_figure() -> None:
    unsure = (100, 100, 100, 100, 0, 0, 0, 0, 0, 0)
    other = replace(
        BEFORE, intents={"dispute": 400}, confidence=unsure, mean_confidence=0.2, asked_again=300, unknown=900
    )
    shown = found(other, replace(BEFORE, unheard=None), of_calls=False)
    assert {what: one.alarm for what, one in shown.items()} == {
        What.INTENTS: None,
        What.CONFIDENCE: None,
        What.ASKED_AGAIN: None,
        What.UNKNOWN_WORDS: True,
    }
    assert shown[What.INTENTS].movers[0] == ("dispute", 0.0, 1.0)
    assert What.UNHEARD not in shown


def test_the_index_is_that_of_the_textbook() -> None:
    before, now = np.array([50_000, 50_000]), np.array([80_000, 20_000])
    expected = 0.3 * np.log(0.8 / 0.5) - 0.3 * np.log(0.2 / 0.5)
    assert stability_index(before, now) == pytest.approx(expected, abs=1e-4)


def test_chance_is_even_where_nothing_changed() -> None:
    draw = np.random.default_rng(1)
    share = [0.5, 0.2, 0.1, 0.1, 0.05, 0.05]
    p = [by_chance(draw.multinomial(300, share), draw.multinomial(60, share)) for _ in range(40)]
    assert 0.3 < np.mean(p) < 0.7


def test_the_interval_of_a_rise() -> None:
    """Newcombe (1998), method 10: 48 of 80 against 56 of 70 is 0.2, from 0.0524 to 0.3339."""
    assert share_gain(48, 80, 56, 70) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert share_gain(0, 0, 5, 10)[0] < 0
