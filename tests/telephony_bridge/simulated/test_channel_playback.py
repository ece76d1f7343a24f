"""What a channel plays, and its keys, in virtual time: order, breaks, lengths, and what the events say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony_bridge.simulated.dialplan import NumberPlan
from tests.telephony_bridge.simulated.virtual_call import SECOND, VirtualCall, names

pytestmark = pytest.mark.unit


def test_playback_starts_20_ms_after_the_message_and_its_end_tells_its_length() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.tick()
    sent = call.now
    call.play("a", SECOND)
    call.tick(60)
    execute, complete_ = call.events("CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE")
    start, stop = call.events("PLAYBACK_START", "PLAYBACK_STOP")
    assert start.at - sent == pytest.approx(0.02)
    assert stop.at - start.at == pytest.approx(1.0)
    assert execute.headers["Application-UUID"] == complete_.headers["Application-UUID"] == "id-a"
    assert "Application-UUID" not in start.headers
    assert complete_.headers["Application-Response"] == "FILE PLAYED"
    assert stop.headers["Playback-Status"] == "done"
    assert stop.headers["variable_playback_last_offset_pos"] == str(SECOND)
    assert np.count_nonzero(np.concatenate(call.heard)) == SECOND


def test_locked_playbacks_follow_without_a_gap() -> None:
    call = VirtualCall(NumberPlan()).answered()
    for name in "abc":
        call.play(name, SECOND)
    call.tick(160)
    assert call.trail() == ["START a", "STOP a done", "START b", "STOP b done", "START c", "STOP c done"]
    events = call.events("PLAYBACK_START", "PLAYBACK_STOP")
    assert events[1].at == events[2].at
    assert events[3].at == events[4].at
    audio = np.concatenate(call.heard)
    assert np.flatnonzero(audio).size == np.ptp(np.flatnonzero(audio)) + 1 == 3 * SECOND


def test_playbacks_without_event_lock_nest() -> None:
    call = VirtualCall(NumberPlan()).answered()
    for name in "abc":
        call.play(name, SECOND, lock=False)
    call.tick(160)
    assert call.trail() == ["START a", "START b", "START c", "STOP c done", "STOP b done", "STOP a done"]
    assert len({event.at for event in call.events("PLAYBACK_START")}) == 1


def test_break_all_stops_within_a_tick_and_flushes_the_queue_silently() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.play("a", 4 * SECOND)
    call.play("b", SECOND)
    call.tick(37)  # the first of these starts it: 740 ms are played
    call.channel.interrupt_playback(flush=True)
    before = call.now
    call.tick(60)
    assert call.trail() == ["START a", "STOP a break"]
    (stop,) = call.events("PLAYBACK_STOP")
    assert stop.at - before == pytest.approx(0.02)
    assert stop.headers["variable_playback_last_offset_pos"] == "5920"
    assert stop.headers["variable_playback_ms"] == "2048"  # read ahead, not heard
    assert [event.headers["Application-UUID"] for event in call.events("CHANNEL_EXECUTE")] == ["id-a"]


def test_read_ahead_counts_whole_blocks() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.play("a", 10 * SECOND)
    call.tick(126)
    call.channel.interrupt_playback(flush=True)
    call.tick()
    (stop,) = call.events("PLAYBACK_STOP")
    assert stop.headers["variable_playback_last_offset_pos"] == "20160"
    assert stop.headers["variable_playback_ms"] == "4096"


def test_plain_break_lets_the_next_one_start_20_ms_later() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.play("a", SECOND)
    call.play("b", SECOND)
    call.tick(10)
    call.channel.interrupt_playback(flush=False)
    call.tick(60)
    assert call.trail() == ["START a", "STOP a break", "START b", "STOP b done"]
    _, stop, start, _ = call.events("PLAYBACK_START", "PLAYBACK_STOP")
    assert start.at - stop.at == pytest.approx(0.02)


def test_break_is_harmless_when_nothing_plays() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.channel.interrupt_playback(flush=True)
    call.play("a", SECOND)
    call.tick(60)
    assert call.trail() == ["START a", "STOP a done"]


def test_a_missing_file_is_not_found_and_the_next_one_plays() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.play("missing", None)
    call.play("b", SECOND)
    call.tick(60)
    first, second = call.events("CHANNEL_EXECUTE_COMPLETE")
    assert first.headers["Application-UUID"] == "id-missing"
    assert first.headers["Application-Response"] == "FILE NOT FOUND"
    assert second.headers["Application-Response"] == "FILE PLAYED"
    assert call.trail() == ["START b", "STOP b done"]


def test_hangup_in_mid_playback_says_done_with_the_cause() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.play("a", SECOND)
    call.tick(10)
    call.take(call.channel.customer_hung_up(call.now))
    (stop,) = call.events("PLAYBACK_STOP")
    assert stop.headers["Playback-Status"] == "done"
    assert stop.headers["Hangup-Cause"] == "NORMAL_CLEARING"
    assert stop.headers["variable_playback_last_offset_pos"] == "1600"
    order = names(call)
    assert order.index("CHANNEL_HANGUP") < order.index("PLAYBACK_STOP") < order.index("CHANNEL_HANGUP_COMPLETE")


def test_dtmf() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.take(call.channel.press("5", call.now))
    (event,) = call.events()
    assert (event.name, event.headers["DTMF-Digit"], event.headers["DTMF-Duration"]) == ("DTMF", "5", "2000")


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.integers(0, 1000), st.booleans()),
        st.tuples(st.just("break"), st.booleans(), st.none()),
        st.tuples(st.just("tick"), st.integers(1, 5), st.none()),
        st.tuples(st.just("missing"), st.none(), st.booleans()),
    ),
    max_size=40,
)


@given(ACTIONS)
def test_whatever_happens_every_start_has_one_stop_and_every_execute_one_complete(actions: list[tuple]) -> None:  # type: ignore[type-arg]
    call = VirtualCall(NumberPlan()).answered()
    for index, (kind, first, second) in enumerate(actions):
        if kind == "play":
            call.play(str(index), first, lock=second)
        elif kind == "missing":
            call.play(str(index), None, lock=second)
        elif kind == "break":
            call.channel.interrupt_playback(flush=first)
        else:
            call.tick(first)
    call.take(call.channel.kill("NORMAL_CLEARING", call.now))
    paths: dict[str, list[str]] = {"START": [], "STOP": []}
    for step in call.trail():
        paths[step.split()[0]].append(step.split()[1])
    assert sorted(paths["START"]) == sorted(paths["STOP"])
    executed = [event.headers["Application-UUID"] for event in call.events("CHANNEL_EXECUTE")]
    completed = [event.headers["Application-UUID"] for event in call.events("CHANNEL_EXECUTE_COMPLETE")]
    assert sorted(executed) == sorted(completed)
    assert names(call)[-1] == "CHANNEL_DESTROY"
    for stop in call.events("PLAYBACK_STOP"):
        assert int(stop.headers["variable_playback_samples"]) >= int(stop.headers["variable_playback_last_offset_pos"])
