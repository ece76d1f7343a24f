"""The API commands of the simulated switch: what `api` and `bgapi` run, and their answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Protocol
from uuid import uuid4

from telephony_bridge.simulated.audio_fork import AudioFork
from telephony_bridge.simulated.audio_fork_command import USAGE as FORK_USAGE
from telephony_bridge.simulated.audio_fork_command import VERBS as FORK_VERBS
from telephony_bridge.simulated.audio_fork_command import SwitchDown, bug_and_text, fork_request
from telephony_bridge.simulated.audio_stream_command import USAGE as STREAM_USAGE
from telephony_bridge.simulated.audio_stream_command import UnusableStream, stream_request, text_argument
from telephony_bridge.simulated.call import Call
from telephony_bridge.simulated.originate import Originate, OriginateRefused, Route, parse_originate

VERSION = "1.11.1-simulated"
NO_CHANNEL = "-ERR No such channel!\n"
_OK = "+OK\n"


class Exchange(Protocol):
    """The calls of the switch, and what may be done to it."""

    @property
    def calls(self) -> Mapping[str, Call]: ...

    @property
    def core_uuid(self) -> str: ...

    def new_call(self, uuid: str, originate: Originate) -> Call: ...

    def incoming_call(self, called: str, caller: str) -> Call: ...

    def crash(self) -> None: ...

    def inject_fault(self, fault: str, uuid: str) -> bool:
        """Bring about one of `faults.Fault`; False if there is no such fault or it cannot be done to that channel."""
        ...


class Api:
    """Runs one command line; every answer ends as FreeSWITCH ends it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def run(self, line: str) -> str:
        name, _, argument = line.strip().partition(" ")
        if name == "originate":
            return await self._originate(argument)
        if name == "sim_incoming":  # somebody calls: the number called, and the caller's
            called, _, caller = argument.strip().partition(" ")
            return f"+OK {self._exchange.incoming_call(called, caller.strip()).uuid}\n"
        if name.startswith("sim_"):
            return _OK if self._exchange.inject_fault(name, argument.strip()) else NO_CHANNEL
        if name.startswith("uuid_"):
            return self._on_channel(name, argument)
        match name:
            case "status":
                count = len(self._exchange.calls)
                return f"FreeSWITCH (Version {VERSION}) is ready\n{count} session(s) - peak {count}\n"
            case "version":
                return f"FreeSWITCH Version {VERSION}\n"
            case "global_getvar" if argument.strip() == "core_uuid":
                return self._exchange.core_uuid
            case "show" if argument.split() == ["channels", "as", "json"]:
                return self._show_channels()
        return f"-ERR {name} Command not found!\n"

    async def _originate(self, argument: str) -> str:
        try:
            originate = parse_originate(argument)
        except OriginateRefused as refusal:
            return refusal.reply
        if originate.route is Route.USER:
            return "-ERR USER_NOT_REGISTERED\n"
        uuid = originate.variables.get("origination_uuid") or str(uuid4())
        if uuid in self._exchange.calls:
            return "-ERR DESTINATION_OUT_OF_ORDER\n"
        return await self._exchange.new_call(uuid, originate).originated

    def _audio_fork(self, call: Call | None, rest: str) -> str:
        verb, _, argument = rest.partition(" ")
        if verb not in FORK_VERBS:
            return FORK_USAGE
        if call is None:
            return _done(False)
        if verb == "start":
            try:
                return _done(call.start_stream(fork_request(argument), AudioFork))
            except SwitchDown:
                self._exchange.crash()
                return _done(False)
        stream = call.channel.stream
        bug_name, text = bug_and_text(argument)
        if not isinstance(stream, AudioFork) or stream.bug_name != bug_name:
            return _done(False)
        match verb:
            case "stop":
                return _done(call.stop_stream(text))
            case "send_text":
                return _done(call.send_stream_text(text))
            case "stop_play":
                return _done(call.drop_audio())
        return _done(stream.pause(verb == "pause"))

    def _show_channels(self) -> str:
        rows = [
            {
                "uuid": uuid,
                "direction": call.channel.direction,
                "name": f"sofia/external/{call.channel.number}",
                "cid_num": call.channel.caller,
                "application": call.channel.variables.get("current_application", ""),
                "callstate": call.channel.call_state,
                "dest": call.channel.called,
            }
            for uuid, call in self._exchange.calls.items()
        ]
        return json.dumps({"row_count": len(rows), **({"rows": rows} if rows else {})}) + "\n"

    def _on_channel(self, name: str, argument: str) -> str:
        uuid, _, rest = argument.strip().partition(" ")
        rest = rest.strip()
        call = self._exchange.calls.get(uuid)
        if name == "uuid_exists":
            return "true" if call is not None else "false"
        if name == "uuid_audio_stream":
            return _audio_stream(call, rest)
        if name == "uuid_audio_fork":
            return self._audio_fork(call, rest)
        if name not in _CHANNEL_COMMANDS:
            return f"-ERR {name} Command not found!\n"
        return NO_CHANNEL if call is None else _CHANNEL_COMMANDS[name](call, rest)


