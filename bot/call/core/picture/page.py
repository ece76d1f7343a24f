"""The page around the picture: the phases, every edge with the files that decide it, and what each file decides."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.call import core
from bot.call.core.picture.exploration import Edge, Node

CORE = Path(core.__file__).parent
NO_POLICY = {"__init__", "commands", "events", "state", "step", "steps"}
"""Files of the core that hold its words and the way in, and decide nothing."""

COMMAND = "python -m bot.call.core.picture"

MEANINGS = {
    Node.RINGING: "nobody has answered yet",
    Node.SPEAKING: "a prompt is on the line",
    Node.LISTENING: "it is the customer's turn",
    Node.PAUSED: "listening, with a prompt that the customer's voice has stopped",
    Node.THINKING: "recogniser or mind are at work",
    Node.AT_MACHINE: "speaking or listening, while a machine has the word",
    Node.APOLOGISING: "speaking for the last time, because something broke or the call took too long",
    Node.OUT_OF_REACH: "the switch cannot be commanded",
    Node.HANDING_OVER: "in a queue of the switch",
    Node.LEAVING: "the hang-up is under way",
    Node.ENDED: "nothing changes any more",
}


def markdown(edges: Sequence[Edge], picture: str) -> str:
    """The page; `picture` is the file name of the picture beside it."""
    return "\n".join(_lines(edges, picture)) + "\n"


def _lines(edges: Sequence[Edge], picture: str) -> Iterator[str]:
    yield from (
        f"<!-- Written by `{COMMAND}` from bot/call/core/. Change the code, then run it again. -->",
        "# Turn-taking, from the code",
        "",
        f"![The states of the turn-taking core and what leads from one to another]({picture})",
        "",
        "The picture and the tables come from walking the core: `step` is given one example of everything that can",
        "happen, in one state of every kind that the walk reaches. The picture leaves out what changes no state.",
        "",
        "| state | meaning |",
        "|---|---|",
        *(f"| {_name(node)} | {meaning} |" for node, meaning in MEANINGS.items()),
        "",
        "## Every edge",
        "",
        "An event is written in CamelCase, with its kind; a timer that has run out as `timer` and its name. Commands",
        "about timers and the recogniser's grammar are left out; those in brackets are given in some cases only. The",
        "files are those of `bot/call/core/`: the one that `step.py` asks, and the one that settles it where it is",
        "another.",
        "",
    )
    for node in Node:
        if here := [edge for edge in edges if edge.source is node]:
            yield from (
                f"### {_name(node)}",
                "",
                "| what happens | what it does | then | decided in |",
                "|---|---|---|---|",
            )
            yield from _rows(here)
            yield ""
    yield from ("## What each file decides", "", *_policies())


def _rows(edges: Iterable[Edge]) -> Iterator[str]:
    """Edges that differ only in what brings them about share a row."""
    alike: dict[tuple[str, Node, str], list[str]] = {}
    for edge in edges:
        does = ", ".join([*edge.always, *(f"({name})" for name in edge.sometimes)])
        decided = ", ".join(f"`{name}.py`" for name in edge.decided_in)
        alike.setdefault((does, edge.target, decided), []).append(edge.trigger)
        source = edge.source
    for (does, target, decided), triggers in alike.items():
        then = "the same" if target is source else f"**{_name(target)}**"
        yield f"| {', '.join(triggers)} | {does or 'nothing to be seen'} | {then} | {decided} |"


def _policies() -> Iterator[str]:
    for path in sorted(CORE.glob("*.py")):
        if path.stem not in NO_POLICY:
            words = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")
            yield from (f"**`{path.name}`** {' '.join(' '.join(words).split())}", "")


def _name(node: Node) -> str:
    return node.value.replace("_", " ")
