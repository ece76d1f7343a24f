"""The event socket client against a scripted peer: replies, jobs, events, refusals, and a line that drops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import cast

import pytest
from structlog.testing import capture_logs

from telephony_bridge.esl import encoding
from telephony_bridge.esl.client import EslClient, growing_delay
from telephony_bridge.esl.connection import Endpoint, SwitchRefused
from telephony_bridge.esl.encoding import EslCommand
from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.leg import SwitchUnreachable
from tests.patience import soon
from tests.telephony_bridge.esl_peer import PASSWORD, EslPeer, Gate, Hurried, usual

pytestmark = pytest.mark.integration


@pytest.fixture
async def peer() -> AsyncIterator[EslPeer]:
    made = EslPeer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def gate() -> Gate:
    return Gate()


@pytest.fixture
async def client(peer: EslPeer, gate: Gate) -> AsyncIterator[EslClient]:
    made = EslClient(peer.endpoint(), ["CHANNEL_ANSWER", "DTMF"], ["mod_audio_stream::error"], sleep=gate.sleep)
    await made.start()
    yield made
    await made.close()


async def test_it_authenticates_and_subscribes(client: EslClient, peer: EslPeer) -> None:
    auth, event = peer.commands
    assert (auth.verb, auth.argument) == ("auth", PASSWORD)
    assert event.argument == "plain BACKGROUND_JOB CHANNEL_ANSWER DTMF CUSTOM mod_audio_stream::error"
    assert PASSWORD not in repr(client.endpoint)


async def test_replies_go_to_their_commands_in_order(client: EslClient, peer: EslPeer) -> None:
    peer.answer = lambda command: encoding.api_response(f"+OK {command.argument}\n")
    answers = await asyncio.gather(*(client.api(f"echo {number}") for number in range(20)))
    assert answers == [f"+OK echo {number}" for number in range(20)]


async def test_a_caller_that_gives_up_leaves_its_reply_to_nobody_else(client: EslClient, peer: EslPeer) -> None:
    peer.answer = lambda command: None
    impatient = asyncio.create_task(client.api("slow"))
    await peer.got("api", "slow")
    impatient.cancel()
    patient = asyncio.create_task(client.api("quick"))
    await peer.got("api", "quick")
    peer.send(encoding.api_response("of slow") + encoding.api_response("of quick"))
    assert await soon(patient) == "of quick"


async def test_a_job_is_matched_by_its_id_even_if_results_come_in_another_order(
    client: EslClient, peer: EslPeer
) -> None:
    peer.answer = lambda command: encoding.command_reply(
        f"+OK Job-UUID: {command.argument}", {"Job-UUID": command.argument}
    )
    one, two = (asyncio.create_task(client.bgapi(name)) for name in ("one", "two"))
    await peer.got("bgapi", "two")
    for name in ("stranger", "two", "one"):
        peer.send(encoding.event({"Event-Name": "BACKGROUND_JOB", "Job-UUID": name}, f"+OK {name}\n"))
    assert (await soon(one), await soon(two)) == ("+OK one", "+OK two")


async def test_a_bgapi_that_is_refused_returns_the_refusal(client: EslClient, peer: EslPeer) -> None:
    peer.answer = lambda command: encoding.command_reply("-ERR not allowed")
    assert await client.bgapi("originate") == "-ERR not allowed"


async def test_events_go_to_their_channel_and_one_bad_handler_harms_no_other(client: EslClient, peer: EslPeer) -> None:
    heard: asyncio.Queue[EslMessage] = asyncio.Queue()

    def broken(event: EslMessage) -> None:
        raise RuntimeError("a bug in one leg")

    client.subscribe("bad", broken)
    client.subscribe("good", heard.put_nowait)
    for uuid, digit in (("bad", "1"), ("other", "2"), ("good", "3")):
        peer.send(encoding.event({"Event-Name": "DTMF", "Unique-ID": uuid, "DTMF-Digit": digit}))
    assert (await soon(heard.get())).headers["DTMF-Digit"] == "3"
    client.unsubscribe("good")
    peer.send(encoding.event({"Event-Name": "DTMF", "Unique-ID": "good", "DTMF-Digit": "4"}))
    assert await client.api("status") == "+OK"
    assert heard.empty()


async def test_a_dropped_line_fails_what_waits_then_comes_back_with_its_subscription(
    client: EslClient, peer: EslPeer, gate: Gate
) -> None:
    lost: list[str] = []
    restored = asyncio.Event()
    heard: asyncio.Queue[EslMessage] = asyncio.Queue()

    async def back() -> None:
        restored.set()

    client.on_lost = lost.append
    client.on_restored = back
    client.subscribe("u-1", heard.put_nowait)
    job = asyncio.create_task(client.bgapi("originate"))
    await peer.got("bgapi")
    await peer.stop()
    with pytest.raises(SwitchUnreachable):
        await soon(job)
    waits = [await gate.asks()]
    assert len(lost) == 1
    with pytest.raises(SwitchUnreachable):
        await client.api("status")
    gate.opened.release()  # still refused
    waits.append(await gate.asks())
    await peer.start()
    gate.opened.release()
    await soon(restored.wait())
    assert waits == [growing_delay(0), growing_delay(1)]
    await peer.got("event", "plain BACKGROUND_JOB CHANNEL_ANSWER", times=2)
    peer.send(encoding.event({"Event-Name": "DTMF", "Unique-ID": "u-1", "DTMF-Digit": "5"}))
    assert (await soon(heard.get())).headers["DTMF-Digit"] == "5"
    assert len(lost) == 1


async def test_a_failure_while_taking_stock_does_not_end_reconnecting(
    client: EslClient, peer: EslPeer, gate: Gate
) -> None:
    stock: asyncio.Queue[None] = asyncio.Queue()

    async def back() -> None:
        stock.put_nowait(None)
        raise RuntimeError("a bug in one leg")

    client.on_restored = back
    for _ in range(2):
        peer.drop()
        gate.opened.release()
        await soon(stock.get())
    assert await client.api("status") == "+OK"


async def test_a_command_without_a_reply_gives_the_connection_up(peer: EslPeer) -> None:
    hurried = Hurried(peer.endpoint(), steps=4)  # to connect, be greeted, authenticate and subscribe
    client = EslClient(cast(Endpoint, hurried), [], sleep=Gate().sleep)
    await client.start()
    peer.answer = lambda command: None
    with pytest.raises(SwitchUnreachable, match="did not answer"):
        await client.api("status")
    await client.close()


async def test_nonsense_on_the_line_ends_the_connection_with_a_clear_reason(
    client: EslClient, peer: EslPeer, gate: Gate
) -> None:
    lost: list[str] = []
    client.on_lost = lost.append
    peer.send(b"HTTP/1.1 200 OK\r\n\n\n")
    await gate.asks()
    assert "not the event socket protocol" in lost[0]


async def test_a_reply_to_no_command_is_not_taken_for_the_next_one(
    client: EslClient, peer: EslPeer, gate: Gate
) -> None:
    lost: list[str] = []
    client.on_lost = lost.append
    peer.send(encoding.api_response("+OK surprise"))
    await gate.asks()
    assert "a reply to no command" in lost[0]


async def refused(peer: EslPeer, endpoint: Endpoint | None = None) -> SwitchUnreachable:
    await peer.start()
    with pytest.raises(SwitchUnreachable) as failed:
        await EslClient(endpoint or peer.endpoint(), []).start()
    await peer.stop()
    return failed.value


async def test_a_wrong_password_says_what_to_set() -> None:
    peer = EslPeer()
    await peer.start()
    with pytest.raises(SwitchRefused, match=r"\[switch\] password") as failed:
        await EslClient(peer.endpoint("wrong secret"), []).start()
    assert "wrong secret" not in str(failed.value)
    await peer.stop()


async def test_the_password_is_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """Let in, lost, and refused by a switch that repeats what it was told."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    peer, gate = EslPeer(), Gate()
    await peer.start()
    with capture_logs() as logs:
        client = EslClient(peer.endpoint(), [], sleep=gate.sleep)
        client.on_lost = told.append
        await client.start()
        peer.answer = lambda command: encoding.command_reply(f"-ERR invalid {command.argument}")
        peer.drop()
        gate.opened.release()
        await gate.asks()
        await gate.asks()  # the attempt between was refused
        with pytest.raises(SwitchRefused) as refused:
            await EslClient(peer.endpoint(), []).start()
        await client.close()
    await peer.stop()
    assert {"switch lost", "switch refuses us"} <= {row["event"] for row in logs}
    assert PASSWORD not in f"{logs} {caplog.text} {told} {refused.value!r}"


