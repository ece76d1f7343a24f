"""What a picture of a script shows: boxes, edges, and the rules that are listed beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dialogue.prompts import PromptCatalogue
from dialogue.script import Script

ANYWHERE = "at any question"


class Kind(StrEnum):
    START = "start"
    QUESTION = "question"
    CHECK = "check"  # what it finds decides which rule goes on
    SAYS = "says"
    BACK = "back"  # stands for a question or a check that is drawn elsewhere
    HANGS_UP = "hangs_up"
    HANDS_OVER = "hands_over"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A prompt's first variation."""

    prompt: str
    text: str
    legal: bool


@dataclass(eq=False)
class Box:
    """`title` says what it is, `closing` what comes of it; `depth` counts the steps from the beginning.

    What calls add: `fill`, a CSS colour in place of the kind's, and `note`, a line below the words.
    """

    kind: Kind
    depth: int
    title: str = ""
    sentences: tuple[Sentence, ...] = ()
    closing: str = ""
    fill: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One step further into the call. `labels`: what the customer says, or what a check finds; any of them.

    `rules`: the titles of those that it stands for; none where it only leads on from its box.
    """

    source: Box
    target: Box
    labels: list[str]
    rules: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule that is not drawn: when it holds, its title, what the bot says, and what comes of it."""

    when: str
    title: str
    sentences: tuple[Sentence, ...]
    closing: str


@dataclass
class Fills:
    """What the colours say that calls gave to boxes: each CSS colour with its meaning."""

    title: str
    meanings: list[tuple[str, str]]


@dataclass
class Chart:
    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    fills: Fills | None = None

    def sentences(self) -> list[Sentence]:
        """All that is said, in the order of the picture."""
        shown = [box.sentences for box in self.boxes] + [one.sentences for one in self.listed]
        return list(dict.fromkeys(sentence for said in shown for sentence in said))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the picture: each prompt by name, in one language, and the titles of the queues."""

    sentences: Mapping[str, Sentence]
    queues: Mapping[str, str]

    @classmethod
    def of(cls, catalogue: PromptCatalogue, script: Script, language: str) -> Words:
        first = [one for one in catalogue.prompts() if one.language == language and one.variation == 0]
        return cls({one.name: Sentence(one.name, one.text, one.legal) for one in first}, script.queues)
