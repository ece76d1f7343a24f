"""Handing a leg over, against a scripted peer: the commands sent, in their order, and every way it can go wrong."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from telephony_bridge.esl import encoding
from telephony_bridge.esl.encoding import EslCommand
from telephony_bridge.hand_over import DeskNote
from telephony_bridge.leg import (
    ControlLost,
    ControlRestored,
    HandedOver,
    HandOverFailed,
    HungUp,
    LegGone,
    PlayoutEnded,
    SwitchError,
    SwitchUnreachable,
)
from telephony_bridge.line_status import HandOverFailure
from telephony_bridge.originate import Unsafe
from tests.telephony_bridge.esl_peer import usual
from tests.telephony_bridge.rig import Rig, event, next_of

pytestmark = pytest.mark.integration

DESTINATION = "9300 XML default"
NOTE = DeskNote("collections", 'Owes 1; says\n"I\'ll pay" $5 – 还款', True, "promise_to_pay", "negative")
BRIDGE, HANGUP = event("CHANNEL_BRIDGE"), event("CHANNEL_HANGUP_COMPLETE", Hangup_Cause="NORMAL_CLEARING")
PARK = event("CHANNEL_PARK", variable_cc_cause="cancel", variable_cc_cancel_reason="TIMEOUT")


def answering(rig: Rig, **replies: str) -> None:
    """Like a switch that knows `sendevent`; `replies` are for API commands that begin so."""

    def answer(command: EslCommand) -> bytes | None:
        if command.verb == "sendevent":
            return encoding.command_reply("+OK event-1")
        for start, text in replies.items():
            if command.verb == "api" and command.argument.startswith(start):
                return encoding.api_response(text)
        return usual(command)

    rig.peer.answer = answer


async def test_variables_then_the_event_for_the_desk_then_the_transfer(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig)
    await leg.transfer(DESTINATION, NOTE.variables())
    set_, told, moved = rig.peer.commands[-3:]
    assert set_.argument.startswith(
        "uuid_setvar_multi u-1 last_bridge_to=;voicebot_handover_result=;cc_cancel_reason=;"
    )
    values = dict(pair.split("=") for pair in set_.argument.split(" ", 2)[2].split(";"))
    assert {name: unquote(values[name]) for name in NOTE.variables()} == NOTE.variables()
    assert (told.verb, told.argument) == ("sendevent", "CUSTOM")
    assert told.headers["Event-Subclass"] == "voicebot::hand_over"
    assert told.headers["voicebot_call_id"] == "u-1"
    assert {name: unquote(told.headers[name]) for name in NOTE.variables()} == NOTE.variables()
    assert "unique-id" not in {name.lower() for name in told.headers}  # the switch would keep the event to the channel
    assert (moved.verb, moved.argument) == ("api", f"uuid_transfer u-1 {DESTINATION}")


async def test_a_leg_that_is_taken_and_one_that_comes_back(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig)
    events = leg.events()
    rig.peer.send(event("CHANNEL_PARK"))  # the one after the dial
    await leg.transfer(DESTINATION, {})
    rig.peer.send(PARK)
    assert await next_of(events, 1) == [HandOverFailed(HandOverFailure.NOBODY_FREE)]
    await leg.transfer(DESTINATION, {})
    rig.peer.send(BRIDGE + PARK + HANGUP)
    assert [type(one) for one in await next_of(events, 2)] == [HandedOver, HungUp]


async def test_a_queue_that_is_closed_may_say_so_before_the_transfer_is_answered(rig: Rig) -> None:
    leg = await rig.answered()

    def answer(command: EslCommand) -> bytes | None:
        if command.argument.startswith("uuid_transfer"):
            closed = event("CHANNEL_PARK", variable_voicebot_handover_result="closed")
            return closed + encoding.api_response("+OK\n")
        return usual(command)

    rig.peer.answer = answer
    await leg.transfer(DESTINATION, {})
    assert await next_of(leg.events(), 1) == [HandOverFailed(HandOverFailure.CLOSED)]


async def test_desks_that_cannot_be_told_do_not_keep_the_customer_from_a_human(rig: Rig) -> None:
    leg = await rig.answered()  # the usual peer does not know `sendevent`
    await leg.transfer(DESTINATION, NOTE.variables())
    rig.peer.send(BRIDGE)
    assert await next_of(leg.events(), 1) == [HandedOver()]


async def test_a_transfer_the_switch_refuses_leaves_the_leg_with_us(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig, uuid_transfer="-ERR no reason\n")
    with pytest.raises(SwitchError, match="no reason"):
        await leg.transfer(DESTINATION, {})
    rig.peer.send(PARK + HANGUP)
    assert [type(one) for one in await next_of(leg.events(), 1)] == [HungUp]


async def test_variables_that_cannot_be_set_are_not_left_behind_silently(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig, uuid_setvar_multi="-USAGE: <uuid> <var>=<value>\n")
    with pytest.raises(SwitchError, match="variables"):
        await leg.transfer(DESTINATION, NOTE.variables())
    for destination, variables in (("9300\nXML", {}), (DESTINATION, {"a b": "x"}), (DESTINATION, {"a": "x" * 9000})):
        with pytest.raises(Unsafe):
            await leg.transfer(destination, variables)
    assert not [command for command in rig.peer.commands if "uuid_transfer" in command.argument]


async def test_a_leg_that_has_gone_is_not_transferred(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig, uuid_setvar_multi="-ERR No such channel!\n")
    with pytest.raises(LegGone):
        await leg.transfer(DESTINATION, {})


@pytest.mark.parametrize(
    ("on_switch", "told"),
    [
        ({"last_bridge_to": "agent-1", "current_application": "callcenter"}, HandedOver()),
        (
            {"current_application": "park", "originate_disposition": "CALL_REJECTED"},
            HandOverFailed(HandOverFailure.DECLINED),
        ),
    ],
)
async def test_what_was_missed_while_control_was_lost_is_found_out(
    rig: Rig, on_switch: dict[str, str], told: HandedOver | HandOverFailed
) -> None:
    leg = await rig.answered()
    answering(rig)
    events = leg.events()
    await leg.transfer(DESTINATION, {})
    getvars = {f"uuid_getvar u-1 {name}": value for name, value in on_switch.items()}
    answering(rig, uuid_exists="true", **getvars, uuid_getvar="_undef_")
    rig.peer.drop()
    assert isinstance((await next_of(events, 1))[0], ControlLost)
    rig.gate.opened.release()
    assert await next_of(events, 2) == [told, ControlRestored()]


async def test_one_still_in_the_queue_after_control_was_lost_goes_on_waiting(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig)
    events = leg.events()
    await leg.transfer(DESTINATION, {})
    answering(rig, uuid_exists="true", uuid_getvar="_undef_")
    rig.peer.drop()
    rig.gate.opened.release()
    assert [type(one) for one in await next_of(events, 2)] == [ControlLost, ControlRestored]
    rig.peer.send(PARK)
    assert await next_of(events, 1) == [HandOverFailed(HandOverFailure.NOBODY_FREE)]


@pytest.mark.parametrize("broken", [False, True])
async def test_a_leg_that_is_away_is_not_broken_off(rig: Rig, tone: Path, broken: bool) -> None:
    leg = await rig.answered()
    answering(rig, uuid_exists="true", uuid_getvar="_undef_")
    events = leg.events()
    await leg.play(tone, "say-1")
    await leg.transfer(DESTINATION, {})
    if broken:
        rig.peer.drop()
        rig.gate.opened.release()
        lost, ended, _ = await next_of(events, 3)
        assert isinstance(lost, ControlLost)
    else:
        await leg.stop_playout()
        rig.peer.send(PARK)
        ended, _ = await next_of(events, 2)
    assert isinstance(ended, PlayoutEnded)
    assert (ended.playout_id, ended.heard, ended.completed) == ("say-1", 0, False)
    assert not [command for command in rig.peer.commands if "uuid_break" in command.argument]


async def test_a_transfer_whose_answer_was_lost_may_have_happened(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig)
    events = leg.events()

    def answer(command: EslCommand) -> bytes | None:
        if command.argument.startswith("uuid_transfer"):
            rig.peer.drop()
            return None
        return usual(command)

    rig.peer.answer = answer
    with pytest.raises(SwitchUnreachable):
        await leg.transfer(DESTINATION, {})
    answering(rig, **{"uuid_exists": "true", "uuid_getvar u-1 last_bridge_to": "agent-1", "uuid_getvar": "_undef_"})
    rig.gate.opened.release()
    assert [type(one) for one in await next_of(events, 3)] == [ControlLost, HandedOver, ControlRestored]


@pytest.mark.parametrize("lost_at", ["uuid_setvar_multi", "CUSTOM"])
async def test_a_transfer_that_was_never_sent_has_failed_once_the_switch_is_back(
    rig: Rig, tone: Path, lost_at: str
) -> None:
    leg = await rig.answered()
    events = leg.events()
    await leg.play(tone, "say-1")

    def answer(command: EslCommand) -> bytes | None:
        if command.argument.startswith(lost_at):
            rig.peer.drop()
            return None
        return usual(command)

    rig.peer.answer = answer
    with pytest.raises(SwitchUnreachable):
        await leg.transfer(DESTINATION, {})
    answering(rig, uuid_exists="true", uuid_getvar="_undef_")
    rig.gate.opened.release()
    lost, ended, failed, restored = await next_of(events, 4)
    assert isinstance(lost, ControlLost)
    assert isinstance(ended, PlayoutEnded)
    assert (failed, restored) == (HandOverFailed(HandOverFailure.UNREACHABLE), ControlRestored())
    sent = [command.argument for command in rig.peer.commands]
    assert "uuid_break u-1 all" in sent, "what plays is still on the line"
    await leg.transfer(DESTINATION, {})
    rig.peer.send(BRIDGE)
    assert await next_of(events, 1) == [HandedOver()]


async def test_the_audio_of_a_leg_that_is_handed_over_is_not_asked_for(rig: Rig) -> None:
    leg = await rig.answered()
    answering(rig)
    await leg.transfer(DESTINATION, {})
    sent = len(rig.peer.commands)
    with pytest.raises(SwitchError, match="handed over"):
        await leg.start_media("ws://127.0.0.1:8090/media/u-1", {})
    rig.peer.send(PARK)
    assert await next_of(leg.events(), 1) == [HandOverFailed(HandOverFailure.NOBODY_FREE)]
    assert len(rig.peer.commands) == sent
    await leg.start_media("ws://127.0.0.1:8090/media/u-1", {})
    assert any(command.argument.startswith("uuid_audio_stream u-1 start") for command in rig.peer.commands[sent:])
