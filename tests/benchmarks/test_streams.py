"""The media benchmark's processes find each other, and frames go both ways between them."""

from __future__ import annotations

import pytest

from benchmarks.streams.crowd import hold
from benchmarks.streams.load import Load

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("ears", [False, True])
def test_calls_are_held_and_what_was_sent_is_counted_at_the_other_end(ears: bool) -> None:
    load = Load(calls=3, seconds=0.4, ears=ears)
    borne = hold(load)
    heard, said = borne.from_customers, borne.to_customers
    assert heard.came + heard.dropped == load.calls * 20
    assert said.came + said.dropped == load.calls * 70
    assert heard.came > 0
    assert said.came > 0
    assert borne.cpu_s > 0


def test_a_one_way_call_is_sent_nothing() -> None:
    assert hold(Load(calls=1, seconds=0.1, two_way=False)).to_customers.came == 0
