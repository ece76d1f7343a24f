"""The text of an `originate` command, with every part checked: what we put in comes from data files and settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from telephony_bridge.leg import Dial, SwitchError

_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
_CALL_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_VALUE = re.compile(r"[A-Za-z0-9_.:/@+*#=~%!?-]*")
_MEDIA_URL = re.compile(r"wss?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9_./-]*)?")
_ENCODED = re.compile(r"[A-Za-z0-9_.~%-]*")
_EXTENSION = re.compile(r"[A-Za-z0-9_.+*#@-]+( [A-Za-z0-9_-]+){0,2}")

MAX_VARIABLES = 8192
"""Bytes that may be set on a channel in one command; as much is known to pass, as metadata of a media stream."""

IDLE_SILENCE = "send_silence_when_idle"

BASE_VARIABLES: Mapping[str, str] = {
    "ignore_early_media": "true",  # wait for the answer, not for the ringing tone
    "playback_terminators": "none",  # otherwise the * key silences a prompt behind our back
    IDLE_SILENCE: "400",  # a parked channel sends no RTP at all otherwise, and some carriers hang up
}


class Unsafe(SwitchError):
    """A value that would change the meaning of a command to the switch. Names the field, never the value."""


class InvalidNumber(Unsafe):
    """Not a telephone number the switch could dial."""


def check_dial_string(dial_string: str) -> str:
    """The setting itself, where it has one place for the number and no space; `Unsafe` otherwise."""
    if dial_string.count("{number}") != 1:
        raise Unsafe("[switch] dial_string must contain {number} once, as in sofia/gateway/trunk/{number}")
    if re.search(r"\s", dial_string):
        raise Unsafe("[switch] dial_string must not contain spaces")
    return dial_string


def check_caller_id(caller_id: str | None) -> str | None:
    """The setting itself, where the switch can be told it; `Unsafe` otherwise."""
    if caller_id is not None and not _NUMBER.fullmatch(caller_id):
        raise Unsafe("[switch] caller_id may have a leading + and then digits, * and #, 32 at most")
    return caller_id


def check_media_url(base: str, *, tls: bool) -> str:
    """The setting itself, where a streaming module can connect to it; `Unsafe` otherwise.

    Our own TLS needs wss. Without it wss is a proxy's before us.
    """
    if not _MEDIA_URL.fullmatch(base):
        raise Unsafe(
            "[media] advertised_url must look like ws://host:port, the host a name or an IPv4 address: "
            "the switch's streaming modules take no other"
        )
    if tls and not base.startswith("wss://"):
        raise Unsafe("[media] advertised_url must begin with wss://, because the media server has a certificate")
    return base


def is_call_id(text: str) -> bool:
    """Whether a call may have this id: it becomes part of commands, and of the names of files."""
    return _CALL_ID.fullmatch(text) is not None


def originate(dial: Dial, dial_string: str, *, idle_silence: bool = True) -> str:
    """The command that rings `dial.number` and parks the channel once it answers. Raises `Unsafe`.

    `idle_silence`: the switch sends silence while it plays nothing; not where we send it ourselves.
    """
    if not _NUMBER.fullmatch(dial.number):
        raise InvalidNumber("the number to dial may have a leading + and then digits, * and #, 32 at most")
    if not is_call_id(dial.call_id):
        raise Unsafe("a call id may have letters, digits and hyphens")
    variables = {
        **dial.variables,  # first: they may add to ours, not replace them
        "origination_uuid": dial.call_id,
        "originate_timeout": str(dial.ring_timeout_s),
        **{name: value for name, value in BASE_VARIABLES.items() if idle_silence or name != IDLE_SILENCE},
        **({"origination_caller_id_number": dial.caller_id} if dial.caller_id else {}),
    }
    settings = ",".join(f"{name}={value}" for name, value in map(_checked, variables.items()))
    return f"originate {{{settings}}}{dial_string.replace('{number}', dial.number)} &park()"


def set_variable(call_id: str, name: str, value: str) -> str:
    """The command that sets a variable on a channel. Raises `Unsafe`."""
    name, value = _checked((name, value))
    return f"uuid_setvar {call_id} {name} {value}"


def set_variables(call_id: str, encoded: Mapping[str, str]) -> str:
    """The command that sets several variables at once; an empty value removes one.

    The switch splits it at `;` and eats quotes and backslashes, so values must be percent-encoded. Raises `Unsafe`.
    """
    for name, value in encoded.items():
        _checked((name, ""))
        if not _ENCODED.fullmatch(value):
            raise Unsafe(f"the value of channel variable {name} must be percent-encoded")
    return f"uuid_setvar_multi {call_id} " + ";".join(f"{name}={value}" for name, value in encoded.items())


def transfer(call_id: str, destination: str) -> str:
    """The command that hands a channel to an extension: `9300`, or `9300 XML default`. Raises `Unsafe`."""
    if not _EXTENSION.fullmatch(destination):
        raise Unsafe("a transfer goes to an extension, perhaps with dialplan and context, as in `9300 XML default`")
    return f"uuid_transfer {call_id} {destination}"


def _checked(variable: tuple[str, str]) -> tuple[str, str]:
    name, value = variable
    if not _NAME.fullmatch(name):
        raise Unsafe("a channel variable's name may have letters, digits, _ and -")
    if not _VALUE.fullmatch(value):
        raise Unsafe(f"the value of channel variable {name} may have letters, digits and _.:/@+*#=~%!?- only")
    return name, value
