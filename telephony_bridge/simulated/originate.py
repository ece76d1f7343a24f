"""Reading an `originate` command as FreeSWITCH does: variables in braces, an endpoint, an application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

USAGE = "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>]\n"
DEFAULT_TIMEOUT_S = 60.0


class OriginateRefused(Exception):
    """The command cannot be carried out; `reply` is what the client is told."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply.strip())
        self.reply = reply


class Route(StrEnum):
    """What kind of endpoint was dialled."""

    GATEWAY = "gateway"
    PROFILE = "profile"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Originate:
    """What to dial, and how long to wait for it."""

    number: str
    route: Route
    gateway: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = DEFAULT_TIMEOUT_S
    progress_timeout_s: float | None = None
    ignore_early_media: bool = False


def parse_originate(argument: str) -> Originate:
    """Read what follows the word `originate`. Raises `OriginateRefused`."""
    text = argument.strip()
    variables: dict[str, str] = {}
    if text.startswith("{"):
        end = _closing_brace(text)
        variables = parse_variables(text[1:end])
        text = text[end + 1 :].strip()
    endpoint, _, application = text.partition(" ")
    if not endpoint or not application:
        raise OriginateRefused(USAGE)
    if application.strip() not in {"&park()", "&park"}:
        raise OriginateRefused("-ERR the simulated switch only parks a call: end originate with &park()\n")
    route, gateway, number = _endpoint(endpoint)
    progress = variables.get("progress_timeout")
    return Originate(
        number=number,
        route=route,
        gateway=gateway,
        variables=variables,
        timeout_s=_seconds(variables.get("originate_timeout"), DEFAULT_TIMEOUT_S),
        progress_timeout_s=None if progress is None else _seconds(progress, DEFAULT_TIMEOUT_S),
        ignore_early_media=variables.get("ignore_early_media", "false").lower() in {"true", "yes", "on", "1"},
    )


def parse_variables(text: str) -> dict[str, str]:
    """`a=b,c='d, e'` as a mapping: a comma inside single quotes or after a backslash does not separate."""
    return dict(_pair(part) for part in _split_quoted(text, ",") if part.strip())


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.strip().partition("=")
    return name.strip(), value


def _split_quoted(text: str, separator: str) -> list[str]:
    parts, current, quoted, escaped = [], "", False, False
    for character in text:
        if escaped:
            current += character if character in (separator, "'", "\\") else "\\" + character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "'":
            quoted = not quoted
        elif character == separator and not quoted:
            parts.append(current)
            current = ""
        else:
            current += character
    return [*parts, current]


def _closing_brace(text: str) -> int:
    """Where the variables end. Braces are counted, whether quoted or not, as FreeSWITCH does."""
    depth = 0
    for index, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return index
    raise OriginateRefused(USAGE)


def _endpoint(endpoint: str) -> tuple[Route, str, str]:
    parts = endpoint.split("/")
    if parts[0] == "user" and len(parts) == 2:
        return Route.USER, "", parts[1]
    if parts[:2] == ["sofia", "gateway"] and len(parts) == 4 and parts[3]:
        return Route.GATEWAY, parts[2], parts[3]
    if parts[0] == "sofia" and len(parts) == 3 and parts[1] != "gateway" and parts[2]:
        return Route.PROFILE, "", parts[2].partition("@")[0]
    raise OriginateRefused("-ERR CHAN_NOT_IMPLEMENTED\n")


def _seconds(text: str | None, otherwise: float) -> float:
    return float(text) if text is not None and text.isascii() and text.isdigit() else otherwise
