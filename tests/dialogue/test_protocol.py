"""Both sides hold to one description: protocol.py, and the JSON schema made from it that the worker reads."""

from __future__ import annotations

import json

import pytest

from dialogue.protocol import ProblemCode, Replied, Start, Turn, schema
from dialogue.worker.problems import STATUS, Code, DialogueProblem
from dialogue.worker.wire import SCHEMA, parse, render

pytestmark = pytest.mark.unit

TURN = {"turn": 1, "source": "speech", "intent": "affirm"}
START = {"conversation": "c", "script": "errand", "language": "en", "day": "2030-05-01"}


def test_the_schema_in_the_repository_is_current() -> None:
    assert json.loads(SCHEMA.read_text()) == schema(), "run `python -m dialogue.protocol > dialogue/protocol.v1.json`"


def test_the_worker_knows_every_problem_code_and_its_status() -> None:
    assert {code.value for code in Code} == {code.value for code in ProblemCode}
    assert set(STATUS) == set(Code)


def test_what_the_platform_sends_is_accepted() -> None:
    start = Start.model_validate({**START, "slots": {"amount": 12.5, "name": None}})
    assert parse(start.model_dump_json().encode(), "Start")["slots"] == {"amount": 12.5, "name": None}
    turn = Turn.model_validate({**TURN, "entities": [{"type": "date", "value": "2030-05-03"}]})
    assert parse(turn.model_dump_json().encode(), "Turn")["entities"][0]["value"] == "2030-05-03"


def test_what_the_worker_sends_is_understood() -> None:
    steps = [
        {"kind": "say", "prompt": "utter_due", "variation": 1, "slots": {"amount": 12, "paid": None}},
        {"kind": "outcome", "outcome": "promised"},
        {"kind": "transfer", "queue": "collections"},
        {"kind": "hang_up"},
    ]
    answer = {"protocol": 1, "turn": 1, "reply": {"steps": steps, "state": None, "slots": {"n": 1.0}}}
    replied = Replied.model_validate_json(render(answer, "Replied"))
    assert [step.kind for step in replied.reply.steps] == ["say", "outcome", "transfer", "hang_up"]


@pytest.mark.parametrize(
    ("message", "body", "told"),
    [
        ("Turn", b"{", "not JSON"),
        ("Turn", b"\xff", "not JSON"),
        ("Turn", b"[]", "does not satisfy type object"),
        ("Turn", json.dumps({**TURN, "turn": 0}).encode(), "Turn.turn: does not satisfy minimum 1"),
        ("Turn", json.dumps({**TURN, "text": "secret"}).encode(), "has a key that the protocol does not know"),
        ("Turn", json.dumps({**TURN, "entities": [{"type": "date"}]}).encode(), "value is missing"),
        ("Turn", json.dumps({**TURN, "source": "secret"}).encode(), "Turn.source"),
        ("Turn", json.dumps({**TURN, "protocol": 2}).encode(), "Turn.protocol: does not satisfy const 1"),
        ("Start", json.dumps({**START, "day": "secret"}).encode(), "Start.day: does not satisfy format date"),
        ("Start", json.dumps({**START, "slots": {"a": ["secret"]}}).encode(), "Start.slots.a"),
    ],
)
def test_a_malformed_request_is_told_without_its_content(message: str, body: bytes, told: str) -> None:
    with pytest.raises(DialogueProblem) as caught:
        parse(body, message)
    assert caught.value.code is Code.BAD_REQUEST
    assert told in caught.value.message
    assert "secret" not in caught.value.message


def test_an_answer_that_breaks_the_protocol_is_the_workers_fault() -> None:
    with pytest.raises(DialogueProblem) as caught:
        render({"protocol": 1, "turn": 1, "reply": {"steps": [{"kind": "sing"}]}}, "Replied")
    assert caught.value.code is Code.INTERNAL