async def test_a_password_refused_after_a_restart_is_one_warning(client: EslClient, peer: EslPeer, gate: Gate) -> None:
    peer.answer = lambda command: encoding.command_reply("-ERR invalid")
    with capture_logs() as logs:
        peer.drop()
        await gate.asks()
        for _ in range(3):
            gate.opened.release()
            await gate.asks()
    levels = [row["log_level"] for row in logs if row["event"] == "switch refuses us"]
    assert levels == ["warning", "info", "info"]


async def test_an_address_off_the_access_list_says_what_to_change() -> None:
    assert "apply-inbound-acl" in str(await refused(EslPeer(greeting=encoding.rude_rejection())))


async def test_something_else_on_the_port_is_named() -> None:
    peer = EslPeer(greeting=b"220 mail.example.org ESMTP\n\n")
    assert "not the event socket protocol" in str(await refused(peer))


async def test_a_peer_that_says_nothing_is_named() -> None:
    peer = EslPeer(greeting=b"")
    await peer.start()
    with pytest.raises(SwitchUnreachable, match="does not greet"):
        await EslClient(cast(Endpoint, Hurried(peer.endpoint(), steps=1)), []).start()
    await peer.stop()


async def test_a_refused_subscription_is_an_error() -> None:
    def answer(command: EslCommand) -> bytes | None:
        return encoding.command_reply("-ERR no") if command.verb == "event" else usual(command)

    assert "subscription" in str(await refused(EslPeer(answer)))


async def test_nobody_listening_is_an_error() -> None:
    peer = EslPeer()
    await peer.start()
    await peer.stop()
    with pytest.raises(SwitchUnreachable, match="cannot connect") as failed:
        await EslClient(peer.endpoint(), []).start()
    for named in (str(peer.endpoint()), "start the switch", "host, port and password", "[switch]", "voicebot.toml"):
        assert named in str(failed.value)
