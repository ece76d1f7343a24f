"""The simulated switch: one event socket, many calls.

    switch = SimulatedSwitch(SwitchSettings(password="secret"), lambda number, variables: EchoCustomer())
    await serve_until_terminated(switch)          # in a process of its own: until SIGTERM or SIGINT

    serving = asyncio.create_task(switch.serve())  # inside another program
    await switch.ready.wait()                      # switch.port is known now
    await switch.close()

Each fault can be brought about by `switch.inject_fault(Fault.…, uuid)`, or from another process by
`api sim_… <uuid>` with the fault's name. `api sim_incoming <number called> <caller>` has a customer call us.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

import structlog

from telephony_bridge.simulated.api import Api
from telephony_bridge.simulated.call import OVERSIZED_FRAME_BYTES, Call
from telephony_bridge.simulated.channel import Channel
from telephony_bridge.simulated.customer import CustomerFactory
from telephony_bridge.simulated.dialplan import NumberPlan
from telephony_bridge.simulated.esl_server import EslServer
from telephony_bridge.simulated.originate import Originate, Route
from telephony_bridge.simulated.playback import Playback
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.signals import Emit
from telephony_bridge.simulated.sound import TICK_SAMPLES, NotPlayable, load_sound
from telephony_bridge.simulated.unicast import UnicastRequest

log = structlog.get_logger(__name__)


class Fault(StrEnum):
    """What can be made to go wrong; each value is also an API command, followed by the channel's uuid."""

    DROP_ESL = "sim_drop_esl"  # all event socket connections break; no uuid
    ABORT_MEDIA = "sim_abort_media"  # the media connection breaks without a close frame
    OVERSIZED_FRAME = "sim_oversized_frame"  # one media message of 2 MiB
    ODD_FRAME = "sim_odd_frame"  # one media message that is half a sample short
    DOUBLE_RATE = "sim_double_rate"  # from now on twice the samples per second
    CALLER_LEAVES = "sim_caller_leaves"  # the customer hangs up, also one whose call we have not answered
    STALL_MEDIA = "sim_stall_media"  # for 3 s the media connection is neither read nor written; then all of it at once
    PORT_IN_USE = "sim_port_in_use"  # the port of the channel's next unicast cannot be had
    VANISH = "sim_vanish"  # the channel is gone, and no event says so


