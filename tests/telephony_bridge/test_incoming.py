"""Calls that come in: parked by the switch, taken or refused by us, found where nobody was told of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telephony_bridge.balancer import Terms
from telephony_bridge.channel import Channel
from telephony_bridge.dialects import MOD_AUDIO_STREAM
from telephony_bridge.esl import encoding
from telephony_bridge.esl.client import EslClient
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.esl.protocol import EslMessage, EslParser
from telephony_bridge.freeswitch_pool import FreeSwitchPool
from telephony_bridge.incoming import Announced, ParkedCall, announced_by, parked_in
from telephony_bridge.leg import (
    ControlRestored,
    HandOverFailed,
    HungUp,
    IncomingCall,
    LegGone,
    PlayoutStarted,
    Refusal,
    SwitchUnreachable,
)
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus
from telephony_bridge.simulated.call import Call
from telephony_bridge.simulated.switch import Fault as Trouble
from tests.patience import soon
from tests.telephony_bridge.bridge_scene import FINGERS, Scene, until, until_heard

pytestmark = pytest.mark.integration

OURS, THEIRS = "74950000001", "79990000100"


def parked(**headers: str) -> EslMessage:
    named = {name.replace("_", "-", 3) if not name.startswith("variable") else name: v for name, v in headers.items()}
    event = encoding.event({"Event-Name": "CHANNEL_PARK", "Unique-ID": "u-1", **named})
    (message,) = EslParser().feed(event)
    return message


def test_a_parked_channel_is_announced_where_the_dialplan_says_it_is_for_us() -> None:
    told = announced_by(parked(variable_voicebot_incoming=OURS, Caller_Caller_ID_Number=THEIRS))
    assert told == Announced("u-1", OURS, THEIRS)
    assert announced_by(parked()) is None
    assert announced_by(parked(variable_voicebot_incoming="")) is None


@pytest.mark.parametrize("uuid", ["", "../../etc/passwd", "a b", "x" * 65])
def test_an_id_that_could_change_a_command_or_a_files_name_is_no_call(uuid: str) -> None:
    assert announced_by(parked(variable_voicebot_incoming=OURS, Unique_ID=uuid)) is None
    assert parked_in(f'{{"rows":[{{"uuid":"{uuid}","application":"park"}}]}}') == {}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ('{"row_count":0}', {}),
        ("-ERR show Command not found!", {}),
        ("[]", {}),
        ('{"rows":[7,{"name":"x"}]}', {}),
        ('{"rows":[{"uuid":"a","cid_num":"1","application":"park"},{"uuid":"b","application":"bridge"}]}', {"a": "1"}),
    ],
)
def test_only_parked_channels_may_wait_for_us(answer: str, found: dict[str, str]) -> None:
    assert parked_in(answer) == found


class Arrivals:
    def __init__(self) -> None:
        self.queue: asyncio.Queue[IncomingCall] = asyncio.Queue()

    async def next(self) -> IncomingCall:
        return await soon(self.queue.get())


@pytest.fixture
async def arrivals(bridge: Scene) -> Arrivals:
    arrivals = Arrivals()
    await bridge.switch.take_incoming(arrivals.queue.put_nowait)
    return arrivals


def ring(bridge: Scene, caller: str = THEIRS) -> Call:
    return bridge.simulated.incoming_call(OURS, caller)


@pytest.fixture
async def endings(bridge: Scene) -> AsyncIterator[asyncio.Queue[EslMessage]]:
    """Each CHANNEL_HANGUP_COMPLETE of the switch, as another client sees it."""
    client = EslClient(Endpoint("127.0.0.1", bridge.simulated.port, "secret"), ["CHANNEL_HANGUP_COMPLETE"])
    ended: asyncio.Queue[EslMessage] = asyncio.Queue()
    client.on_other = lambda event: ended.put_nowait(event) if event.event_name != "BACKGROUND_JOB" else None
    await client.start()
    yield ended
    await client.close()


async def test_a_call_that_comes_in_is_answered_hears_and_is_heard(
    bridge: Scene, arrivals: Arrivals, tone: Path
) -> None:
    call = ring(bridge)
    incoming = await arrivals.next()
    assert (incoming.called, incoming.caller, incoming.call_id) == (OURS, THEIRS, call.uuid)
    assert incoming.switch == f"127.0.0.1:{bridge.simulated.port}"
    assert not call.channel.line_is_open
    leg = await soon(incoming.answer())
    assert leg.switch == incoming.switch
    coming = bridge.media.expect(leg.call_id)
    await leg.start_media(bridge.media.url_for(leg.call_id), {"call_id": leg.call_id})
    link = await soon(coming)
    await leg.play(tone, "one")
    events = leg.events()
    assert (await until(events, PlayoutStarted)).playout_id == "one"
    await soon(until_heard(link))
    await leg.hang_up()
    assert await until(events, HungUp) == HungUp(HungUpBy.BOT, LineStatus.ANSWERED, Fault.NOBODY, "NORMAL_CLEARING")
    assert bridge.switch.calls == 0


async def test_a_caller_who_hangs_up_after_the_answer(bridge: Scene, arrivals: Arrivals) -> None:
    ring(bridge, FINGERS)
    leg = await soon((await arrivals.next()).answer())
    assert (await until(leg.events(), HungUp)).by is HungUpBy.CUSTOMER


@pytest.mark.parametrize(("why", "q850"), [(Refusal.UNKNOWN_NUMBER, "1"), (Refusal.NOT_NOW, "41")])
async def test_a_call_that_is_refused_never_was_answered_and_the_network_is_told_why(
    bridge: Scene, arrivals: Arrivals, endings: asyncio.Queue[EslMessage], why: Refusal, q850: str
) -> None:
    ring(bridge)
    incoming = await arrivals.next()
    await soon(incoming.refuse(why))
    told = (await soon(endings.get())).headers
    assert (told["Hangup-Cause"], told["variable_hangup_cause_q850"]) == (why.value, q850)
    assert (told["variable_sip_hangup_disposition"], told["variable_billsec"]) == ("send_refuse", "0")


async def test_a_caller_who_gives_up_before_we_answer(bridge: Scene, arrivals: Arrivals) -> None:
    call = ring(bridge)
    incoming = await arrivals.next()
    bridge.simulated.inject_fault(Trouble.CALLER_LEAVES, call.uuid)
    with pytest.raises(LegGone):
        await soon(incoming.answer())
    await soon(incoming.refuse(Refusal.NOT_NOW))
    assert bridge.switch.calls == 0


async def test_a_caller_of_whose_end_nobody_told_us(bridge: Scene, arrivals: Arrivals) -> None:
    call = ring(bridge)
    incoming = await arrivals.next()
    bridge.simulated.inject_fault(Trouble.VANISH, call.uuid)
    with pytest.raises(LegGone):
        await soon(incoming.answer())
    assert bridge.switch.calls == 0


async def test_a_call_that_rang_before_we_listened_is_found(bridge: Scene) -> None:
    call = ring(bridge)
    arrivals = Arrivals()
    await bridge.switch.take_incoming(arrivals.queue.put_nowait)
    incoming = await arrivals.next()
    assert (incoming.call_id, incoming.called, incoming.caller) == (call.uuid, OURS, THEIRS)


async def test_a_call_that_comes_in_while_control_is_lost_is_found_and_those_there_go_on(
    bridge: Scene, arrivals: Arrivals
) -> None:
    ring(bridge)
    leg = await soon((await arrivals.next()).answer())
    bridge.simulated.inject_fault(Trouble.DROP_ESL)
    second = ring(bridge)
    await until(leg.events(), ControlRestored)
    incoming = await arrivals.next()
    assert incoming.call_id == second.uuid
    assert arrivals.queue.empty()


async def test_a_call_that_comes_back_from_a_queue_does_not_come_in_anew(bridge: Scene, arrivals: Arrivals) -> None:
    ring(bridge)
    leg = await soon((await arrivals.next()).answer())
    await leg.transfer("9314", {})
    await until(leg.events(), HandOverFailed)
    assert arrivals.queue.empty()


async def test_a_switch_with_as_many_calls_as_it_may_have_refuses_one_more(
    bridge: Scene, endings: asyncio.Queue[EslMessage]
) -> None:
    pool, arrivals = FreeSwitchPool({bridge.switch: Terms(max_calls=1)}), Arrivals()
    await pool.take_incoming(arrivals.queue.put_nowait)
    ring(bridge)
    await arrivals.next()
    over = ring(bridge)
    told = await soon(endings.get())
    assert (told.unique_id, told.headers["variable_hangup_cause_q850"]) == (over.uuid, "34")
    assert arrivals.queue.empty()


async def test_while_we_are_late_a_call_that_comes_in_is_refused(
    bridge: Scene, endings: asyncio.Queue[EslMessage]
) -> None:
    late = True
    pool, arrivals = FreeSwitchPool({bridge.switch: Terms()}, overloaded=lambda: late), Arrivals()
    await pool.take_incoming(arrivals.queue.put_nowait)
    over = ring(bridge)
    told = await soon(endings.get())
    assert (told.unique_id, told.headers["variable_hangup_cause_q850"]) == (over.uuid, "34")
    assert arrivals.queue.empty()
    late = False
    taken = ring(bridge)
    assert (await arrivals.next()).call_id == taken.uuid


async def test_a_refusal_while_control_is_lost_is_made_up_for(bridge: Scene, arrivals: Arrivals) -> None:
    ring(bridge)
    incoming = await arrivals.next()
    assert isinstance(incoming, ParkedCall)
    bridge.simulated.inject_fault(Trouble.DROP_ESL)
    with contextlib.suppress(SwitchUnreachable):
        await incoming.refuse(Refusal.UNKNOWN_NUMBER)
    assert (await until(incoming._leg.events(), HungUp)).line_status is not LineStatus.ANSWERED


def test_a_cancelled_call_was_given_up_by_the_customer() -> None:
    ended = encoding.event(
        {
            "Event-Name": "CHANNEL_HANGUP_COMPLETE",
            "Unique-ID": "u-1",
            "Hangup-Cause": "ORIGINATOR_CANCEL",
            "variable_sip_hangup_disposition": "recv_cancel",
        }
    )
    (message,) = EslParser().feed(ended)
    (told,) = Channel(MOD_AUDIO_STREAM).receive(message)
    assert isinstance(told, HungUp)
    assert told.by is HungUpBy.CUSTOMER
