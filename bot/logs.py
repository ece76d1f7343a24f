"""Logs of the product: one JSON object a line on the error stream. Never a customer's words or number in them.

A log call names what happened in a fixed sentence and adds values under the keys of `SAFE` only. An exception is a
value like any other (`error=error`); of it the log gets its type and the places in our code it came through, for its
text may quote anything. Libraries that log by themselves are held to the same.
"""

from __future__ import annotations

import errno
import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from enum import Enum
from pathlib import Path
from typing import Any

import structlog

SAFE = {
    "call": "id of a call, ours",
    "call_id": "the same, in the bridge",
    "called": "number of ours that a customer called, as the dialplan names it",
    "command": "name of a switch's command, without what it is about",
    "dropped": "keys of a log call that are not on this list",
    "error": "an exception: its type and where it was raised",
    "event": "the sentence of the log call",
    "event_name": "name of a switch's event",
    "exit_code": "of a process of ours",
    "fault": "a closed vocabulary's member",
    "head": "name of one of the parts of the model of meaning",
    "host": "where a service of ours listens",
    "iterations": "steps of a training",
    "kind": "a closed vocabulary's member",
    "late_ms": "how late the event loop runs",
    "level": "of the log call",
    "library": "name of a library's logger",
    "place": "file and line of a log call",
    "pointer": "which place in service a model of meaning has: live or shadow",
    "port": "where a service of ours listens",
    "queue": "name of a queue, from a script",
    "rate": "samples a second",
    "reason": "a closed vocabulary's member",
    "remedy": "a fixed sentence",
    "timestamp": "of the log call",
    "training_accuracy": "of a model",
    "validation_score": "of a model",
    "version": "name of a model of meaning or of a published script, a hash",
    "why": "a fixed sentence",
    "within_s": "a limit",
    "worker": "number of a dialogue worker",
}
"""Every key a log line may have, and what is under it. None of it is personal data."""

ROOMS = frozenset({"bot", "dialogue", "nlu", "speech", "telephony_bridge"})
_HOUSE = Path(__file__).parent.parent
_CAUSES = 4
"""So many of the errors behind an error are told."""


class UnsafeLog(Exception):
    """A log call has a key that is not known to be safe."""


def configure_logs(level: int = logging.WARNING, *, strict: bool = False) -> None:
    """Warnings and errors by default: what a person sees on the terminal is the talk, not the log.

    What is not known to be safe is dropped; `strict`, as in tests, raises `UnsafeLog` instead.
    """

    def keep_safe(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return safe(line, strict=strict)

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            keep_safe,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    root = logging.getLogger()
    if not any(isinstance(handler, OfLibraries) for handler in root.handlers):
        root.addHandler(OfLibraries(logging.WARNING))


def quieten_logs() -> None:
    """For a command that brings faults about and tells of them itself."""
    configure_logs(logging.CRITICAL)


def safe(line: MutableMapping[str, Any], *, strict: bool) -> dict[str, Any]:
    """The line as it may be written."""
    kept = {key: _value(value) for key, value in line.items() if key in SAFE}
    unknown = sorted(set(line) - set(SAFE))
    if unknown and strict:
        raise UnsafeLog(
            f"the log call {line.get('event')!r} has {', '.join(unknown)}: what holds no personal data is listed in "
            "bot/logs.py, with why; an exception goes under `error`"
        )
    return {**kept, "dropped": ", ".join(unknown)} if unknown else kept


class OfLibraries(logging.Handler):
    """What a library logs through Python's own logging: who and where, not what, for it may quote anything."""

    def emit(self, record: logging.LogRecord) -> None:
        line: dict[str, Any] = {"library": record.name, "place": f"{Path(record.pathname).name}:{record.lineno}"}
        if record.exc_info is not None and record.exc_info[1] is not None:
            line["error"] = record.exc_info[1]
        structlog.get_logger(__name__).log(record.levelno, "a library complains", **line)


def _value(value: Any) -> str | int | float | None:
    if isinstance(value, BaseException):
        return " after ".join(described(value))
    if isinstance(value, Enum):
        return str(value.value)
    return value if isinstance(value, str | int | float | None) else type(value).__name__


def described(error: BaseException) -> Iterator[str]:
    """The error, then those behind it: type and place each, and of the system's errors their symbol."""
    behind: BaseException | None = error
    for _ in range(_CAUSES):
        if behind is None:
            return
        symbol = errno.errorcode.get(behind.errno or 0) if isinstance(behind, OSError) else None
        places = [place for place in map(_place, traceback.extract_tb(behind.__traceback__)) if place]
        name = type(behind).__name__ + (f" {symbol}" if symbol else "")
        yield f"{name} at {' > '.join(places)}" if places else name
        behind = behind.__cause__ or behind.__context__


def _place(frame: traceback.FrameSummary) -> str | None:
    """File and line in our own code; None in a library's."""
    path = Path(frame.filename)
    if not path.is_relative_to(_HOUSE) or (inside := path.relative_to(_HOUSE)).parts[0] not in ROOMS:
        return None
    return f"{inside.as_posix()}:{frame.lineno}"
