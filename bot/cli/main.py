"""`voicebot`: one command, its subcommands in files of their own, of which only the one that is called is imported."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot.logs import configure_logs

COMMANDS = {
    "demo": "demo.demo",
    "call": "call.call",
    "answer": "answer.answer",
    "transcript": "call.transcript",
    "replay": "replay.replay",
    "bench": "bench.bench",
    "doctor": "doctor.doctor",
    "conformance": "conformance.app",
    "nlu": "nlu.app",
    "models": "models.app",
    "script": "script.app",
    "tape": "tape.app",
}
"""Where each stands in `bot.cli`. All together they take a second longer to import than `voicebot script` alone."""


class _Imported(dict[str, Any]):
    """Each of `COMMANDS` by its name, imported when it is asked for."""

    def get(self, name: str, default: Any = None) -> Any:
        if name not in COMMANDS:
            return default
        module, _, attribute = COMMANDS[name].partition(".")
        found = getattr(import_module(f"bot.cli.{module}"), attribute)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer()
            alone.command()(found)
            found = alone
        command = get_command(found)
        command.name = name
        return command


class _Commands(TyperGroup):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.commands = _Imported(dict.fromkeys(COMMANDS))


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A bank's robot caller that a customer can really talk to.",
)


@app.callback()
def prepare() -> None:
    configure_logs()
