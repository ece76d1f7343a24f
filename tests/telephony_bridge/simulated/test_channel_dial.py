"""The channel core from dial to destruction, in virtual time, row by row as a real switch was observed."""

from __future__ import annotations

import pytest

from telephony_bridge.simulated.dialplan import Fate, NumberPlan
from telephony_bridge.simulated.signals import Gone, LineOpen, RunApi
from tests.telephony_bridge.simulated.virtual_call import UUID, VirtualCall, complete, names, replies

pytestmark = pytest.mark.unit


def test_an_answered_dial_reports_create_progress_answer_and_ok() -> None:
    call = VirtualCall(NumberPlan(at_ms=1500, ringing_after_ms=200))
    call.run_timers()
    assert [(event.name, event.at) for event in call.events()] == [
        ("CHANNEL_CREATE", 0.0),
        ("CHANNEL_PROGRESS", 0.2),
        ("CHANNEL_ANSWER", 1.5),
        ("CHANNEL_PARK", 1.5),
    ]
    assert replies(call) == [f"+OK {UUID}\n"]
    assert LineOpen() in call.commands
    assert all(event.headers["Unique-ID"] == UUID for event in call.events())


def test_early_media_ends_originate_unless_ignored() -> None:
    plan = NumberPlan(at_ms=1500, early_media=True)
    early = VirtualCall(plan)
    early.take(early.channel.wake(0.2))
    assert names(early)[-1] == "CHANNEL_PROGRESS_MEDIA"
    assert replies(early) == [f"+OK {UUID}\n"]
    patient = VirtualCall(plan, ",ignore_early_media=true")
    patient.take(patient.channel.wake(0.2))
    assert replies(patient) == []
    patient.run_timers()
    assert replies(patient) == [f"+OK {UUID}\n"]


REFUSALS = [
    (486, None, "USER_BUSY", 17),
    (600, None, "USER_BUSY", 17),
    (480, None, "NO_USER_RESPONSE", 18),
    (404, None, "UNALLOCATED_NUMBER", 1),
    (484, None, "INVALID_NUMBER_FORMAT", 28),
    (604, None, "NO_ROUTE_DESTINATION", 3),
    (603, None, "CALL_REJECTED", 21),
    (488, None, "INCOMPATIBLE_DESTINATION", 88),
    (500, None, "NORMAL_TEMPORARY_FAILURE", 41),
    (503, None, "NORMAL_TEMPORARY_FAILURE", 41),
    (503, 34, "NORMAL_CIRCUIT_CONGESTION", 34),
    (502, None, "NETWORK_OUT_OF_ORDER", 38),
    (504, None, "RECOVERY_ON_TIMER_EXPIRE", 102),
    (400, None, "NORMAL_TEMPORARY_FAILURE", 41),
    (403, None, "CALL_REJECTED", 21),
    (415, None, "SERVICE_NOT_IMPLEMENTED", 79),
    (408, None, "RECOVERY_ON_TIMER_EXPIRE", 102),
    (410, None, "NUMBER_CHANGED", 22),
    (420, None, "INTERWORKING", 127),
    (481, None, "NORMAL_TEMPORARY_FAILURE", 41),
    (482, None, "EXCHANGE_ROUTING_ERROR", 25),
    (485, None, "NO_ROUTE_DESTINATION", 3),
    (487, None, "ORIGINATOR_CANCEL", 16),
    (491, None, "NORMAL_UNSPECIFIED", 31),
    (606, None, "INCOMPATIBLE_DESTINATION", 88),
    (607, None, "UNWANTED", 16),
]


