"""`voicebot script chat`: be the customer, in text."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.chat.commands import HELP, Asks, Mistyped, Quits, Saves, Typed, read_typed
from bot.chat.page import Page
from bot.chat.record import scenario_of, write_scenario
from bot.chat.typist import Act, Typist
from bot.cli.call_end import show_end
from bot.cli.errors import fail, friendly
from bot.preparation import language_of, prepare, script_named
from bot.rehearsal.playing import DAY
from bot.rehearsal.rehearse import rehearse
from bot.settings import Settings, load_settings
from dialogue.script import Script
from dialogue.worker.project import load
from dialogue.worker.source import ScriptError, line_of, plain, read
from telephony_bridge.line_status import HandOverFailure

console = Console()

NUMBER = "chat"
"""What stands on the tape as the number that was called."""


def chat(
    script: Annotated[str, typer.Argument(help="The script's name.")],
    language: Annotated[str | None, typer.Option("--lang", "--language", help="By default the script's first.")] = None,
    contact: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE|FIELD=VALUE", help="Who is called, where not the script's example; repeat it."),
    ] = None,
    hand_over: Annotated[
        HandOverFailure | None, typer.Option(help="Let nobody take the call where it is handed over, for this reason.")
    ] = None,
) -> None:
    """Type what the customer says, and read what the bot says and how it came to it. No sound, no waiting."""
    with friendly():
        settings = load_settings()
        loaded = script_named(settings, script)
        spoken = language_of(loaded, language)
        given = _contact(contact or [])
        order = CallOrder(NUMBER, script, spoken, {**loaded.example_contact(spoken), **given}, DAY)
        loaded.validate_contact(order.contact)
        prepare(settings, [script], Console(stderr=True))
        talk = _Talk(settings, loaded, order, given, hand_over)
        asyncio.run(talk.hold())


def _contact(values: list[str]) -> dict[str, str]:
    """Fields by `name=value`, or from YAML files that hold a mapping of them."""
    contact: dict[str, str] = {}
    for value in values:
        name, equals, field = value.partition("=")
        if equals and name:
            contact[name.strip()] = field
        elif not Path(value).is_file():
            fail(f"--contact {value}: neither a file nor FIELD=VALUE, as in --contact amount='99.00 USD'")
        else:
            contact |= {name: str(field) for name, field in plain(read(Path(value)).data).items()}
    return contact


class _Talk:
    """One conversation, from the first line on the screen to the last."""

    def __init__(
        self,
        settings: Settings,
        script: Script,
        order: CallOrder,
        given: Mapping[str, str],
        hand_over: HandOverFailure | None,
    ) -> None:
        folders = settings.folders.model_copy(update={"tapes": settings.folders.tapes / "chats"})
        self._settings = settings.model_copy(update={"folders": folders})
        self._script, self._order, self._given, self._hand_over = script, order, given, hand_over
        self._page = Page(console, _places(settings, script.name))
        self._save: Path | None = None
        self._terminal = sys.stdin.isatty()

    async def hold(self) -> None:
        real = asyncio.get_running_loop()

        async def next_act() -> Act:
            return self._next_act()

        def ask() -> Act:
            return asyncio.run_coroutine_threadsafe(next_act(), real).result()

        typist = Typist(ask, self._page.note)
        async with platform(self._settings, [self._script.name], with_switch=False) as service:
            self._greet(service)
            result = await rehearse(
                service,
                self._order,
                typist.take_part,
                hand_over_fails=self._hand_over,
                observe=self._page.observe,
                follow=self._page.follow,
            )
        show_end(console, self._script, result)
        self._after()
        if self._save is not None:
            self._write(self._save, result, typist)

    def _greet(self, service: CallService) -> None:
        script, order = self._script, self._order
        fields = ", ".join(f"{name} {value}" for name, value in order.contact.items())
        console.print(
            f"[bold]{script.name}[/], {order.language}: {escape(script.title)}", highlight=False, soft_wrap=True
        )
        told = f"Today is {order.day:%A}, {order.day.day} {order.day:%B %Y}. The customer: {fields}\n{HELP}\n"
        console.print(f"[dim]{escape(told)}[/]", highlight=False, soft_wrap=True)

    def _next_act(self) -> Act:
        """What the customer does next. The main thread waits here while the call stands still."""
        while True:
            typed = self._read("you")
            if not isinstance(typed, Asks | Mistyped | Saves):
                return typed
            self._answer(typed)

    def _answer(self, typed: Asks | Mistyped | Saves) -> None:
        match typed:
            case Asks():
                self._page.note(HELP)
            case Mistyped(message):
                self._page.note(message)
            case Saves(path):
                self._save_as(path)

    def _read(self, who: str) -> Typed:
        """The next line that holds something; the end of the input and Ctrl-C hang up."""
        while True:
            line = _line(f"{who:<10}") if self._terminal else sys.stdin.readline()
            if not line:
                return Quits()
            typed = read_typed(line)
            if typed is not None:
                if not self._terminal:
                    self._page.customer(line.strip())
                return typed

    def _save_as(self, path: Path) -> None:
        if path.exists():
            self._page.note(f"{path} is there already; name another file")
        elif not path.parent.is_dir():
            self._page.note(f"there is no folder {path.parent}; make it, or name another file")
        else:
            self._save = path
            self._page.note(f"{path} will be written at the end")

    def _after(self) -> None:
        """The talk can still be kept when its end is known."""
        if self._terminal and self._save is None:
            self._page.note("/save FILE keeps this talk as a scenario; Enter leaves")
        while True:
            line = _line("") if self._terminal else sys.stdin.readline()
            typed = read_typed(line)
            if typed is None and (self._terminal or not line):
                return
            match typed:
                case Saves(path):
                    self._save_as(path)
                    if self._terminal and self._save is not None:
                        return
                case Quits():
                    return
                case Asks() | Mistyped():
                    self._page.note("the call is over; /save FILE keeps it, /quit leaves")
                case None:
                    pass
                case _:
                    self._page.note(f"the call is over; not said any more: {line.strip()}")

    def _write(self, path: Path, result: CallResult, typist: Typist) -> None:
        order = self._order
        scenario = scenario_of(
            path.stem.replace("_", " "),
            self._script.name,
            order.language,
            self._given,
            typist.noted,
            typist.said,
            read_tape(result.tape)[1],
            result.outcome,
            self._hand_over,
        )
        write_scenario(path, scenario)
        console.print(f"scenario  {path}; play it with: voicebot script test {path}", highlight=False, soft_wrap=True)


def _line(prompt: str) -> str:
    """A line of the terminal, with its end; empty at its end and after Ctrl-C, which the event loop would swallow."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(prompt) + "\n"
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""
    finally:
        signal.signal(signal.SIGINT, before)


def _places(settings: Settings, script: str) -> dict[str, str]:
    scripts = settings.folders.scripts
    try:
        rules = load(scripts, script).rules
    except ScriptError:  # it was trained a moment ago, so somebody is editing it
        return {}
    return {
        title: f"{placed.source.path.relative_to(scripts)}:{line_of(placed.at, placed.key)}"
        for title, placed in rules.items()
    }