class SimulatedSwitch:
    """`serve` runs it until `close`; `ready` is set once `port` is known."""

    def __init__(self, settings: SwitchSettings, customer_factory: CustomerFactory) -> None:
        self.settings = settings
        self.ready = asyncio.Event()
        self.port = 0
        self.folder = Path()
        self._customers = customer_factory
        self._calls: dict[str, Call] = {}
        self._api = Api(self)
        self._esl = EslServer(settings.password, self)
        self._jobs: set[asyncio.Task[None]] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._closed = asyncio.Event()
        self.core_uuid = str(uuid4())
        self._sequence = 0
        self._wall_offset = 0.0

    @property
    def calls(self) -> Mapping[str, Call]:
        return self._calls

    async def serve(self) -> None:
        """Listen and run calls until `close`. Raises `OSError` if the port or a folder cannot be had."""
        if self.settings.recordings is not None:
            self.settings.recordings.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="simulated-switch-"))
        self._wall_offset = time.time() - asyncio.get_running_loop().time()
        try:
            self.port = await self._esl.listen(self.settings.host, self.settings.port)
            log.info("simulated switch listens", host=self.settings.host, port=self.port)
            self.ready.set()
            await self._closing.wait()
            await self._shut_down()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._closed.set()

    async def close(self) -> None:
        """End all calls and connections; returns when everything is down."""
        self._closing.set()
        if self.ready.is_set():
            await self._closed.wait()

    async def _shut_down(self) -> None:
        for call in tuple(self._calls.values()):
            call.kill("SYSTEM_SHUTDOWN")
        await asyncio.gather(*self._endings, return_exceptions=True)
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        await self._esl.close()

    # what ESL clients ask (esl_server.Commands)

    async def api(self, command: str) -> str:
        return await self._api.run(command)

    def background(self, command: str, job_uuid: str) -> None:
        self._keep(self._jobs, asyncio.create_task(self._run_job(command, job_uuid), name="bgapi"))

    async def send_message(self, uuid: str, headers: Mapping[str, str]) -> str:
        received = asyncio.get_running_loop().time()
        refusal = f"-ERR invalid session id [{uuid}]"
        if uuid not in self._calls:
            return refusal
        match headers.get("call-command"):
            case "hangup":
                self._calls[uuid].kill(headers.get("hangup-cause", "NORMAL_CLEARING"))
                return "+OK"
            case "execute" if headers.get("execute-app-name") == "answer":
                self._calls[uuid].pick_up(headers.get("event-uuid") or str(uuid4()))
                return "+OK"
            case "execute" if headers.get("execute-app-name") == "playback":
                playback = await asyncio.to_thread(_playback, headers, received)
                if uuid not in self._calls:
                    return refusal
                self._calls[uuid].play(playback)
                return "+OK"
            case "unicast":
                self._calls[uuid].unicast(UnicastRequest.of(headers))
                return "+OK"
        return "-ERR the simulated switch knows sendmsg hangup, unicast, and sendmsg execute playback and answer"

    def send_event(self, name: str, headers: Mapping[str, str], body: str) -> str:
        event_uuid = str(uuid4())
        to_channel = any(header.lower() == "unique-id" and uuid in self._calls for header, uuid in headers.items())
        if not to_channel:  # with a living channel's id, an event goes to that channel and to no listener
            own = {"Event-Name": name or "CLONE", "Event-UUID": event_uuid, "Command": f"sendevent {name}".strip()}
            self._publish({**headers, **own}, body, asyncio.get_running_loop().time())
        return f"+OK {event_uuid}"

    async def _run_job(self, command: str, job_uuid: str) -> None:
        result = await self._api.run(command)
        name, _, argument = command.partition(" ")
        headers = {"Event-Name": "BACKGROUND_JOB", "Job-UUID": job_uuid, "Job-Command": name}
        if argument:
            headers["Job-Command-Arg"] = argument
        self._publish(headers, result, asyncio.get_running_loop().time())

    # what calls ask (call.CallHost)

    def new_call(self, uuid: str, originate: Originate) -> Call:
        plan = self.settings.dial_plan.plan_for(originate.number)
        call = Call(Channel(uuid, originate, plan), self)
        self._calls[uuid] = call
        if originate.route is Route.GATEWAY and originate.gateway not in self.settings.gateways:
            call.reject_gateway()
        else:
            call.dial(self._customers)
        return call

    def incoming_call(self, called: str, caller: str) -> Call:
        """The customer with the number `caller` calls `called`, and the dialplan of deploy/ parks the call for us."""
        uuid = str(uuid4())
        variables = {"voicebot_incoming": called, "playback_terminators": "none", "send_silence_when_idle": "400"}
        call = Call(Channel(uuid, Originate(caller, Route.PROFILE, variables=variables), NumberPlan(), called), self)
        self._calls[uuid] = call
        call.come_in(self._customers)
        return call

    def publish(self, event: Emit) -> None:
        self._publish(event.headers, event.body, event.at)

    def run_api(self, command: str) -> None:
        self._keep(self._jobs, asyncio.create_task(self._run_quietly(command), name="api_on_answer"))

    def forget(self, call: Call) -> None:
        self._calls.pop(call.uuid, None)
        self._keep(self._endings, asyncio.create_task(call.closed(), name=f"end of {call.uuid}"))

    def crash(self) -> None:
        """As a segmentation fault in a module: everything is gone at once, and nothing says so."""
        log.error("a module brought the simulated switch down")
        for call in tuple(self._calls.values()):
            call.vanish()
        self._esl.drop_all()
        self._closing.set()

    async def _run_quietly(self, command: str) -> None:
        answer = await self._api.run(command)
        if answer.startswith("-"):
            log.warning("api_on_answer failed", command=command.partition(" ")[0])

    def _publish(self, headers: Mapping[str, str], body: str, at: float) -> None:
        self._sequence += 1
        common = {
            "Event-Name": headers["Event-Name"],
            "Core-UUID": self.core_uuid,
            "FreeSWITCH-Hostname": socket.gethostname(),
            "Event-Date-Timestamp": str(round((at + self._wall_offset) * 1_000_000)),
            "Event-Sequence": str(self._sequence),
        }
        self._esl.publish({**common, **headers}, body)

    def _keep(self, group: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
        group.add(task)
        task.add_done_callback(group.discard)

    # faults

    def inject_fault(self, fault: str, uuid: str = "") -> bool:
        if fault == Fault.DROP_ESL:
            self._esl.drop_all()
            return True
        call = self._calls.get(uuid)
        if call is None:
            return False
        match fault:
            case Fault.ABORT_MEDIA:
                return call.abort_media()
            case Fault.OVERSIZED_FRAME:
                return call.send_media(bytes(OVERSIZED_FRAME_BYTES))
            case Fault.ODD_FRAME:
                return call.send_media(bytes(2 * TICK_SAMPLES - 1))
            case Fault.DOUBLE_RATE:
                return call.double_media_rate()
            case Fault.CALLER_LEAVES:
                call.hang_up_as_customer()
                return True
            case Fault.STALL_MEDIA:
                return call.stall_media()
            case Fault.PORT_IN_USE:
                call.refuse_port()
                return True
            case Fault.VANISH:
                call.vanish()
                return True
        return False


def _playback(headers: Mapping[str, str], received: float) -> Playback:
    path = headers.get("execute-app-arg", "")
    try:
        samples = load_sound(Path(path))
    except NotPlayable as error:
        log.warning("playback of a file that cannot be played", error=error)
        samples = None
    locked = headers.get("event-lock", "false").lower() == "true"
    return Playback(path, headers.get("event-uuid") or str(uuid4()), locked, samples, received)


async def serve_until_terminated(switch: SimulatedSwitch) -> None:
    """Serve, and close on SIGTERM or SIGINT; for a process that does nothing else."""
    loop = asyncio.get_running_loop()
    closing: set[asyncio.Task[None]] = set()

    def close() -> None:
        closing.add(asyncio.create_task(switch.close()))

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, close)
    try:
        await switch.serve()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*closing)
