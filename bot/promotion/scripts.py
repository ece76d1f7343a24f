"""What the scripts need of a model of meaning: the intents their rules wait for, and the languages they speak."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from dialogue.script import load_script
from nlu.inventory import Intent


def needed_intents(scripts: Path) -> frozenset[Intent]:
    """Of all scripts in a folder and of what they share; signals of the call itself are no intents of a model."""
    named = {name for path in sorted(scripts.glob("*/rules.yml")) for name in _intents(YAML(typ="safe").load(path))}
    return frozenset(intent for intent in Intent if intent.value in named)


def languages(scripts: Path) -> frozenset[str]:
    """Raises `ScriptError`."""
    return frozenset(
        language for path in scripts.glob("*/script.yml") for language in load_script(path.parent).languages
    )


def _intents(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "intent" and isinstance(value, str):
                yield value
            else:
                yield from _intents(value)
    elif isinstance(node, list):
        for item in node:
            yield from _intents(item)
