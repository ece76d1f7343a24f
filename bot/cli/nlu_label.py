"""`voicebot nlu label`: one person, one turn after another, and whether two people agree."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.cli.errors import fail, friendly
from nlu.inventory import Intent
from nlu.labelling import session, sheet
from nlu.labelling.agreement import Agreement, agreements
from nlu.labelling.session import Command, Put, Question, State
from nlu.labelling.settling import disputed as is_disputed
from nlu.labelling.sheet import Item

PAIRS = 10

console = Console()

_KEYS = "1-9 takes a name, Enter the first, letters find another; < takes back, > skips, . leaves"
_INTENTS = frozenset(intent.value for intent in Intent)


def label(
    file: Annotated[Path, typer.Argument(help="What `voicebot nlu collect` wrote.")],
    by: Annotated[str | None, typer.Option("--by", help="Who labels; each person's labels are kept apart.")] = None,
    sentiment: Annotated[bool, typer.Option("--sentiment", help="Ask for the feeling, too.")] = False,
    disputed: Annotated[bool, typer.Option("--disputed", help="Only turns that others labelled differently.")] = False,
    agreement: Annotated[bool, typer.Option("--agreement", help="Show how far people agree; label nothing.")] = False,
) -> None:
    """Label turns with a few keys, the model's own suggestion first. Each answer is written at once."""
    with friendly():
        person = (by or "").strip()
        if agreement == bool(person):
            fail("name who labels with --by NAME, or compare people with --agreement")
        if agreement:
            _print_agreement(list(agreements(sheet.read(file))))
        else:
            _label(file, person, sentiment, disputed)


def _label(file: Path, person: str, feelings: bool, only_disputed: bool) -> None:
    items = sheet.read(file)
    open_places = [
        place
        for place, item in enumerate(items)
        if person not in item.labels and (is_disputed(item) or not only_disputed)
    ]
    state = State(tuple(_question(place, items[place]) for place in open_places), feelings)
    if open_places:
        console.print(_KEYS, style="dim", soft_wrap=True)
    for command in _answers(state, items):
        _write(file, person, command)
    done = sum(person in item.labels for item in sheet.read(file))
    console.print(f"{person}: {done} of {len(items)} turns done", highlight=False, markup=False)


def _question(place: int, item: Item) -> Question:
    """The model's answer first, then the shadow's, then what else was likely."""
    shadow = [item.shadow.intent] if item.shadow is not None else []
    names = dict.fromkeys([item.live.intent, *shadow, *(intent for intent, _ in item.ranking)])
    return Question(place, tuple(name for name in names if name in _INTENTS), item.sentiment)


def _answers(state: State, items: Sequence[Item]) -> Iterator[Command]:
    """Shows where the labelling is, and goes on with each key, or with each line where the input is no terminal."""
    enter = session.step if sys.stdin.isatty() else session.enter
    entries = enumerate(_keys() if sys.stdin.isatty() else (line.strip() for line in sys.stdin), start=1)
    shown: State | None = None
    while not state.over:
        if state != shown:
            _show(state, items)
        shown = state
        number, entry = next(entries, (0, None))
        if entry is None:
            return
        moved = enter(state, entry)
        if moved is None:  # to go on would give every later line to another turn
            fail(f"line {number} of the input: '{entry}' names no answer, or several; what came before it is written")
        state, commands = moved
        yield from commands


def _keys() -> Iterator[str]:
    try:
        while True:
            key = typer.getchar()
            yield session.ENTER if key == "\r" else session.BACKSPACE if key == "\b" else key
    except (EOFError, KeyboardInterrupt):
        return


def _show(state: State, items: Sequence[Item]) -> None:
    question = state.questions[state.at]
    item = items[question.place]
    if not state.typed and state.intent is None:
        why = ", ".join(reason.replace("_", " ") for reason in item.why) or "drawn by chance"
        console.print(
            f"\n[dim]{state.at + 1} of {len(state.questions)}, {item.lang}, {escape(_asked(item))}, "
            f"{'drawn by chance' if item.random else why}[/]\n[bold]{escape(item.text)}[/]",
            highlight=False,
            soft_wrap=True,
        )
    likely = dict(item.ranking)
    names = (
        f"[bold]{digit}[/] {name}{f' [dim]{likely[name]:.2f}[/]' if likely.get(name, 0) >= 0.01 else ''}"
        for digit, name in enumerate(session.options(state), start=1)
    )
    console.print(f"{escape(state.typed)}> {'  '.join(names)}", highlight=False, soft_wrap=True)


def _asked(item: Item) -> str:
    kind = f" ({item.expects})" if item.expects else ""
    return f"asked {item.asked}{kind}" if item.asked else "before any question"


def _write(file: Path, person: str, command: Command) -> None:
    if isinstance(command, Put):
        sheet.put(file, command.place, person, command.label)
    else:
        sheet.withdraw(file, command.place, person)


def _print_agreement(found: Sequence[Agreement]) -> None:
    if not found:
        fail("no turn has labels of two people yet")
    for one in found:
        kappa = "not defined, for one intent only" if one.kappa is None else f"{one.kappa:.2f}"
        console.print(
            f"{one.a} and {one.b}: {one.rows} turns, {one.same:.0%} the same, Cohen's kappa {kappa}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        for x, y, count in one.pairs[:PAIRS]:
            console.print(f"{count:>4}  {x} or {y}", highlight=False, markup=False)
