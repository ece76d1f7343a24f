"""`voicebot`: one command, its subcommands in files of their own."""

from __future__ import annotations

import typer

from bot.cli import answer, bench, call, conformance, demo, doctor, models, nlu, replay, script, tape
from bot.logs import configure_logs

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A bank's robot caller that a customer can really talk to.",
)
app.command("demo")(demo.demo)
app.command("call")(call.call)
app.command("answer")(answer.answer)
app.command("transcript")(call.transcript)
app.command("replay")(replay.replay)
app.command("bench")(bench.bench)
app.command("doctor")(doctor.doctor)
app.add_typer(conformance.app, name="conformance")
app.add_typer(nlu.app, name="nlu")
app.add_typer(models.app, name="models")
app.add_typer(script.app, name="script")
app.add_typer(tape.app, name="tape")


@app.callback()
def prepare() -> None:
    configure_logs()
