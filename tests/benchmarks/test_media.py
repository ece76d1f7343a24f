"""What the steps of the media benchmark say together."""

from __future__ import annotations

import pytest

from benchmarks.media import crowd
from benchmarks.streams.arrivals import Verdict
from benchmarks.streams.load import Borne, Load

pytestmark = pytest.mark.unit


def borne(calls: int, late: int = 0, others_percent: float = 0.0) -> Borne:
    load = Load(calls, seconds=6.0)
    heard, said = load.calls * load.frames_heard, load.calls * load.frames_said
    return Borne(
        load, 3.0, others_percent, 0, Verdict(0, 0, heard, {"p50": 1.0}), Verdict(0, late, said, {}), {"p50": 0.5}
    )


def test_the_last_step_that_was_whole_is_how_many_calls_it_bears() -> None:
    found = crowd([borne(300), borne(500), borne(700, late=3)])
    assert found["calls_at_once_on_a_core"] == {"found": 500, "aim": "at least 500", "met": True}
    assert found["breaks_at"] == "700 calls; to customers: 3 later than 60 ms"
    assert found["steps"]["700_calls"]["core_percent"] == 50.0


def test_a_core_that_was_not_the_servers_alone_is_named_beside_the_fault() -> None:
    found = crowd([borne(100, late=1, others_percent=40.0)])
    assert found["calls_at_once_on_a_core"] == {"found": 0, "aim": "at least 500", "met": False}
    assert found["breaks_at"] == "100 calls; to customers: 1 later than 60 ms; other programs took 40 % of the core"


def test_without_a_fault_nothing_is_said_to_break() -> None:
    assert crowd([borne(100)])["breaks_at"] == "not within these steps"


def test_frames_of_both_directions_count_for_the_core_that_bore_them() -> None:
    assert borne(500).frames_per_core_second == 500 * (300 + 300) / 3