@pytest.mark.parametrize(("sip", "reason", "cause", "q850"), REFUSALS)
def test_a_refusal_by_sip_status(sip: int, reason: int | None, cause: str, q850: int) -> None:
    call = VirtualCall(NumberPlan(Fate.REFUSES, sip_status=sip, reason_q850=reason))
    call.run_timers()
    assert names(call)[-3:] == ["CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"]
    headers = complete(call)
    assert headers["Hangup-Cause"] == cause
    assert headers["variable_hangup_cause_q850"] == str(q850)
    assert headers["variable_sip_term_status"] == str(sip)
    assert headers["variable_proto_specific_hangup_cause"] == f"sip:{sip}"
    assert headers["variable_sip_hangup_disposition"] == "recv_refuse"
    assert headers["variable_sip_invite_failure_status"] == str(sip)
    assert replies(call) == [f"-ERR {cause}\n"]
    assert call.commands[-1] == Gone()


def test_an_unanswerable_challenge_leaves_disposition_and_failure_status_out() -> None:
    call = VirtualCall(NumberPlan(Fate.REFUSES, sip_status=401))
    call.run_timers()
    headers = complete(call)
    assert headers["Hangup-Cause"] == "CALL_REJECTED"
    assert "variable_sip_hangup_disposition" not in headers
    assert "variable_sip_invite_failure_status" not in headers


@pytest.mark.parametrize("fate", [Fate.RINGS_OUT, Fate.DEAD])
def test_no_answer_within_originate_timeout_ringing_or_not(fate: Fate) -> None:
    call = VirtualCall(NumberPlan(fate), ",originate_timeout=5")
    call.run_timers()
    headers = complete(call)
    assert ("CHANNEL_PROGRESS" in names(call)) is (fate is Fate.RINGS_OUT)
    assert headers["Hangup-Cause"] == "NO_ANSWER"
    assert headers["variable_hangup_cause_q850"] == "19"
    assert "variable_sip_term_status" not in headers
    assert headers["variable_sip_invite_failure_status"] == "487"
    assert headers["variable_sip_hangup_disposition"] == "send_cancel"
    assert 4.6 <= call.now <= 4.8


def test_no_ringing_within_progress_timeout() -> None:
    call = VirtualCall(NumberPlan(Fate.DEAD), ",originate_timeout=30,progress_timeout=3")
    call.run_timers()
    assert call.now == 3.0
    assert replies(call) == ["-ERR PROGRESS_TIMEOUT\n"]
    assert complete(call)["variable_hangup_cause_q850"] == "16"


def test_ringing_in_time_lets_progress_timeout_go() -> None:
    call = VirtualCall(NumberPlan(Fate.RINGS_OUT), ",originate_timeout=5,progress_timeout=3")
    call.run_timers()
    assert replies(call) == ["-ERR NO_ANSWER\n"]


def test_a_missing_gateway_leaves_only_a_destroy() -> None:
    call = VirtualCall(NumberPlan())
    call.commands.clear()
    call.take(call.channel.reject_gateway(0.0))
    assert names(call) == ["CHANNEL_DESTROY"]
    assert replies(call) == ["-ERR INVALID_GATEWAY\n"]


def test_the_customer_hangs_up() -> None:
    call = VirtualCall(NumberPlan(at_ms=1000)).answered()
    call.take(call.channel.customer_hung_up(13.5))
    headers = complete(call)
    assert (headers["Hangup-Cause"], headers["variable_hangup_cause_q850"]) == ("NORMAL_CLEARING", "16")
    assert headers["variable_sip_hangup_disposition"] == "recv_bye"
    assert (headers["variable_duration"], headers["variable_billsec"]) == ("13", "12")
    assert replies(call) == []


def test_we_hang_up() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.take(call.channel.kill("NORMAL_CLEARING", 2.0))
    assert complete(call)["variable_sip_hangup_disposition"] == "send_bye"
    assert call.channel.kill("NORMAL_CLEARING", 2.1) == []


def test_api_on_answer_runs_at_the_answer() -> None:
    call = VirtualCall(NumberPlan(), ",api_on_answer='uuid_audio_stream call-1 start ws://h/a,b mono 8k'")
    call.run_timers()
    assert RunApi("uuid_audio_stream call-1 start ws://h/a,b mono 8k") in call.commands
