"""What the builder wrote beside a model (build.manifest_of), read back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dialogue.worker.checks import SlotType
from dialogue.worker.problems import Code, DialogueProblem

Json = dict[str, Any]
MANIFEST_FORMAT = 1
_MONEY = re.compile(r"\d+(\.\d+)? [A-Z]{3}")  # 1250.00 USD: the currency as in ISO 4217


@dataclass(frozen=True)
class Manifest:
    script: str
    version: str
    languages: tuple[str, ...]
    contact: Json
    intents: frozenset[str]
    entities: frozenset[str]
    slots: Json
    prompts: Json
    commands: Json
    checks: Json

    @property
    def slot_types(self) -> dict[str, SlotType]:
        return {name: SlotType(slot["type"], slot["initial"]) for name, slot in self.slots.items()}

    def learnt(self, name: str) -> bool:
        return name in self.slots and bool(self.slots[name]["learnt"])


def read_manifest(path: Path) -> Manifest:
    data = json.loads(path.read_text(encoding="utf-8"))
    if data.pop("format") != MANIFEST_FORMAT:
        raise DialogueProblem(Code.INTERNAL, f"{path.name} was built by another version: build the scripts again")
    for known_to_the_model in ("rules", "stories"):  # older manifests do not name them
        data.pop(known_to_the_model, None)
    for key in ("intents", "entities"):
        data[key] = frozenset(data[key])
    return Manifest(**{**data, "languages": tuple(data["languages"])})


def check_contact(manifest: Manifest, slots: Json) -> None:
    """Raise for a contact field that is unknown, missing or not of its type."""
    for name in slots:
        if name not in manifest.contact:
            raise DialogueProblem(Code.UNKNOWN_SLOT, f"the script {manifest.script} has no contact field `{name}`")
    for name, field in manifest.contact.items():
        value = slots.get(name)
        if value is None:
            if field["required"]:
                raise DialogueProblem(Code.MISSING_SLOT, f"the script {manifest.script} needs the field `{name}`")
        elif not _fits(field["type"], field["length"], value):
            wanted = f"{field['length']} digits" if field["length"] else f"a {field['type']}"
            raise DialogueProblem(Code.BAD_REQUEST, f"the contact field `{name}` is not {wanted}")


def _fits(kind: str, length: int | None, value: Any) -> bool:
    if kind == "bool" or isinstance(value, bool):
        return kind == "bool" and isinstance(value, bool)
    if kind in {"amount", "number"}:
        return _parses(float, value)
    if not isinstance(value, str):
        return False
    if kind == "date":
        return _parses(date.fromisoformat, value)
    if kind == "digits":
        return value.isascii() and value.isdigit() and length in {None, len(value)}
    return kind != "money" or _MONEY.fullmatch(value) is not None


def _parses(read: Callable[[Any], Any], value: Any) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
