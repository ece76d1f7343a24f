"""The FreeSWITCH adapter against a scripted peer: the commands it sends, and every way a dial or a line can fail."""

from __future__ import annotations

import wave
from pathlib import Path, PurePosixPath

import pytest

from telephony_bridge.dialects import MOD_AUDIO_STREAM
from telephony_bridge.esl import encoding
from telephony_bridge.esl.encoding import EslCommand
from telephony_bridge.freeswitch_leg import PromptFolder
from telephony_bridge.leg import (
    ControlLost,
    ControlRestored,
    Dial,
    DialFailed,
    Dtmf,
    HungUp,
    LegGone,
    PlayoutEnded,
    PlayoutStarted,
    SwitchUnreachable,
)
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus
from telephony_bridge.media_commands import MediaRefused
from tests.patience import soon
from tests.telephony_bridge.esl_peer import usual
from tests.telephony_bridge.rig import Rig, event, job, next_of

pytestmark = pytest.mark.integration

MISSING = encoding.api_response("-ERR No such channel!\n")


HANGUP = event("CHANNEL_HANGUP_COMPLETE", Hangup_Cause="NORMAL_CLEARING", variable_sip_hangup_disposition="recv_bye")


def prompt(folder: Path, samples: int = 8000) -> Path:
    path = folder / "hello.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * samples))
    return path


async def test_a_dial_that_is_answered(rig: Rig) -> None:
    leg = await rig.answered()
    assert leg.call_id == "u-1"
    command = await rig.peer.got("bgapi")
    assert command.argument.startswith("originate {origination_uuid=u-1,originate_timeout=30,")
    assert command.argument.endswith(
        "origination_caller_id_number=+74950000000}sofia/gateway/trunk/79990000100 &park()"
    )


@pytest.mark.parametrize("details_first", [True, False])
async def test_a_phone_that_is_off_with_the_details_before_or_after_the_result(rig: Rig, details_first: bool) -> None:
    details = event(
        "CHANNEL_HANGUP_COMPLETE",
        Hangup_Cause="NO_USER_RESPONSE",
        variable_hangup_cause_q850="18",
        variable_sip_term_status="480",
    )
    result = job("-ERR NO_USER_RESPONSE\n")
    failure = await rig.failed(event("CHANNEL_CREATE"), *((details, result) if details_first else (result, details)))
    assert (failure.status, failure.fault) == (LineStatus.UNREACHABLE, Fault.CALLEE)
    assert failure.cause == "NO_USER_RESPONSE"


async def test_a_gateway_that_does_not_exist(rig: Rig) -> None:
    failure = await rig.failed(event("CHANNEL_CREATE"), job("-ERR INVALID_GATEWAY\n"), event("CHANNEL_DESTROY"))
    assert (failure.status, failure.fault) == (LineStatus.MISCONFIGURED, Fault.US)


async def test_a_failure_without_any_channel(rig: Rig) -> None:
    failure = await rig.failed(job("-ERR USER_NOT_REGISTERED\n"))
    assert (failure.status, failure.cause) == (LineStatus.MISCONFIGURED, "USER_NOT_REGISTERED")
    assert failure.switch == str(rig.switch.endpoint)


async def test_a_dial_cleared_before_an_answer_was_not_answered(rig: Rig) -> None:
    failure = await rig.failed(job("-ERR NORMAL_CLEARING\n"))
    assert (failure.status, failure.fault) == (LineStatus.CANCELLED, Fault.US)


async def test_a_number_that_is_none_is_not_dialled(rig: Rig) -> None:
    with pytest.raises(DialFailed) as failure:
        await rig.switch.dial(Dial("100 &hangup()", "u-1"))
    assert (failure.value.status, failure.value.fault) == (LineStatus.INVALID_NUMBER, Fault.US)
    assert not [command for command in rig.peer.commands if command.verb == "bgapi"]


async def test_a_dial_given_up_is_hung_up_so_that_nobody_answers_to_silence(rig: Rig) -> None:
    dialling = await rig.dialling()
    dialling.cancel()
    await rig.peer.got("api", "uuid_kill u-1")


async def test_a_dial_whose_line_drops_is_hung_up_once_the_switch_is_back(rig: Rig) -> None:
    dialling = await rig.dialling()
    rig.peer.drop()
    with pytest.raises(SwitchUnreachable):
        await soon(dialling)
    rig.gate.opened.release()
    await rig.peer.got("api", "uuid_kill u-1")


