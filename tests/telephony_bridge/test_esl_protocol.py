"""The event socket's parsers: any split of the stream gives the same messages, any nonsense a clear error."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony_bridge.esl import encoding, framing, protocol
from telephony_bridge.esl.protocol import EslMessage, EslParser, EslProtocolError, MessageKind, UnsafeText

pytestmark = pytest.mark.unit

ANSWER = encoding.event(
    {
        "Event-Name": "CHANNEL_ANSWER",
        "Unique-ID": "3f0c",
        "Caller-Caller-ID-Name": "Иван +7 100%; a=b",
        "variable_dialed": "sofia/gateway/trunk/79990000100",
    }
)
JOB = encoding.event({"Event-Name": "BACKGROUND_JOB", "Job-UUID": "7f4d"}, "-ERR USER_BUSY\n")
STREAM = b"".join(
    (
        encoding.auth_request(),
        encoding.command_reply("+OK accepted"),
        encoding.api_response("+OK один\n\ntwo\n"),
        encoding.command_reply("+OK Job-UUID: 7f4d", {"Job-UUID": "7f4d"}),
        ANSWER,
        JOB,
        encoding.disconnect_notice(),
    )
)


def test_each_kind_of_message() -> None:
    auth, accepted, api, job, answer, done, notice = EslParser().feed(STREAM)
    assert auth == EslMessage(MessageKind.AUTH_REQUEST, {"Content-Type": "auth/request"})
    assert (accepted.kind, accepted.reply) == (MessageKind.COMMAND_REPLY, "+OK accepted")
    assert (api.kind, api.reply) == (MessageKind.API_RESPONSE, "+OK один\n\ntwo")
    assert job.headers["Job-UUID"] == "7f4d"
    assert (answer.event_name, answer.unique_id, answer.body) == ("CHANNEL_ANSWER", "3f0c", "")
    assert answer.headers["Caller-Caller-ID-Name"] == "Иван +7 100%; a=b"
    assert (done.event_name, done.body) == ("BACKGROUND_JOB", "-ERR USER_BUSY\n")
    assert (notice.kind, notice.body) == (MessageKind.DISCONNECT_NOTICE, "Disconnected, goodbye.\n")


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_any_split_gives_the_same_messages(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    parser = EslParser()
    messages = [m for a, b in pairwise(edges) for m in parser.feed(STREAM[a:b])]
    assert messages == EslParser().feed(STREAM)


def _feed_until_error(parser: EslParser | encoding.CommandParser, chunks: list[bytes]) -> None:
    try:
        for chunk in chunks:
            parser.feed(chunk)
    except EslProtocolError:
        return


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_arbitrary_bytes_raise_nothing_but_a_protocol_error(chunks: list[bytes]) -> None:
    _feed_until_error(EslParser(), chunks)
    _feed_until_error(encoding.CommandParser(), chunks)


@given(st.integers(0, len(STREAM) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_stream_raises_nothing_but_a_protocol_error(at: int, damage: bytes) -> None:
    _feed_until_error(EslParser(), [STREAM[:at] + damage + STREAM[at + len(damage) :]])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"HTTP/1.1 400 Bad Request\n\n", "not a header line"),
        (b"Reply-Text: +OK\n\n", "without Content-Type"),
        (b"Content-Type: api/response\nContent-Length: many\n\n", "not a number"),
        (b"Content-Type: api/response\nContent-Length: 5000000\n\n", "the limit is"),
        (b"Content-Length: " + b"9" * 5000 + b"\n\n", "not a number"),
        (b"a" * (framing.MAX_HEADER_BYTES + 1), "no end of headers"),
        (
            b"Content-Type: text/event-plain\nContent-Length: 34\n\nEvent-Name: A\nContent-Length: 99\n\nx",
            "announces a body",
        ),
    ],
)
def test_a_broken_stream_says_what_is_wrong(data: bytes, says: str) -> None:
    parser = EslParser()
    with pytest.raises(EslProtocolError, match=says):
        parser.feed(data)
    with pytest.raises(EslProtocolError, match=says):
        parser.feed(encoding.auth_request())


def test_an_unknown_type_is_kept_apart_and_does_not_break_the_stream() -> None:
    log, reply = EslParser().feed(b"Content-Type: log/data\nContent-Length: 3\n\nabc" + encoding.command_reply("+OK"))
    assert (log.kind, log.body) == (MessageKind.OTHER, "abc")
    assert reply.reply == "+OK"


def test_commands_reach_the_server_as_they_were_meant() -> None:
    sent = (
        protocol.auth("a secret")
        + protocol.api("uuid_break 3f0c all")
        + protocol.event_plain(["CHANNEL_ANSWER", "DTMF"], ["mod_audio_stream::connect"])
        + protocol.sendmsg_execute("3f0c", "playback", "/prompts/hello there.wav", "say-1")
        + protocol.sendevent_custom("desk::call", {"queue": "collections: late", "call-id": "u-1"})
    )
    auth, api, events, play, own = encoding.CommandParser().feed(sent)
    assert (auth.verb, auth.argument) == ("auth", "a secret")
    assert (api.verb, api.argument) == ("api", "uuid_break 3f0c all")
    assert events.argument == "plain CHANNEL_ANSWER DTMF CUSTOM mod_audio_stream::connect"
    assert (play.verb, play.argument) == ("sendmsg", "3f0c")
    assert play.headers == {
        "call-command": "execute",
        "execute-app-name": "playback",
        "execute-app-arg": "/prompts/hello there.wav",
        "event-lock": "true",
        "Event-UUID": "say-1",
    }
    assert (own.verb, own.argument) == ("sendevent", "CUSTOM")
    assert own.headers == {"Event-Subclass": "desk::call", "queue": "collections: late", "call-id": "u-1"}


@pytest.mark.parametrize("break_", ["\n", "\r", "\0", "\n\napi shutdown"])
def test_no_text_can_smuggle_in_a_second_command(break_: str) -> None:
    with pytest.raises(UnsafeText):
        protocol.api(f"status{break_}")
    with pytest.raises(UnsafeText):
        protocol.auth(f"secret{break_}")
    with pytest.raises(UnsafeText):
        protocol.event_plain([f"DTMF{break_}"])
    for hole in range(4):
        fields = ["uuid", "playback", "file", "id"]
        fields[hole] += break_
        with pytest.raises(UnsafeText):
            protocol.sendmsg_execute(*fields)
    for subclass, name, value in ((f"a{break_}", "b", "c"), ("a", f"b{break_}", "c"), ("a", "b", f"c{break_}")):
        with pytest.raises(UnsafeText):
            protocol.sendevent_custom(subclass, {name: value})


@pytest.mark.parametrize("name", ["", "Event Name", "a: b", "ключ"])
def test_a_header_must_be_a_name(name: str) -> None:
    with pytest.raises(UnsafeText):
        protocol.sendevent_custom("desk::call", {name: "x"})
