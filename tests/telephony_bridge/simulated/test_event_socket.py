"""The simulated switch's event socket, over real sockets, with a raw client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from telephony_bridge.esl.protocol import MessageKind
from telephony_bridge.simulated.customer import SilentCustomer
from telephony_bridge.simulated.dialplan import DialPlan, Fate, NumberPlan
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.telephony_bridge.simulated.peers import RawEsl, running_switch

pytestmark = pytest.mark.integration

QUICK = DialPlan(
    (
        ("486", NumberPlan(Fate.REFUSES, at_ms=40, ringing_after_ms=20, sip_status=486)),
        ("out", NumberPlan(Fate.RINGS_OUT, ringing_after_ms=20)),
    ),
    NumberPlan(at_ms=40, ringing_after_ms=20),
)


@pytest.fixture
async def switch() -> AsyncIterator[SimulatedSwitch]:
    async with running_switch(SwitchSettings(dial_plan=QUICK), SilentCustomer) as running:
        yield running


@pytest.fixture
async def esl(switch: SimulatedSwitch) -> AsyncIterator[RawEsl]:
    client = await RawEsl.admitted(switch.port)
    yield client
    await client.close()


async def test_a_wrong_password_is_refused_and_the_connection_closed(switch: SimulatedSwitch) -> None:
    client = await RawEsl.connect(switch.port)
    await client.message()
    assert (await client.command("auth wrong")).reply == "-ERR invalid"
    await client.wait_ended()
    await client.close()


async def test_nothing_is_done_before_authentication(switch: SimulatedSwitch) -> None:
    client = await RawEsl.connect(switch.port)
    await client.message()
    assert (await client.command("api status")).reply == "-ERR command not found"
    await client.wait_ended()
    await client.close()


async def test_exit_says_goodbye(esl: RawEsl) -> None:
    assert (await esl.command("exit")).reply == "+OK bye"
    assert (await esl.message()).kind is MessageKind.DISCONNECT_NOTICE
    await esl.wait_ended()


async def test_answers_without_a_call(esl: RawEsl) -> None:
    assert await esl.api("nosuchcmd") == "-ERR nosuchcmd Command not found!\n"
    assert (await esl.api("version")).startswith("FreeSWITCH Version 1.11")
    assert "is ready" in await esl.api("status")
    assert await esl.api("uuid_exists nobody") == "false"
    assert await esl.api("uuid_kill nobody") == "-ERR No such channel!\n"
    assert await esl.api("uuid_break nobody all") == "-ERR No such channel!\n"
    assert json.loads(await esl.api("show channels as json")) == {"row_count": 0}
    assert (await esl.api("uuid_audio_stream")).startswith("-USAGE")
    assert (await esl.api("originate")).startswith("-USAGE")
    assert (await esl.play("nobody", "x.wav", "id")) == "-ERR invalid session id [nobody]"
    assert (await esl.command("linger")).reply == "-ERR command not found"


async def test_its_core_uuid_is_that_of_its_events(switch: SimulatedSwitch, esl: RawEsl) -> None:
    await esl.command("bgapi status")
    event = await esl.event("BACKGROUND_JOB")
    assert await esl.api("global_getvar core_uuid") == event.headers["Core-UUID"] == switch.core_uuid


async def test_a_background_originate_answers_with_a_job(esl: RawEsl) -> None:
    reply = await esl.command("bgapi originate {origination_uuid=U1}sofia/gateway/trunk/100 &park()")
    job = reply.headers["Job-UUID"]
    assert reply.reply == f"+OK Job-UUID: {job}"
    event = await esl.event("BACKGROUND_JOB")
    assert (event.headers["Job-UUID"], event.body) == (job, "+OK U1\n")
    assert [each.event_name for each in esl.seen[:3]] == ["CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_ANSWER"]
    assert await esl.api("uuid_exists U1") == "true"
    rows = json.loads(await esl.api("show channels as json"))
    assert (rows["row_count"], rows["rows"][0]["uuid"], rows["rows"][0]["callstate"]) == (1, "U1", "ACTIVE")


async def test_a_job_may_bring_its_own_id(esl: RawEsl) -> None:
    reply = await esl.command("bgapi status\nJob-UUID: mine")
    assert reply.headers["Job-UUID"] == "mine"
    event = await esl.event("BACKGROUND_JOB")
    assert (event.headers["Job-UUID"], event.headers["Job-Command"]) == ("mine", "status")


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("sofia/gateway/trunk/486", "-ERR USER_BUSY\n"),
        ("sofia/external/486@127.0.0.1:5090", "-ERR USER_BUSY\n"),
        ("sofia/gateway/nowhere/100", "-ERR INVALID_GATEWAY\n"),
        ("user/1001", "-ERR USER_NOT_REGISTERED\n"),
        ("loopback/100", "-ERR CHAN_NOT_IMPLEMENTED\n"),
    ],
)
async def test_originate_that_fails(esl: RawEsl, target: str, answer: str) -> None:
    assert await esl.api(f"originate {target} &park()") == answer


async def test_a_missing_gateway_and_an_unregistered_user_leave_hardly_an_event(esl: RawEsl) -> None:
    await esl.api("originate sofia/gateway/nowhere/100 &park()")
    await esl.api("originate user/1001 &park()")
    await esl.command("bgapi status")
    await esl.event("BACKGROUND_JOB")
    assert [event.event_name for event in esl.seen] == ["CHANNEL_DESTROY", "BACKGROUND_JOB"]


async def test_killing_a_ringing_dial(esl: RawEsl) -> None:
    await esl.command("bgapi originate {origination_uuid=U2}sofia/gateway/trunk/out &park()")
    await esl.event("CHANNEL_PROGRESS")
    assert await esl.api("uuid_kill U2") == "+OK\n"
    assert (await esl.event("BACKGROUND_JOB")).body == "-ERR NORMAL_CLEARING\n"


async def test_we_hang_up_by_api_and_by_message(esl: RawEsl) -> None:
    await esl.answered_call("U1")
    assert await esl.api("uuid_kill U1") == "+OK\n"
    event = await esl.event("CHANNEL_HANGUP_COMPLETE")
    assert event.headers["variable_sip_hangup_disposition"] == "send_bye"
    await esl.answered_call("U2")
    reply = await esl.command("sendmsg U2\ncall-command: hangup\nhangup-cause: NORMAL_CLEARING")
    assert reply.reply == "+OK"
    assert (await esl.event("CHANNEL_DESTROY")).unique_id == "U1"
    assert (await esl.event("CHANNEL_HANGUP_COMPLETE")).headers["Hangup-Cause"] == "NORMAL_CLEARING"
    assert await esl.api("uuid_exists U2") == "false"


async def test_variables_are_kept_and_reported(esl: RawEsl) -> None:
    await esl.answered_call("U1", variables=",campaign='spring, 50% off'")
    assert await esl.api("uuid_getvar U1 campaign") == "spring, 50% off"
    assert await esl.api("uuid_getvar U1 nothing") == "_undef_"
    assert await esl.api("uuid_setvar U1 colour dark blue") == "+OK\n"
    await esl.api("uuid_kill U1")
    event = await esl.event("CHANNEL_HANGUP_COMPLETE")
    assert event.headers["variable_colour"] == "dark blue"
    assert event.headers["variable_campaign"] == "spring, 50% off"


async def test_each_client_gets_what_it_subscribed_to(switch: SimulatedSwitch, esl: RawEsl) -> None:
    other = await RawEsl.admitted(switch.port, "event plain CHANNEL_ANSWER CUSTOM mod_audio_stream::error")
    await esl.answered_call("U1")
    await esl.api("uuid_audio_stream U1 start ws://127.0.0.1:1/ mono 8k")
    await esl.api("uuid_kill U1")
    assert (await other.event("mod_audio_stream::error")).unique_id == "U1"
    assert [event.event_name for event in other.seen] == ["CHANNEL_ANSWER", "CUSTOM"]
    await esl.event("CHANNEL_DESTROY")
    assert {"CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_HANGUP"} <= {event.event_name for event in esl.seen}
    await other.close()


async def test_several_variables_are_set_at_once_and_an_empty_one_is_removed(esl: RawEsl) -> None:
    await esl.answered_call("U1", variables=",colour=blue")
    assert await esl.api("uuid_setvar_multi U1 colour=;size=1%3B2;shape=a=b") == "+OK\n"
    values = [await esl.api(f"uuid_getvar U1 {name}") for name in ("colour", "size", "shape")]
    assert values == ["_undef_", "1%3B2", "a=b"]
    assert (await esl.api("uuid_setvar_multi U1 ;")).startswith("-USAGE")
    assert await esl.api("uuid_setvar_multi nobody a=b") == "-ERR No such channel!\n"


async def test_an_event_of_a_client_reaches_those_who_want_it(switch: SimulatedSwitch, esl: RawEsl) -> None:
    await esl.answered_call("U1")
    desk = await RawEsl.admitted(switch.port, "event plain CUSTOM desk::call")
    await esl.command("sendevent CUSTOM\nEvent-Subclass: desk::call\nUnique-ID: U1")  # goes to the channel alone
    reply = await esl.command("sendevent CUSTOM\nEvent-Subclass: desk::call\nName: 100%25 mine")
    event = await desk.event("desk::call")
    assert reply.reply == f"+OK {event.headers['Event-UUID']}"
    assert event.headers["Name"] == "100%25 mine"
    assert len(desk.seen) == 1
    await desk.close()


async def test_the_connections_drop_on_demand_and_the_calls_live_on(switch: SimulatedSwitch, esl: RawEsl) -> None:
    await esl.answered_call("U1")
    bystander = await RawEsl.admitted(switch.port)
    esl.send("api sim_drop_esl")
    await esl.wait_ended()
    await bystander.wait_ended()
    again = await RawEsl.admitted(switch.port)
    assert await again.api("uuid_exists U1") == "true"
    await again.close()
    await bystander.close()


async def test_a_channel_vanishes_without_an_event(esl: RawEsl) -> None:
    await esl.answered_call("U1")
    await esl.event("CHANNEL_PARK")
    assert await esl.api("sim_vanish U1") == "+OK\n"
    assert await esl.api("uuid_exists U1") == "false"
    assert await esl.api("sim_vanish U1") == "-ERR No such channel!\n"
    await esl.command("bgapi status")
    await esl.event("BACKGROUND_JOB")
    assert [event.event_name for event in esl.seen[-2:]] == ["CHANNEL_PARK", "BACKGROUND_JOB"]


async def test_closing_ends_calls_and_connections() -> None:
    async with running_switch(SwitchSettings(dial_plan=QUICK), SilentCustomer) as switch:
        client = await RawEsl.admitted(switch.port)
        await client.answered_call("U1")
        await asyncio.gather(switch.close(), client.event("CHANNEL_DESTROY"))
    await client.wait_ended()
    await client.close()
    assert client.seen[-1].headers["Hangup-Cause"] == "SYSTEM_SHUTDOWN"