async def test_media_starts_with_its_variables_its_url_and_its_metadata(rig: Rig) -> None:
    leg = await rig.answered()
    rig.peer.commands.clear()
    await leg.start_media("ws://10.0.0.5:8090/media/u-1?token=t", {"call_id": "u-1"})
    await leg.stop_media()
    assert [command.argument for command in rig.peer.commands if command.verb == "api"] == [
        "uuid_setvar u-1 STREAM_HEART_BEAT 30",
        "uuid_audio_stream u-1 start ws://10.0.0.5:8090/media/u-1?token=t mono 8k "
        '{"call_id":"u-1","rate":"8000","two_way":"no"}',
        "uuid_audio_stream u-1 stop",
    ]


async def test_media_still_attached_is_stopped_and_started_again(rig: Rig) -> None:
    leg = await rig.answered()
    starts = iter(["-ERR Operation Failed\n", "+OK Success\n"])

    def answer(command: EslCommand) -> bytes | None:
        if command.argument.startswith("uuid_audio_stream u-1 start"):
            return encoding.api_response(next(starts))
        return usual(command)

    rig.peer.answer = answer
    await leg.start_media("ws://10.0.0.5/", {})
    await rig.peer.got("api", "uuid_audio_stream u-1 start", times=2)
    assert await rig.peer.got("api", "uuid_audio_stream u-1 stop")


async def test_a_switch_without_the_module_says_which_one(rig: Rig) -> None:
    leg = await rig.answered()
    rig.script({"uuid_audio_stream": "-ERR uuid_audio_stream Command not found!\n"})
    with pytest.raises(MediaRefused, match=MOD_AUDIO_STREAM.name):
        await leg.start_media("ws://10.0.0.5/", {})


async def test_a_prompt_is_played_from_the_folder_the_switch_sees(rig: Rig, tmp_path: Path) -> None:
    leg = await rig.answered()
    leg._prompts = PromptFolder(tmp_path, PurePosixPath("/prompts"))
    events = leg.events()
    await leg.play(prompt(tmp_path), "say-1")
    sent = await rig.peer.got("sendmsg")
    assert (sent.headers["execute-app-arg"], sent.headers["Event-UUID"]) == ("/prompts/hello.wav", "say-1")
    rig.peer.send(
        event("CHANNEL_EXECUTE", Application_UUID="say-1")
        + event("PLAYBACK_START")
        + event("PLAYBACK_STOP", Playback_Status="done", variable_playback_last_offset_pos="8000")
        + event("CHANNEL_EXECUTE_COMPLETE", Application_UUID="say-1")
        + event("DTMF", DTMF_Digit="0")
    )
    assert await next_of(events, 3) == [
        PlayoutStarted("say-1"),
        PlayoutEnded("say-1", 8000, completed=True),
        Dtmf("0"),
    ]
    await leg.play(tmp_path.parent / "elsewhere.wav", "say-2")
    (ended,) = await next_of(events, 1)
    assert isinstance(ended, PlayoutEnded)
    assert "elsewhere.wav" in (ended.problem or "")


async def test_a_stop_breaks_all_and_ends_what_never_began(rig: Rig, tmp_path: Path) -> None:
    leg = await rig.answered()
    leg._settle_s = 0.0
    events = leg.events()
    await leg.stop_playout()
    assert not [command for command in rig.peer.commands if "uuid_break" in command.argument]
    await leg.play(prompt(tmp_path), "say-1")
    await leg.stop_playout()
    assert (await rig.peer.got("api", "uuid_break")).argument == "uuid_break u-1 all"
    assert await next_of(events, 1) == [PlayoutEnded("say-1", 0, completed=False)]


async def test_a_playback_the_switch_does_not_take_is_a_problem(rig: Rig, tmp_path: Path) -> None:
    leg = await rig.answered()
    rig.peer.answer = lambda command: encoding.command_reply("-ERR invalid session id [u-1]")
    await leg.play(prompt(tmp_path), "say-1")
    assert await next_of(leg.events(), 1) == [
        PlayoutEnded("say-1", 0, completed=False, problem="-ERR invalid session id [u-1]")
    ]


async def test_after_the_hang_up_events_end_and_commands_say_so(rig: Rig, tmp_path: Path) -> None:
    leg = await rig.answered()
    await leg.hang_up()
    await rig.peer.got("api", "uuid_kill u-1")
    rig.peer.send(HANGUP)
    assert [one async for one in leg.events()] == [
        HungUp(HungUpBy.CUSTOMER, LineStatus.ANSWERED, Fault.NOBODY, "NORMAL_CLEARING")
    ]
    await leg.hang_up()  # nothing to do
    for command in (leg.stop_playout(), leg.stop_media(), leg.play(prompt(tmp_path), "x"), leg.transfer("1", {})):
        with pytest.raises(LegGone):
            await command


