"""Rasa's `nlu.yml`: intents with examples in which entities are marked, `on [Friday]{"entity": "date"}`.

What our rows have beyond Rasa's format (sentiment, template, split) travels as each example's metadata.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import LiteralScalarString

from nlu import corpus
from nlu.corpus import CorpusError

VERSION = "3.1"
_MARKED = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<type>[^:)]+?)(?::(?P<value>[^)]+))?\)|(?P<one>\{[^}]+?\})|\[(?P<several>\{.*?\})\])"
)
_OBJECT = re.compile(r"\{[^}]+?\}")


@dataclass(frozen=True, slots=True)
class Example:
    """One example; its entities as our rows have them, `metadata` that of the intent and of the example together."""

    place: str
    text: str
    intent: str
    entities: tuple[Mapping[str, Any], ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


def read(path: Path) -> Iterator[Example | CorpusError]:
    """The examples of every intent; synonyms, lookups and regexes are left out. Raises `CorpusError`."""
    try:
        root = YAML(typ="safe", pure=True).compose(io.StringIO(corpus.text_of(path)))
    except (YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise CorpusError(f"{place}: not YAML ({problem}); mend the line") from None
    items = _mapping(root).get("nlu")
    if not isinstance(items, SequenceNode):
        raise CorpusError(f"{path}: no list under 'nlu:'; this is not Rasa's training data")
    for item in items.value:
        yield from _intent(item, path)


def marked(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """The text with its entities marked. Raises `ValueError` where Rasa's markup cannot say it."""
    if _MARKED.search(text):
        raise ValueError("the text itself looks like Rasa's markup")
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("the text holds a control character")
    spans: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    for entity in entities:
        spans.setdefault(_span(text, str(entity["text"]), spans), []).append(entity)
    for (start, end), found in sorted(spans.items(), reverse=True):
        objects = [json.dumps(_as_rasa(entity), ensure_ascii=False) for entity in found]
        mark = objects[0] if len(objects) == 1 else f"[{', '.join(objects)}]"
        text = f"{text[:start]}[{text[start:end]}]{mark}{text[end:]}"
    return text


def write(examples: Iterable[Example]) -> str:
    """The file's text; intents in the order of their first example. Raises `CorpusError`."""
    intents: dict[str, list[dict[str, Any]]] = {}
    for example in examples:
        try:
            text = marked(example.text, example.entities)
        except ValueError as error:
            raise CorpusError(f"{example.place}: Rasa YAML cannot hold it: {error}; export CSV or JSONL") from None
        entry = {"text": LiteralScalarString(text + "\n"), "metadata": dict(example.metadata)}
        intents.setdefault(example.intent, []).append(entry)
    yaml = YAML()
    yaml.width = 4096  # an utterance stays on its line
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    nlu = [{"intent": intent, "examples": found} for intent, found in intents.items()]
    yaml.dump({"version": VERSION, "nlu": nlu}, out)
    return out.getvalue()


def _intent(item: Node, path: Path) -> Iterator[Example | CorpusError]:
    fields = _mapping(item)
    if "intent" not in fields:
        return
    intent, examples = str(fields["intent"].value), fields.get("examples")
    shared = _metadata(fields.get("metadata"))
    if isinstance(examples, ScalarNode):
        yield from _lines(examples, intent, shared, path)
    elif isinstance(examples, SequenceNode):
        for entry in examples.value:
            known = _mapping(entry)
            place = f"{path}:{entry.start_mark.line + 1}"
            if isinstance(known.get("text"), ScalarNode):
                own = _metadata(known.get("metadata"))
                yield _example(str(known["text"].value).strip().removeprefix("- "), intent, {**shared, **own}, place)
            else:
                yield CorpusError(f"{place}: an example needs 'text'")
    else:
        yield CorpusError(f"{path}:{item.start_mark.line + 1}: intent {intent} has no examples; give some or remove it")


def _lines(node: ScalarNode, intent: str, metadata: Mapping[str, Any], path: Path) -> Iterator[Example | CorpusError]:
    first = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
    for number, line in enumerate(str(node.value).split("\n"), start=first):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        place = f"{path}:{number}"
        if not line.lstrip().startswith("-"):
            yield CorpusError(f"{place}: an example begins with '- '; this line does not")
            continue
        yield _example(line.lstrip().removeprefix("-").strip(), intent, metadata, place)


def _example(text: str, intent: str, metadata: Mapping[str, Any], place: str) -> Example | CorpusError:
    entities: list[Mapping[str, Any]] = []
    for mark in _MARKED.finditer(text):
        try:
            entities += _entities(mark)
        except (ValueError, KeyError):
            return CorpusError(f'{place}: {mark[0]!r} is no entity; write [words]{{"entity": "date", "value": "..."}}')
    return Example(place, _MARKED.sub(lambda mark: mark["text"], text), intent, tuple(entities), metadata)


def _entities(mark: re.Match[str]) -> Iterator[Mapping[str, Any]]:
    text = mark["text"]
    if mark["type"]:
        yield {"type": mark["type"], "value": mark["value"] or text, "text": text}
        return
    for written in _OBJECT.findall(mark["one"] or mark["several"]):
        known = json.loads(written)
        kind, value = known.pop("entity"), known.pop("value", text)
        yield {"type": kind, "value": value, "text": text, **known}


def _as_rasa(entity: Mapping[str, Any]) -> dict[str, Any]:
    more = {key: value for key, value in entity.items() if key not in ("type", "value", "text")}
    return {"entity": entity["type"], "value": entity["value"], **more}


def _span(text: str, words: str, taken: Collection[tuple[int, int]]) -> tuple[int, int]:
    """Where the words stand: the first place that is free, or the very place of another entity on the same words."""
    places = [found.span() for found in re.finditer(re.escape(words), text)]
    for start, end in places:
        if all(end <= first or last <= start for first, last in taken):
            return start, end
    for place in places:
        if place in taken:
            return place
    raise ValueError(f"the entity {words!r} is not in the text, or overlaps another")


def _mapping(node: Node | None) -> dict[str, Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, MappingNode) else {}


def _metadata(node: Node | None) -> dict[str, Any]:
    return {
        name: None if str(value.tag).endswith(":null") else value.value
        for name, value in _mapping(node).items()
        if isinstance(value, ScalarNode)
    }
