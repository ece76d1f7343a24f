"""The keys of script.yml as JSON schema, for editors that complete and check YAML while it is written.

`python -m dialogue.schema` writes dialogue/script.schema.json anew from the models that read the file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dialogue.script import Script
from dialogue.worker.checks import ARGUMENTS

SCHEMA = Path(__file__).with_name("script.schema.json")

Json = dict[str, Any]
_SLOT: Json = {"type": "string"}
_OF_CHECKS: dict[str, Json] = {
    "in_a_row": {"type": "boolean"},
    "at_question": {"type": "boolean"},
    **{key: {"type": "number"} for key in ("days", "from_days", "min", "max", "limit")},
}


def schema() -> Json:
    found = Script.model_json_schema()
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["properties"]["checks"] = {
        "type": "object",
        "description": "decisions about values; dialogue/worker/checks.py describes the kinds",
        "additionalProperties": {"anyOf": [_check(), {"type": "array", "items": _check()}]},
    }
    return found


def _check() -> Json:
    values = {"type": ["string", "number", "boolean", "null"]}
    kinds: Json = {kind: _arguments(*keys) for kind, keys in ARGUMENTS.items()}
    kinds["reset"] = {"type": "array", "items": _SLOT}
    kinds["set"] = {"type": "object", "additionalProperties": values}
    kinds["copy"] = {"type": "object", "additionalProperties": _SLOT}
    beside = dict.fromkeys(("sets", "says", "otherwise"), _SLOT)
    one_kind = [{"required": [kind]} for kind in kinds]
    return {"type": "object", "properties": {**kinds, **beside}, "additionalProperties": False, "oneOf": one_kind}


def _arguments(required: frozenset[str], optional: frozenset[str]) -> Json:
    properties = {key: _OF_CHECKS.get(key, _SLOT) for key in sorted(required | optional)}
    return {"type": "object", "properties": properties, "required": sorted(required), "additionalProperties": False}


def written(found: Json) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(written(schema()), encoding="utf-8")
