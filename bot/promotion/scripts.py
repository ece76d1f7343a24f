"""What the scripts need of a model of meaning: the intents their rules wait for, and the languages they speak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from dialogue.script import load_script
from nlu.inventory import Intent


def needed_intents(folders: Iterable[Path]) -> frozenset[Intent]:
    """Of all scripts in these folders and of what they share; signals of the call itself are no intents of a model."""
    rules = [path for scripts in folders for path in sorted(scripts.glob("*/rules.yml"))]
    named = {name for path in rules for name in _intents(YAML(typ="safe").load(path))}
    return frozenset(intent for intent in Intent if intent.value in named)


def languages(folders: Iterable[Path]) -> frozenset[str]:
    """Raises `ScriptError`."""
    scripts = [path.parent for folder in folders for path in folder.glob("*/script.yml")]
    return frozenset(language for script in scripts for language in load_script(script).languages)


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
