"""Who takes the next call: each node by its weight, none above what it may have, none that is away or drained."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony_bridge.balancer import Balancer, Chosen, Load, Nobody, Terms, Unavailable, Wait

pytestmark = pytest.mark.unit

FREE = Load(up=True, calls=0)
TICK_S = 1 / 16
"""Times and rates are powers of two, so that no rounding blurs what is allowed and what is not."""

TERMS = st.builds(
    Terms,
    st.integers(1, 5),
    st.none() | st.integers(1, 3),
    st.none() | st.sampled_from([0.5, 1.0, 2.0, 4.0]),
    st.booleans(),
)
HAPPENINGS = st.tuples(st.sampled_from(["dial", "end", "fall", "rise"]), st.integers(0, 3), st.integers(0, 8))


def named(terms: list[Terms]) -> dict[str, Terms]:
    return {f"node {number}": one for number, one in enumerate(terms)}


def chosen(balancer: Balancer, loads: dict[str, Load], now: float = 0.0) -> str:
    choice = balancer.choose(now, loads)
    assert isinstance(choice, Chosen), choice
    return choice.name


class Fleet:
    """Nodes as a switchboard would see them, and every dial they got."""

    def __init__(self, terms: dict[str, Terms]) -> None:
        self.terms = terms
        self.loads = dict.fromkeys(terms, FREE)
        self.dials: dict[str, list[float]] = {name: [] for name in terms}
        self.now = 0.0
        self._balancer = Balancer(terms)

    def happens(self, what: str, name: str) -> None:
        load = self.loads[name]
        match what:
            case "dial":
                self.dial()
            case "end":
                self.loads[name] = replace(load, calls=max(0, load.calls - 1))
            case "fall" | "rise":
                self.loads[name] = replace(load, up=what == "rise")

    def dial(self) -> None:
        choice = self._balancer.choose(self.now, self.loads)
        if isinstance(choice, Wait):
            assert choice.seconds > 0
            self.now += choice.seconds
            choice = self._balancer.choose(self.now, self.loads)
            assert isinstance(choice, Chosen)
        if isinstance(choice, Nobody):
            assert choice.why == {name: self.obstacle(name) for name in self.terms}
            assert None not in choice.why.values()
        else:
            assert self.obstacle(choice.name) is None
            load = self.loads[choice.name]
            self.loads[choice.name] = replace(load, calls=load.calls + 1)
            self.dials[choice.name].append(self.now)

    def obstacle(self, name: str) -> Unavailable | None:
        terms, load = self.terms[name], self.loads[name]
        if terms.drain:
            return Unavailable.DRAINED
        if not load.up:
            return Unavailable.UNREACHABLE
        return Unavailable.FULL if terms.max_calls == load.calls else None


@given(st.lists(TERMS, min_size=1, max_size=4), st.lists(HAPPENINGS, max_size=60))
def test_no_node_gets_a_call_that_it_must_not_have(terms: list[Terms], happenings: list[tuple[str, int, int]]) -> None:
    fleet = Fleet(named(terms))
    for what, number, ticks in happenings:
        fleet.now += ticks * TICK_S
        fleet.happens(what, f"node {number % len(terms)}")
    for name, one in fleet.terms.items():
        if one.calls_per_second is not None:
            assert all(later - earlier >= 1 / one.calls_per_second for earlier, later in pairwise(fleet.dials[name]))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 4))
def test_each_gets_its_share_by_weight(weights: list[int], rounds: int) -> None:
    terms = named([Terms(weight) for weight in weights])
    balancer, loads = Balancer(terms), dict.fromkeys(terms, FREE)
    counts = Counter(chosen(balancer, loads) for _ in range(rounds * sum(weights)))
    assert counts == {name: rounds * one.weight for name, one in terms.items()}


def test_the_calls_of_a_light_node_are_spread_among_those_of_a_heavy_one() -> None:
    balancer = Balancer({"heavy": Terms(weight=3), "light": Terms(weight=1)})
    loads = {"heavy": FREE, "light": FREE}
    assert [chosen(balancer, loads) for _ in range(4)] == ["heavy", "heavy", "light", "heavy"]


def test_a_node_that_comes_back_gets_its_share_and_no_burst() -> None:
    balancer = Balancer({"a": Terms(), "b": Terms()})
    for _ in range(101):
        assert chosen(balancer, {"a": FREE, "b": Load(up=False, calls=0)}) == "a"
    counts = Counter(chosen(balancer, {"a": FREE, "b": FREE}) for _ in range(10))
    assert counts == {"a": 5, "b": 5}


def test_what_one_may_not_take_yet_goes_to_another_at_once() -> None:
    balancer = Balancer({"heavy": Terms(weight=9, calls_per_second=2), "light": Terms(max_calls=1)})
    assert chosen(balancer, {"heavy": FREE, "light": FREE}) == "heavy"
    assert chosen(balancer, {"heavy": FREE, "light": FREE}) == "light"
    full = {"heavy": FREE, "light": Load(up=True, calls=1)}
    assert balancer.choose(0.125, full) == Wait(0.375)
    assert chosen(balancer, full, 0.5) == "heavy"
