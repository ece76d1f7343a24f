"""When a frame counts as late or dropped, on arrivals whose answer is known."""

from __future__ import annotations

import pytest

from benchmarks.streams.arrivals import FRAME_S, LATE_MS, judge, off_schedule, transit

pytestmark = pytest.mark.unit


def paced(frames: int, burst: int = 1, began: float = 100.0) -> list[float]:
    return [began + max(0, frame + 1 - burst) * FRAME_S for frame in range(frames)]


@pytest.mark.parametrize("burst", [1, 4])
def test_a_steady_stream_is_on_schedule_from_its_first_burst_on(burst: int) -> None:
    assert off_schedule(paced(50, burst), burst) == pytest.approx([0.0] * 50)


def test_one_frame_that_comes_late_is_late_by_itself() -> None:
    came = paced(50)
    came[20] += 0.015
    late = off_schedule(came)
    assert late[20] == pytest.approx(15)
    assert sum(late) == pytest.approx(15)


def test_a_first_frame_that_comes_late_makes_no_other_seem_early() -> None:
    came = paced(50)
    came[0] += 0.015
    assert off_schedule(came)[:2] == pytest.approx([15, 0])


def test_a_hold_up_that_is_never_made_good_counts_for_every_frame_after_it() -> None:
    came = paced(30) + [moment + 0.1 for moment in paced(50)[30:]]
    assert off_schedule(came) == pytest.approx([0.0] * 30 + [100.0] * 20)


def test_a_stream_of_which_nothing_came_has_no_delays() -> None:
    assert off_schedule([], burst=4) == []


def test_a_frame_that_was_dropped_moves_no_other() -> None:
    sent = paced(5)
    came = [(number, sent[number] + 0.001) for number in (0, 1, 3, 4)]
    assert transit(sent, came) == pytest.approx([1.0] * 4)


def test_the_verdict_counts_what_is_missing_and_what_is_too_late() -> None:
    verdict = judge(5, [1.0, LATE_MS, LATE_MS + 0.1, 200.0])
    assert (verdict.dropped, verdict.late, verdict.came) == (1, 2, 4)
    assert verdict.delay_ms == {"p50": 60.0, "p95": 200.0, "p99": 200.0}
    assert not verdict.whole
    assert verdict.fault == "1 frames dropped, 2 later than 60 ms"


def test_a_stream_in_time_is_whole_and_so_is_one_that_nobody_asked_for() -> None:
    assert judge(2, [0.0, LATE_MS]).whole
    assert judge(0, []).whole
    assert judge(0, []).fault == ""
