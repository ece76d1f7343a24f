"""JSON in and out, held to protocol.v1.json by validators compiled once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from dialogue.worker.problems import Code, DialogueProblem

SCHEMA = Path(__file__).parent.parent / "protocol.v1.json"


@cache
def _validator(message: str) -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    schema["$ref"] = f"#/$defs/{message}"
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))


def parse(body: bytes, message: str) -> dict[str, Any]:
    """The request as a dict; BAD_REQUEST names the place and the rule, never the value."""
    try:
        data = json.loads(body)
    except ValueError:
        raise DialogueProblem(Code.BAD_REQUEST, "the body is not JSON") from None
    error = next(_validator(message).iter_errors(data), None)
    if error is not None:
        raise DialogueProblem(Code.BAD_REQUEST, _told(message, error))
    return dict(data)


def _told(message: str, error: jsonschema.ValidationError) -> str:
    if error.validator == "required":  # its text holds the missing key and nothing that was sent
        lacking = [key for key in error.validator_value if key not in error.instance]
        return f"{message}: {', '.join(lacking)} is missing"
    place = ".".join(str(part) for part in error.absolute_path if not isinstance(part, str) or part.isidentifier())
    if error.validator == "additionalProperties":
        return f"{message}{'.' if place else ''}{place}: has a key that the protocol does not know"
    rule = error.validator_value if isinstance(error.validator_value, (str, int)) else ""
    return f"{message}.{place}: does not satisfy {error.validator} {rule}".rstrip()


def render(data: dict[str, Any], message: str) -> bytes:
    """The answer as JSON. An answer that breaks the protocol is the worker's own fault: INTERNAL."""
    error = next(_validator(message).iter_errors(data), None)
    if error is not None:
        raise DialogueProblem(Code.INTERNAL, f"the answer breaks the protocol: {_told(message, error)}")
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
