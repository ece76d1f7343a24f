"""A transferred channel in virtual time: each agent's fate, the way back, and what the switch leaves on the channel."""

from __future__ import annotations

import numpy as np
import pytest

from telephony_bridge.simulated.channel import Phase
from telephony_bridge.simulated.dialplan import NumberPlan
from telephony_bridge.simulated.extensions import AgentFate, Extension, Extensions
from telephony_bridge.simulated.visit import Visit
from tests.telephony_bridge.simulated.virtual_call import SECOND, VirtualCall, complete, names, streaming

pytestmark = pytest.mark.unit


def visit(fate: AgentFate = AgentFate.ANSWERS, after_ms: int = 600) -> Visit:
    return Visit(Extension(fate, after_ms, "collections@default"), "member-1", "agent-1")


def transferred(fate: AgentFate = AgentFate.ANSWERS) -> VirtualCall:
    call = VirtualCall(NumberPlan()).answered()
    call.take(call.channel.transfer(visit(fate), call.now))
    return call


def queue_events(call: VirtualCall) -> list[tuple[str, str | None]]:
    return [
        (event.headers["CC-Action"], event.headers.get("CC-Cancel-Reason", event.headers.get("CC-Cause")))
        for event in call.events("CUSTOM")
        if event.headers["Event-Subclass"] == "callcenter::info"
    ]


def test_a_transfer_bridges_later_and_keeps_the_stream() -> None:
    call = streaming()
    call.play("a", SECOND)
    call.tick(5)
    call.take(call.channel.transfer(visit(), call.now))
    start = call.now
    call.run_timers()
    (bridge,) = call.events("CHANNEL_BRIDGE")
    assert bridge.at - start == pytest.approx(0.6)
    assert bridge.headers["Unique-ID"] == bridge.headers["Bridge-A-Unique-ID"] == call.channel.uuid
    assert bridge.headers["Bridge-B-Unique-ID"] == "agent-1"
    assert call.channel.stream.streaming
    call.take(call.channel.customer_hung_up(call.now))
    assert complete(call)["variable_sip_hangup_disposition"] == "recv_bye"


def test_a_queue_tells_of_its_caller_and_its_agent_until_the_end() -> None:
    call = transferred()
    assert queue_events(call) == [("member-queue-start", None), ("agent-offering", None)]
    call.run_timers()
    call.take(call.channel.customer_hung_up(call.now))
    assert queue_events(call)[2:] == [
        ("bridge-agent-start", None),
        ("bridge-agent-end", None),
        ("member-queue-end", "Terminated"),
    ]
    owners = [event.headers.get("Unique-ID") for event in call.events("CUSTOM")]
    assert owners == [call.channel.uuid, None, "agent-1", "agent-1", call.channel.uuid]
    assert {event.headers["CC-Member-Session-UUID"] for event in call.events("CUSTOM")} == {call.channel.uuid}


@pytest.mark.parametrize(
    ("fate", "left"),
    [
        (AgentFate.NOBODY, {"cc_cause": "cancel", "cc_cancel_reason": "TIMEOUT", "cc_queue": "collections@default"}),
        (AgentFate.BUSY, {"originate_disposition": "USER_BUSY", "originate_failed_cause": "USER_BUSY"}),
        (AgentFate.DECLINES, {"originate_disposition": "CALL_REJECTED"}),
        (AgentFate.CLOSED, {"voicebot_handover_result": "closed"}),
    ],
)
def test_a_call_that_nobody_takes_is_parked_with_the_reason_on_it(fate: AgentFate, left: dict[str, str]) -> None:
    call = transferred(fate)
    call.run_timers()
    (park,) = call.events("CHANNEL_PARK")
    assert park.at == pytest.approx(call.now)
    for name, value in {**left, "current_application": "park"}.items():
        assert park.headers[f"variable_{name}"] == value
    assert names(call)[0] == "CHANNEL_UNPARK"
    assert not call.events("CHANNEL_BRIDGE")
    ended = [("member-queue-start", None), ("member-queue-end", "TIMEOUT")]
    assert queue_events(call) == (ended if fate is AgentFate.NOBODY else [])


def test_a_channel_that_came_back_plays_again_and_one_that_is_away_does_not() -> None:
    call = transferred(AgentFate.NOBODY)
    call.play("lost", SECOND)
    call.tick(5)
    call.run_timers()
    assert call.channel.phase is Phase.ANSWERED
    call.play("a", SECOND)
    call.tick(60)
    assert call.trail() == ["START a", "STOP a done"]
    assert np.count_nonzero(np.concatenate(call.heard)) == SECOND


def test_a_caller_who_hangs_up_in_the_queue_has_broken_out_of_it() -> None:
    call = transferred(AgentFate.NOBODY)
    call.take(call.channel.customer_hung_up(call.now))
    assert queue_events(call)[-1] == ("member-queue-end", "BREAK_OUT")
    assert complete(call)["variable_cc_cancel_reason"] == "BREAK_OUT"
    assert call.channel.wake_at is None


def test_a_second_transfer_leaves_the_first_queue() -> None:
    call = transferred(AgentFate.NOBODY)
    call.take(call.channel.transfer(visit(AgentFate.BUSY), call.now))
    assert queue_events(call)[-1] == ("member-queue-end", "BREAK_OUT")
    call.run_timers()
    (park,) = call.events("CHANNEL_PARK")
    assert park.headers["variable_originate_disposition"] == "USER_BUSY"


def test_extensions_by_pattern_by_default_and_by_number() -> None:
    slow, busy = Extension(after_ms=5000), Extension(AgentFate.BUSY)
    table = Extensions((("9300", slow), ("94*", busy)), default=Extension(AgentFate.CLOSED))
    assert [table.at(number) for number in ("9300", "9401")] == [slow, busy]
    assert table.at("1").fate is AgentFate.CLOSED
    fates = [Extensions().at(number).fate for number in ("9300", "9301", "9311", "9312", "9313", "9314")]
    answers = AgentFate.ANSWERS
    assert fates == [answers, answers, AgentFate.NOBODY, AgentFate.BUSY, AgentFate.DECLINES, AgentFate.CLOSED]


def test_an_extension_the_dialplan_does_not_have_ends_the_call() -> None:
    assert Extensions().at("voicebot-no-such-queue").fate is AgentFate.ABSENT
    call = transferred(AgentFate.ABSENT)
    call.run_timers()
    ended = complete(call)
    assert (ended["Hangup-Cause"], ended["variable_hangup_cause_q850"]) == ("NO_ROUTE_DESTINATION", "3")
    assert ended["variable_sip_hangup_disposition"] == "send_bye"
    assert not call.events("CHANNEL_PARK")
