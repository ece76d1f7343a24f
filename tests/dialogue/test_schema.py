"""The JSON schema of script.yml is that of the models which read it, and editors find it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dialogue.schema import SCHEMA, schema, written
from dialogue.worker.source import plain, read
from tests.dialogue.walks import NAMES, SCRIPTS, SURVEY

pytestmark = pytest.mark.unit


def faults(data: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(data)]


def test_the_file_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == written(schema()), "run python -m dialogue.schema"


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*/script.yml")), ids=lambda path: path.parent.name)
def test_what_is_shipped_fits_it_and_names_it(path: Path) -> None:
    assert path.parent.name in NAMES
    assert faults(plain(read(path).data)) == []
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() == SCHEMA.resolve()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("purpose", "fun"),
        ("titel", "misspelt"),
        ("limits", {"call_seconds": 5}),
        ("contact", {"name": {"type": "word", "example": "x"}}),
        ("answered_by", {"machines": "hang_up"}),
        ("checks", {"action_x": {"compare": {"given": "a"}}}),
        ("checks", {"action_x": {"reset": "a"}}),
        ("checks", {"action_x": {"compares": {}}}),
    ],
)
def test_a_slip_does_not_fit(key: str, value: Any) -> None:
    data = plain(read(SCRIPTS / SURVEY / "script.yml").data)
    assert faults({**data, key: value})
