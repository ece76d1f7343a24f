"""The checks of a switch's event socket: from the greeting to the modules it has loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from telephony_bridge.conformance.runner import Action, Failed, require
from telephony_bridge.conformance.switch_scene import SwitchScene
from telephony_bridge.conformance.witness import Witness
from telephony_bridge.dialects import MediaDialect
from telephony_bridge.esl.connection import SwitchRefused
from telephony_bridge.esl.protocol import EslMessage, EslParser, EslProtocolError, MessageKind
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.leg import DialFailed
from telephony_bridge.line_status import LineStatus

NO_GATEWAY = "sofia/gateway/voicebot-no-such-gateway/{number}"


async def greets(scene: SwitchScene) -> str:
    endpoint = scene.target.endpoint
    reader, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
    try:
        message = await _first_message(reader)
    finally:
        writer.close()
    require(message.kind is not MessageKind.REJECTED, "this machine's address is refused")
    require(message.kind is MessageKind.AUTH_REQUEST, f"it greets with {message.kind.value}")
    return "auth/request"


async def _first_message(reader: asyncio.StreamReader) -> EslMessage:
    parser = EslParser()
    try:
        while data := await reader.read(4096):
            for message in parser.feed(data):
                return message
    except EslProtocolError as error:
        raise Failed(f"it does not speak the event socket protocol: {error}") from None
    raise Failed("it closed the connection without a greeting")


async def admits(scene: SwitchScene) -> str:
    scene.witnessed = await Witness.admitted(scene.target.endpoint)
    scene.stack.push_async_callback(scene.witnessed.close)
    return "accepted"


async def refuses_a_wrong_password(scene: SwitchScene) -> str:
    endpoint = scene.target.endpoint
    try:
        stranger = await Witness.admitted(replace(endpoint, password=f"not-{endpoint.password}"))
    except SwitchRefused:
        return "refused"
    await stranger.close()
    raise Failed("it accepts any password")


async def tells_its_version(scene: SwitchScene) -> str:
    answer = await scene.witness.api("version")
    require("FreeSWITCH" in answer, f"it answers {answer[:80]!r}")
    return answer.strip()


async def tells_its_core_uuid(scene: SwitchScene) -> str:
    answer = await scene.witness.api("global_getvar core_uuid")
    try:
        return str(UUID(answer))
    except ValueError:
        raise Failed(f"it answers {answer[:80]!r}") from None


async def refuses_the_unknown(scene: SwitchScene) -> str:
    answer = await scene.witness.api("voicebot_no_such_command")
    require(answer.startswith("-ERR"), f"it answers {answer[:80]!r}")
    return answer.strip()


async def subscribes(scene: SwitchScene) -> str:
    answer = await scene.witness.subscribe(scene.target.dialect)
    require(answer.startswith("+OK"), f"it answers {answer[:80]!r}")
    return answer.strip()


async def reports_jobs(scene: SwitchScene) -> str:
    result = await scene.witness.job("status")
    require(bool(result) and not result.startswith("-"), f"the job reports {result[:80]!r}")
    return f"BACKGROUND_JOB with {len(result)} characters"


async def has_the_module(scene: SwitchScene) -> str:
    """Asked without arguments, for then the command only tells its usage."""
    dialect = scene.target.dialect
    if not isinstance(dialect, MediaDialect):
        return "none is needed"
    command = dialect.start.split()[0]
    answer = await scene.witness.api(command)
    require(answer.startswith("-USAGE"), f"{command} answers {answer[:80]!r}")
    two_way = "bidirectionalAudio_stream_enabled" in answer
    require(two_way or not dialect.two_way, f"this build of {command} does not play binary messages")
    return f"{command} is there"


async def knows_its_gateways(scene: SwitchScene) -> str:
    switch = FreeSwitch(scene.target.endpoint, NO_GATEWAY, scene.target.dialect)
    await switch.start()
    try:
        await switch.dial(scene.dial("100"))
    except DialFailed as failure:
        require(failure.status is LineStatus.MISCONFIGURED, f"{failure}")
        return f"{failure.cause}: {failure.status.value}, {failure.fault.value}"
    finally:
        await switch.close()
    raise Failed("the dial was answered")


SOCKET: Mapping[str, Action[SwitchScene]] = {
    "SW-01": greets,
    "SW-02": admits,
    "SW-03": refuses_a_wrong_password,
    "SW-04": tells_its_version,
    "SW-05": refuses_the_unknown,
    "SW-06": subscribes,
    "SW-07": reports_jobs,
    "SW-08": has_the_module,
    "SW-09": knows_its_gateways,
    "SW-31": tells_its_core_uuid,
}
