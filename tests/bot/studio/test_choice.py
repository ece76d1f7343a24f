"""Which version a call gets."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.studio.choice import version_for
from bot.studio.standing import Standing

pytestmark = pytest.mark.unit

TRIAL = Standing(live="live", candidate="new", share=5)
CALLS = [str(uuid.uuid5(uuid.NAMESPACE_DNS, str(number))) for number in range(20_000)]


def test_without_a_candidate_all_calls_get_the_live_version() -> None:
    assert version_for("call", Standing()) is None
    assert version_for("call", Standing(live="live")) == "live"


@pytest.mark.parametrize("share", [1, 5, 25, 99])
def test_so_many_calls_get_the_candidate(share: int) -> None:
    chosen = sum(version_for(call, replace(TRIAL, share=share)) == "new" for call in CALLS)
    assert chosen / len(CALLS) == pytest.approx(share / 100, abs=0.01)


@given(st.text(), st.integers(1, 99))
def test_a_call_always_gets_the_same_and_keeps_the_candidate_when_it_gets_more(call: str, share: int) -> None:
    now = version_for(call, replace(TRIAL, share=share))
    assert now == version_for(call, replace(TRIAL, share=share))
    if now == "new":
        assert version_for(call, replace(TRIAL, share=min(99, share + 10))) == "new"


def test_another_candidate_is_tried_on_other_calls() -> None:
    first = {call for call in CALLS if version_for(call, TRIAL) == "new"}
    second = {call for call in CALLS if version_for(call, replace(TRIAL, candidate="newer")) == "newer"}
    assert len(first & second) < 0.2 * len(first)


def test_without_a_live_version_there_is_none_for_the_others() -> None:
    assert {version_for(call, Standing(candidate="new", share=50)) for call in CALLS[:50]} == {"new", None}
