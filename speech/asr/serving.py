"""The inside of a process that recognises; `speech.asr.processes` starts it and is at the other end of its connection.

The first message is the function that loads the engine, answered with a `Described`. After that each is a `Request`,
answered in order with what the call returned, or with the error it raised. The process ends with its connection.
"""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from typing import Any

from speech.asr.port import Hints, Recogniser, RecognitionError, RecognitionStream, StreamClosed
from speech.asr.warming import warm_up
from speech.audio import AudioFormat, Frame


class Call(Enum):
    """What is asked of the engine, or of one of its streams."""

    OPEN = auto()
    ACCEPT = auto()
    PREVIEW = auto()
    FINALISE = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class Request:
    """`stream` is the number under which it was opened; `given` the hints to open with, or the frame to accept."""

    call: Call
    stream: int
    given: Hints | Frame | None = None


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Have ready what utterances with these hints need."""

    hints: Hints


@dataclass(frozen=True, slots=True)
class Described:
    """What an engine says of itself (`speech.asr.port.Recogniser`)."""

    name: str
    version: str
    languages: tuple[str, ...]
    format: AudioFormat


def serve(connection: Connection) -> None:
    """Load the engine, then carry out requests until the other end is closed."""
    try:
        load: Callable[[], Recogniser] = connection.recv()
        try:
            recogniser = load()
            connection.send(Described(recogniser.name, recogniser.version, recogniser.languages, recogniser.format))
        except Exception as error:  # whatever an engine raises belongs to who asked for it
            connection.send(_portable(error))
            return
        streams: dict[int, RecognitionStream] = {}
        while True:
            request = connection.recv()
            try:
                connection.send(_carry_out(request, recogniser, streams))
            except Exception as error:  # the same
                connection.send(_portable(error))
    except (EOFError, ConnectionError):
        return


def _carry_out(request: Request | WarmUp, recogniser: Recogniser, streams: dict[int, RecognitionStream]) -> Any:
    match request:
        case WarmUp(hints):
            warm_up(recogniser, hints)
            return None
        case Request(Call.OPEN, number, Hints() as hints):
            streams[number] = recogniser.open(hints)
            return None
        case Request(Call.CLOSE, number):
            if number in streams:
                streams.pop(number).close()
            return None
    stream = streams.get(request.stream)
    if stream is None:
        raise StreamClosed("this utterance is over; open another stream")
    match request:
        case Request(Call.ACCEPT, _, Frame() as frame):
            return stream.accept(frame)
        case Request(Call.PREVIEW):
            return stream.preview()
        case Request(Call.FINALISE, number):
            return streams.pop(number).finalise()
    raise ValueError(f"not a request: {request}")


def _portable(error: Exception) -> Exception:
    """The error itself where it outlives the way to the other process, else one with its words."""
    try:
        return pickle.loads(pickle.dumps(error))  # type: ignore[no-any-return]
    except Exception:  # a class whose arguments are not those it was made with
        return RecognitionError(f"{type(error).__name__}: {error}")


def main() -> None:
    """The whole of such a process; its argument is the number of the connection's file descriptor."""
    for stop in (signal.SIGINT, signal.SIGTERM):  # which reach the whole group; calls are ended by who holds them
        signal.signal(stop, signal.SIG_IGN)
    serve(Connection(int(sys.argv[1])))
