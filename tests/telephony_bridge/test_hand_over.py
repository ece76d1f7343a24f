"""A leg on its way to an agent: its states, what the desk is told, and that no text can change a command."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony_bridge import hand_over
from telephony_bridge.channel import EVENTS, Channel
from telephony_bridge.dialects import MOD_AUDIO_STREAM
from telephony_bridge.esl.protocol import EslMessage, MessageKind
from telephony_bridge.hand_over import DeskNote, HandOver
from telephony_bridge.leg import HandedOver, HandOverFailed, HungUp, LegEvent, PlayoutEnded
from telephony_bridge.line_status import HandOverFailure
from telephony_bridge.originate import MAX_VARIABLES, Unsafe

pytestmark = pytest.mark.unit


def event(name: str, **variables: str) -> EslMessage:
    named = {f"variable_{key}": value for key, value in variables.items()}
    return EslMessage(MessageKind.EVENT, {"Event-Name": name, **named})


BRIDGE = event("CHANNEL_BRIDGE")
PARK = event("CHANNEL_PARK", cc_cause="cancel", cc_cancel_reason="TIMEOUT")
HANGUP = event("CHANNEL_HANGUP_COMPLETE")


def away() -> HandOver:
    made = HandOver()
    made.begin()
    return made


def test_the_events_are_subscribed_to() -> None:
    assert set(hand_over.EVENTS) <= set(EVENTS)


def test_an_agent_takes_the_leg() -> None:
    made = away()
    assert (made.ours, made.waiting) == (False, True)
    assert made.receive(BRIDGE) == [HandedOver()]
    assert (made.ours, made.waiting) == (False, False)
    assert made.receive(PARK) == []  # the agent has hung up; the hand-over had succeeded


def test_nobody_takes_it_and_it_can_be_handed_over_again() -> None:
    made = away()
    assert made.receive(PARK) == [HandOverFailed(HandOverFailure.NOBODY_FREE)]
    assert (made.ours, made.waiting) == (True, False)
    made.begin()
    assert made.receive(event("CHANNEL_PARK", voicebot_handover_result="closed")) == [
        HandOverFailed(HandOverFailure.CLOSED)
    ]


def test_the_park_after_the_dial_and_one_after_a_refused_transfer_mean_nothing() -> None:
    made = HandOver()
    assert made.receive(PARK) == []
    made.begin()
    made.cancel()
    assert made.receive(PARK) == []
    assert made.ours


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ({"last_bridge_to": "agent-1", "current_application": "callcenter"}, [HandedOver()]),
        ({"last_bridge_to": "agent-1", "current_application": "park"}, [HandedOver()]),
        (
            {"current_application": "park", "originate_disposition": "USER_BUSY"},
            [HandOverFailed(HandOverFailure.BUSY)],
        ),
        ({"current_application": "callcenter"}, []),
        ({}, []),
    ],
)
def test_taking_stock_after_missed_events(marks: dict[str, str], told: list[LegEvent]) -> None:
    made = away()
    assert made.take_stock(marks) == told
    assert made.waiting is not bool(told)
    assert HandOver().take_stock(marks) == []


def test_one_that_could_not_be_sent_has_failed_whatever_the_channel_is_in() -> None:
    made = HandOver()
    made.miss()
    assert (made.ours, made.waiting) == (True, True)
    assert made.receive(BRIDGE) == made.receive(PARK) == []
    assert made.take_stock({"last_bridge_to": "agent-1"}) == [HandOverFailed(HandOverFailure.UNREACHABLE)]
    assert (made.ours, made.waiting) == (True, False)


def test_what_waited_to_be_played_ends_unheard_when_the_leg_comes_back() -> None:
    channel = Channel(MOD_AUDIO_STREAM)
    channel.queue("a", 8000)
    channel.hand_over.begin()
    ended, failed = channel.receive(PARK)
    assert isinstance(ended, PlayoutEnded)
    assert (ended.playout_id, ended.heard, ended.completed) == ("a", 0, False)
    assert failed == HandOverFailed(HandOverFailure.NOBODY_FREE)
    assert channel.outstanding == frozenset()


def test_a_customer_who_hangs_up_in_the_queue() -> None:
    channel = Channel(MOD_AUDIO_STREAM)
    channel.hand_over.begin()
    assert [type(one) for one in channel.receive(HANGUP)] == [HungUp]
    assert channel.receive(PARK) == channel.receive(BRIDGE) == channel.take_stock({"last_bridge_to": "x"}) == []


STEPS = st.lists(st.sampled_from(["begin", "miss", "cancel", "stock", BRIDGE, PARK, HANGUP]), max_size=30)


@given(STEPS)
def test_in_any_order_each_transfer_ends_at_most_once_and_nothing_follows_the_hang_up(
    steps: list[EslMessage | str],
) -> None:
    channel = Channel(MOD_AUDIO_STREAM)
    waiting = unsent = gone = False
    for step in steps:
        told: list[LegEvent] = []
        if step == "begin":
            channel.hand_over.begin()
            waiting, unsent = True, False
        elif step == "miss":
            channel.hand_over.miss()
            waiting = unsent = True
        elif step == "cancel":
            channel.hand_over.cancel()
            waiting = False
        elif step == "stock":
            told = channel.take_stock({"current_application": "park"})
        elif isinstance(step, EslMessage):
            told = channel.receive(step)
        expected = waiting and not gone and step in (("stock",) if unsent else ("stock", BRIDGE, PARK))
        assert bool([one for one in told if isinstance(one, HandedOver | HandOverFailed)]) is expected
        waiting = waiting and not expected
        assert not (gone and told)
        gone = gone or step is HANGUP


def test_what_the_desk_is_told() -> None:
    note = DeskNote("collections", "Promised 1 200 by Friday; upset.", True, "promise_to_pay", "negative")
    assert note.variables() == {
        "voicebot_queue": "collections",
        "voicebot_summary": "Promised 1 200 by Friday; upset.",
        "voicebot_verified": "yes",
        "voicebot_intent": "promise_to_pay",
        "voicebot_sentiment": "negative",
    }


def test_the_longest_summary_fits_in_any_language() -> None:
    note = DeskNote("collections", "\N{GRINNING FACE}" * 300 + "还" * 10_000, False, "other", "neutral")
    assert len(note.variables()["voicebot_summary"]) == hand_over.MAX_SUMMARY
    assert hand_over.prepare("u-1", hand_over.encode(note.variables()))


@given(st.text())
def test_no_text_leaves_its_place_in_the_command(text: str) -> None:
    encodable = text.encode(errors="replace").decode()
    encoded = hand_over.encode({"voicebot_summary": encodable})
    command = hand_over.prepare("u-1", encoded)
    assert command.startswith("uuid_setvar_multi u-1 last_bridge_to=;")
    *cleared, (name, value) = [pair.split("=") for pair in command.split(" ", 2)[2].split(";")]
    assert {value for _, value in cleared} == {""}
    assert (name, unquote(value)) == ("voicebot_summary", encodable)
    assert not set(value) & set(" ;'\"\\$\n\r\0")


def test_too_much_and_badly_named_is_refused_without_repeating_it() -> None:
    with pytest.raises(Unsafe, match=str(MAX_VARIABLES)):
        hand_over.encode({"voicebot_summary": "x" * MAX_VARIABLES})
    for name in ("a=b", "a;b", "a b", "", "a\nb"):
        with pytest.raises(Unsafe) as refused:
            hand_over.prepare("u-1", {name: "secret"})
        assert "secret" not in str(refused.value)