def _done(done: bool) -> str:
    return "+OK Success\n" if done else "-ERR Operation Failed\n"


def _kill(call: Call, rest: str) -> str:
    call.kill(rest or "NORMAL_CLEARING")
    return _OK


def _park(call: Call, rest: str) -> str:
    call.park()
    return _OK


def _break(call: Call, rest: str) -> str:
    call.interrupt_playback(flush=rest == "all")
    return _OK


def _setvar(call: Call, rest: str) -> str:
    name, _, value = rest.partition(" ")
    if not name:
        return "-USAGE: <uuid> <var> [value]\n"
    _set(call, name, value)
    return _OK


def _setvar_multi(call: Call, rest: str) -> str:
    """Split at every `;`. The real switch also eats quotes and backslashes here, so a client must send none."""
    pairs = [pair.partition("=") for pair in rest.split(";")]
    names = [name for name, _, _ in pairs if name]
    if not names:
        return "-USAGE: <uuid> <var>=<value>;<var>=<value>...\n"
    for name, _, value in pairs:
        if name:
            _set(call, name, re.sub(r"['\\]", "", value))
    return _OK


def _set(call: Call, name: str, value: str) -> None:
    """An empty value removes the variable."""
    if value:
        call.channel.variables[name] = value
    else:
        call.channel.variables.pop(name, None)


def _getvar(call: Call, rest: str) -> str:
    return call.channel.variables.get(rest, "_undef_")


def _transfer(call: Call, rest: str) -> str:
    if not rest:
        return "-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n"
    return _OK if call.transfer(rest.split()[0]) else "-ERR the channel is not answered\n"


def _record(call: Call, rest: str) -> str:
    verb, _, path = rest.partition(" ")
    if verb not in {"start", "stop"} or not path:
        return "-USAGE: <uuid> [start|stop] [<path>|all]\n"
    try:
        done = call.start_record(path) if verb == "start" else call.stop_record(path)
    except OSError:
        done = False
    return "+OK Success\n" if done else "-ERR Cannot record session!\n"


def _audio_stream(call: Call | None, rest: str) -> str:
    verb, _, argument = rest.partition(" ")
    if verb not in {"start", "stop", "pause", "resume", "send_text"}:
        return STREAM_USAGE
    if call is None or (verb != "start" and isinstance(call.channel.stream, AudioFork)):
        return _done(False)
    done = False
    match verb:
        case "start":
            try:
                done = call.start_stream(stream_request(argument, call.channel.variables))
            except UnusableStream:
                done = False
        case "stop":
            done = call.stop_stream(text_argument(argument))
        case "send_text":
            done = call.send_stream_text(text_argument(argument))
        case "pause" | "resume":
            done = call.channel.stream.pause(verb == "pause")
    return _done(done)


_CHANNEL_COMMANDS = {
    "uuid_kill": _kill,
    "uuid_break": _break,
    "uuid_park": _park,
    "uuid_setvar": _setvar,
    "uuid_setvar_multi": _setvar_multi,
    "uuid_getvar": _getvar,
    "uuid_transfer": _transfer,
    "uuid_record": _record,
}
