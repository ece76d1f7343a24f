"""The event socket's parsers: any cut of any stream gives the same messages, any nonsense a clear error."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from hypothesis import example, given
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


def _cut(stream: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[a:b] for a, b in pairwise(edges)]


def _outcome(
    parser: EslParser | encoding.CommandParser, chunks: list[bytes]
) -> tuple[list[EslMessage | encoding.EslCommand], str | None]:
    """What comes of a stream: its messages, and what is wrong after them. Any other error is the test's failure."""
    messages: list[EslMessage | encoding.EslCommand] = []
    try:
        for chunk in chunks:
            for message in parser.feed(chunk):
                messages.append(message)
    except EslProtocolError as error:
        return messages, str(error)
    return messages, None


LIMIT = 400
PIECES = st.one_of(
    st.sampled_from((b"\n", b"\n\n", b"\r\n", b": ", b"3", b"Content-Length: ", b"Content-Length: 5\n", b"a" * 150)),
    st.sampled_from((b"Content-Type: text/event-plain\n", b"Content-Type: api/response\n", b"Event-Name: A%C3\n\n")),
    st.sampled_from((ANSWER, JOB, encoding.auth_request(), protocol.api("status"))),
    st.binary(max_size=20),
)
STREAMS = st.one_of(
    st.lists(PIECES, max_size=12).map(b"".join),
    st.builds(
        lambda at, damage: STREAM[:at] + damage + STREAM[at + len(damage) :],
        st.integers(0, len(STREAM)),
        st.binary(max_size=4),
    ),
)
CUTS = st.lists(st.integers(0, len(STREAM)), max_size=30)


@pytest.mark.parametrize("parser", [EslParser, encoding.CommandParser])
@given(stream=STREAMS, cuts=CUTS)
def test_any_stream_cut_anyhow_gives_the_same_messages_and_the_same_error(
    parser: type[EslParser | encoding.CommandParser], stream: bytes, cuts: list[int]
) -> None:
    whole = _outcome(parser(LIMIT, LIMIT), [stream])
    assert _outcome(parser(LIMIT, LIMIT), _cut(stream, cuts)) == whole


GREEDY = st.sampled_from((b"a" * 70, b"\n", b"\n\n", b"Content-Length: 90\n", b"Content-Length: 999\n"))


@given(st.lists(GREEDY, max_size=12).map(b"".join))
def test_no_stream_is_kept_beyond_the_limits(stream: bytes) -> None:
    """What came since the last block is what must be kept, but for blank lines before the next."""
    reader, kept = framing.BlockReader(lambda block: block, 100, 100), b""
    with contextlib.suppress(EslProtocolError):
        for byte in stream:
            kept += bytes([byte])
            if list(reader.feed(kept[-1:])):
                kept = b""
            assert len(kept.lstrip(b"\n")) <= 100 + len(b"\n\n") + 100


def test_headers_of_just_the_limit_are_taken_however_they_are_cut() -> None:
    stream = encoding.command_reply("+OK")
    limit = len(stream) - len(b"\n\n")
    for cut in range(len(stream)):
        assert len(_outcome(EslParser(limit), _cut(stream, [cut]))[0]) == 1
        assert _outcome(EslParser(limit - 1), _cut(stream, [cut])) == (
            [],
            f"no end of headers within {limit - 1} bytes",
        )


@given(st.dictionaries(st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True), st.text(), min_size=1), st.text())
def test_an_event_arrives_as_it_was_sent(headers: dict[str, str], body: str) -> None:
    (event,) = EslParser().feed(encoding.event(headers, body))
    assert (dict(event.headers) | headers, event.body) == (dict(event.headers), body)


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
        list(parser.feed(data))
    with pytest.raises(EslProtocolError, match=says):
        list(parser.feed(encoding.auth_request()))


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


@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=4, max_size=4))
@example(["u-1", "playback", "/prompts/\ud800.wav", "say-1"])
def test_any_text_is_one_command_as_it_stands_or_refused(texts: list[str]) -> None:
    uuid, application, argument, event_uuid = texts
    try:
        sent = protocol.sendmsg_execute(uuid, application, argument, event_uuid)
    except UnsafeText:
        return
    (command,) = encoding.CommandParser().feed(sent)
    assert command.argument == uuid
    assert command.headers["execute-app-name"] == application.strip(" ")
    assert command.headers["execute-app-arg"] == argument.strip(" ")
    assert command.headers["Event-UUID"] == event_uuid.strip(" ")


@pytest.mark.parametrize("name", ["", "Event Name", "a: b", "ключ"])
def test_a_header_must_be_a_name(name: str) -> None:
    with pytest.raises(UnsafeText):
        protocol.sendevent_custom("desk::call", {name: "x"})
