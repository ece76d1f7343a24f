"""One channel's events: playouts and what was heard of them, keys, media trouble, the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony_bridge.channel import Channel
from telephony_bridge.dialects import MOD_AUDIO_STREAM
from telephony_bridge.esl.protocol import EslMessage, MessageKind
from telephony_bridge.leg import Dtmf, HungUp, LegEvent, MediaStopped, PlayoutEnded, PlayoutStarted
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus

pytestmark = pytest.mark.unit


def event(name: str, body: str = "", **headers: str) -> EslMessage:
    named = {key if key.startswith("variable_") else key.replace("_", "-"): value for key, value in headers.items()}
    return EslMessage(MessageKind.EVENT, {"Event-Name": name, **named}, body)


def begins(playout_id: str) -> EslMessage:
    return event("CHANNEL_EXECUTE", Application_UUID=playout_id)


def stops(heard: int, status: str, **more: str) -> EslMessage:
    # Read-ahead figures as the switch sends them: they must not be used.
    ahead = {"variable_playback_samples": "16384", "variable_playback_ms": "2048"}
    more = {"Playback_Status": status, "variable_playback_last_offset_pos": str(heard), **ahead, **more}
    return event("PLAYBACK_STOP", **more)


def completes(playout_id: str, response: str = "FILE PLAYED") -> EslMessage:
    return event("CHANNEL_EXECUTE_COMPLETE", Application_UUID=playout_id, Application_Response=response)


START = event("PLAYBACK_START")
HANGUP = event(
    "CHANNEL_HANGUP_COMPLETE",
    Hangup_Cause="NORMAL_CLEARING",
    variable_hangup_cause_q850="16",
    variable_sip_hangup_disposition="recv_bye",
)


def channel(*queued: str) -> Channel:
    made = Channel(MOD_AUDIO_STREAM)
    for playout_id in queued:
        made.queue(playout_id, 8000)
    return made


def feed(to: Channel, *events: EslMessage) -> list[LegEvent]:
    return [told for one in events for told in to.receive(one)]


def test_a_playout_heard_to_the_end() -> None:
    told = feed(channel("a"), begins("a"), START, stops(8000, "done"), completes("a"))
    assert told == [PlayoutStarted("a"), PlayoutEnded("a", 8000, completed=True)]


def test_what_was_heard_is_counted_at_8_khz_whatever_the_channel_runs_at() -> None:
    told = feed(
        channel("a"), begins("a"), START, stops(16000, "break", Channel_Write_Codec_Rate="16000"), completes("a")
    )
    assert told[-1] == PlayoutEnded("a", 8000, completed=False)


def test_a_break_stops_one_and_drops_the_rest() -> None:
    made = channel("a", "b", "c")
    feed(made, begins("a"), START)
    made.stop(made.outstanding)
    told = feed(made, stops(5920, "break"), completes("a"))
    assert told == [
        PlayoutEnded("a", 5920, completed=False),
        PlayoutEnded("b", 0, completed=False),
        PlayoutEnded("c", 0, completed=False),
    ]
    assert made.settle({"a", "b", "c"}) == []


def test_a_break_that_hits_the_next_one_is_told_of_the_right_one() -> None:
    made = channel("a", "b", "c")
    feed(made, begins("a"), START)
    made.stop(made.outstanding)
    assert feed(made, stops(8000, "done"), completes("a")) == [PlayoutEnded("a", 8000, completed=True)]
    assert feed(made, begins("b"), START, stops(80, "break"), completes("b")) == [
        PlayoutStarted("b"),
        PlayoutEnded("b", 80, completed=False),
        PlayoutEnded("c", 0, completed=False),
    ]


def test_a_playout_dropped_before_it_began_ends_once_time_has_passed() -> None:
    made = channel("a")
    made.stop(frozenset({"a"}))
    made.queue("new", 8000)
    assert made.settle({"a"}) == [PlayoutEnded("a", 0, completed=False)]
    assert made.outstanding == {"new"}


def test_settling_leaves_alone_what_is_still_playing() -> None:
    made = channel("a")
    feed(made, begins("a"), START)
    made.stop(frozenset({"a"}))
    assert made.settle({"a"}) == []
    assert feed(made, stops(400, "break"), completes("a")) == [PlayoutEnded("a", 400, completed=False)]


def test_a_missing_file_is_a_problem_and_keeps_nothing_of_the_one_before() -> None:
    made = channel("a", "b")
    feed(made, begins("a"), START, stops(8000, "done"), completes("a"))
    told = feed(made, begins("b"), completes("b", "FILE NOT FOUND"))
    assert told == [PlayoutEnded("b", 0, completed=False, problem="FILE NOT FOUND")]


def test_a_hang_up_in_the_middle_is_not_a_playout_completed() -> None:
    made = channel("a", "b")
    feed(made, begins("a"), START)
    told = feed(made, stops(800, "done", Hangup_Cause="NORMAL_CLEARING"), completes("a"), HANGUP)
    assert told == [
        PlayoutEnded("a", 800, completed=False),
        PlayoutEnded("b", 0, completed=False),
        HungUp(HungUpBy.CUSTOMER, LineStatus.ANSWERED, Fault.NOBODY, "NORMAL_CLEARING"),
    ]


def test_keys_and_nothing_that_is_no_key() -> None:
    digits = [event("DTMF", DTMF_Digit=digit) for digit in ("4", "#", "a", "", "44", "x")]
    assert feed(channel(), *digits) == [Dtmf("4"), Dtmf("#"), Dtmf("A")]


def test_media_trouble_says_what_the_module_said() -> None:
    said = '{"status":"error","message":{"code":6,"error":"Connection refused (system error 111)"}}'
    (told,) = feed(channel(), event("CUSTOM", said, Event_Subclass="mod_audio_stream::error"))
    assert isinstance(told, MediaStopped)
    assert "Connection refused" in told.reason
    assert feed(channel(), event("CUSTOM", "{}", Event_Subclass="mod_audio_stream::connect")) == []


def test_a_channel_destroyed_without_a_hang_up_event_is_gone_too() -> None:
    made = channel()
    (told,) = feed(made, event("CHANNEL_DESTROY"))
    assert told == HungUp(HungUpBy.UNKNOWN, LineStatus.UNKNOWN, Fault.UNKNOWN, "UNKNOWN")
    assert feed(made, HANGUP, START) == []
    assert made.vanish() == []


EVENTS = st.one_of(
    st.sampled_from(["a", "b", "c"]).map(begins),
    st.sampled_from(["a", "b", "c"]).map(completes),
    st.just(START),
    st.just(HANGUP),
    st.tuples(st.integers(0, 9000), st.sampled_from(["done", "break"])).map(lambda pair: stops(*pair)),
    st.sampled_from(["stop", "settle", "forget"]),
)


@given(st.lists(EVENTS, max_size=40))
def test_in_any_order_each_playout_ends_once_and_nothing_follows_the_hang_up(script: list[EslMessage | str]) -> None:
    made = channel("a", "b", "c")
    told: list[LegEvent] = []
    for step in [*script, HANGUP]:
        if step == "stop":
            made.stop(made.outstanding)
        elif step == "settle":
            told += made.settle({"a", "b", "c"})
        elif step == "forget":
            told += made.forget_playouts("control was lost")
        elif isinstance(step, EslMessage):
            told += made.receive(step)
    ended = [one.playout_id for one in told if isinstance(one, PlayoutEnded)]
    assert sorted(ended) == ["a", "b", "c"]
    assert [index for index, one in enumerate(told) if isinstance(one, HungUp)] == [len(told) - 1]