async def test_a_command_for_a_leg_the_switch_has_forgotten(rig: Rig) -> None:
    leg = await rig.answered()
    rig.peer.answer = lambda command: MISSING
    with pytest.raises(LegGone):
        await leg.stop_media()
    assert isinstance((await next_of(leg.events(), 1))[0], HungUp)
    assert rig.switch.calls == 0


async def test_a_leg_that_vanished_is_hung_up_and_takes_no_place_on_the_switch_any_more(rig: Rig) -> None:
    leg = await rig.answered()
    rig.peer.answer = lambda command: MISSING
    await leg.hang_up()
    assert await next_of(leg.events(), 1) == [HungUp(HungUpBy.UNKNOWN, LineStatus.UNKNOWN, Fault.UNKNOWN, "UNKNOWN")]
    assert rig.switch.calls == 0


async def test_the_switch_forgets_a_leg_just_before_it_tells_of_its_end(rig: Rig) -> None:
    leg = await rig.answered()
    rig.peer.answer = lambda command: MISSING
    await leg.hang_up()
    rig.peer.send(HANGUP)
    (hung_up,) = await next_of(leg.events(), 1)
    assert isinstance(hung_up, HungUp)
    assert hung_up.by is HungUpBy.CUSTOMER


async def test_a_playout_on_a_leg_that_vanished(rig: Rig, tmp_path: Path) -> None:
    leg = await rig.answered()
    rig.peer.answer = lambda command: encoding.command_reply("-ERR invalid session id [u-1]")
    await leg.play(prompt(tmp_path), "say-1")
    played, hung_up = await next_of(leg.events(), 2)
    assert isinstance(played, PlayoutEnded)
    assert isinstance(hung_up, HungUp)


async def test_a_line_that_drops_mid_call_and_a_leg_that_is_still_there(rig: Rig, tmp_path: Path) -> None:
    leg = await rig.answered()
    events = leg.events()
    await leg.play(prompt(tmp_path), "say-1")
    rig.script({"uuid_exists": "true"})
    rig.peer.drop()
    assert isinstance((await next_of(events, 1))[0], ControlLost)
    with pytest.raises(SwitchUnreachable):
        await leg.stop_media()
    rig.gate.opened.release()
    ended, restored = await next_of(events, 2)
    assert restored == ControlRestored()  # after the break: what is played from now on is heard
    assert isinstance(ended, PlayoutEnded)
    assert (ended.heard, ended.completed, bool(ended.problem)) == (0, False, True)
    assert await rig.peer.got("api", "uuid_break u-1 all")


async def test_a_line_that_drops_mid_call_and_a_leg_that_has_gone(rig: Rig) -> None:
    leg = await rig.answered()
    rig.script({"uuid_exists": "false"})
    rig.peer.drop()
    rig.gate.opened.release()
    told = [one async for one in leg.events()]
    assert [type(one) for one in told] == [ControlLost, HungUp]
    assert told[-1] == HungUp(HungUpBy.UNKNOWN, LineStatus.UNKNOWN, Fault.UNKNOWN, "UNKNOWN")


async def test_a_leg_that_was_given_up_while_the_line_was_down_is_hung_up_once_it_is_back(rig: Rig) -> None:
    leg = await rig.answered()
    rig.script({"uuid_exists": "true"})
    rig.peer.drop()
    await next_of(leg.events(), 1)
    with pytest.raises(SwitchUnreachable):
        await leg.hang_up()
    rig.gate.opened.release()
    assert await rig.peer.got("api", "uuid_kill u-1")


async def test_a_switch_that_comes_back_with_another_core_uuid_has_lost_its_calls(rig: Rig) -> None:
    leg = await rig.answered()
    rig.script({"global_getvar core_uuid": "of the next start"})
    rig.peer.drop()
    rig.gate.opened.release()
    told = [one async for one in leg.events()]
    assert [type(one) for one in told] == [ControlLost, HungUp]
    assert told[-1] == HungUp(HungUpBy.UNKNOWN, LineStatus.NETWORK_FAILURE, Fault.US, "CRASH")
    assert rig.switch.calls == 0


async def test_a_call_counts_from_its_dial_to_its_end(rig: Rig) -> None:
    dialling = await rig.dialling()
    assert rig.switch.calls == 1
    rig.peer.send(event("CHANNEL_CREATE") + job("+OK u-1\n") + HANGUP)  # so short that all comes at once
    leg = await soon(dialling)
    assert isinstance((await next_of(leg.events(), 1))[0], HungUp)
    assert rig.switch.calls == 0
