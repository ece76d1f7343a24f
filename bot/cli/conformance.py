"""`voicebot conformance`: what a switch does of what the bridge needs, and what the bridge does with a bad switch."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.errors import fail, friendly
from bot.logs import quieten_logs
from telephony_bridge.conformance.bridge_kit import check_bridge
from telephony_bridge.conformance.check import Report, Verdict
from telephony_bridge.conformance.switch_kit import check_switch
from telephony_bridge.conformance.switch_scene import Target
from telephony_bridge.dialects import DIALECTS, MOD_AUDIO_STREAM, Dialect
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.freeswitch_leg import PromptFolder
from telephony_bridge.media import MediaSource
from telephony_bridge.media_server import MediaServer
from telephony_bridge.media_tls import media_tls
from telephony_bridge.originate import check_dial_string
from telephony_bridge.unicast import UnicastMedia
from telephony_bridge.unicast_flow import UNICAST_PORTS

UNICAST_PORTS_OF_CHECKS = 20
"""With --media-listen, from its port on; the checks need few, one after another."""

STYLES = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.SKIPPED: "yellow"}

app = typer.Typer(no_args_is_help=True, help="Check a switch against what the bridge needs, and the bridge itself.")
console = Console()

JsonPath = Annotated[Path | None, typer.Option("--json", help="Write the findings as data, too.")]


@app.command("switch")
def switch(
    address: Annotated[str, typer.Argument(metavar="HOST:PORT", help="Where the switch's event socket listens.")],
    password: Annotated[
        str, typer.Option(envvar="VOICEBOT_SWITCH__PASSWORD", show_envvar=True, help="Of the event socket.")
    ] = "ClueCon",
    dialect: Annotated[str, typer.Option(help=f"One of: {', '.join(DIALECTS)}.")] = MOD_AUDIO_STREAM.name,
    dial_string: Annotated[str, typer.Option(help="What to dial, with {number}.")] = "sofia/gateway/trunk/{number}",
    number: Annotated[str | None, typer.Option(help="A number that answers and stays on the line.")] = None,
    echo: Annotated[bool, typer.Option("--echo", help="That number sends back what it hears.")] = False,
    keys: Annotated[str, typer.Option(help="Keys that number presses once it has answered.")] = "",
    refusing_number: Annotated[str | None, typer.Option(help="A number that is busy or declines.")] = None,
    silent_number: Annotated[str | None, typer.Option(help="A number that rings without an answer.")] = None,
    missing_queue: Annotated[
        str, typer.Option(help="An extension the dialplan does not have.")
    ] = "voicebot-no-such-queue XML default",
    ring_s: Annotated[int, typer.Option(min=1, max=120, help="How long to ring, in seconds.")] = 30,
    prompts: Annotated[
        Path | None, typer.Option(help="A folder shared with the switch; by default a new one on this machine.")
    ] = None,
    prompts_on_switch: Annotated[str | None, typer.Option(help="That folder's path on the switch.")] = None,
    media_listen: Annotated[
        str,
        typer.Option(
            metavar="HOST:PORT",
            help="Where we listen for audio; port 0 is any free one. For unicast the first of some ports.",
        ),
    ] = "127.0.0.1:0",
    media_url: Annotated[str | None, typer.Option(help="How the switch reaches that, as ws://10.0.0.5:8090.")] = None,
    media_certificate: Annotated[
        Path | None, typer.Option(help="A PEM file: take the audio over TLS. Needs --media-key.")
    ] = None,
    media_key: Annotated[Path | None, typer.Option(help="The key to that certificate, a PEM file, too.")] = None,
    json_path: JsonPath = None,
) -> None:
    """Play our side against a switch. Only what --number and its like name is dialled. Exit code 1 on a failure."""
    with friendly():
        target = Target(
            Endpoint(*_address(address, "HOST:PORT", lowest_port=1), password),
            _dialect(dialect),
            check_dial_string(dial_string),
            number,
            refusing_number,
            silent_number,
            keys,
            echo,
            missing_queue,
            ring_s,
        )
        tls = media_tls(media_certificate, media_key)
        host, port = _address(media_listen, "--media-listen", lowest_port=0)
        media: MediaSource
        if target.dialect.while_parked:
            media = UnicastMedia(host, *((port, port + UNICAST_PORTS_OF_CHECKS) if port else UNICAST_PORTS))
        else:
            media = MediaServer(host, port, advertised=media_url, tls=tls)
        quieten_logs()
        with _folder(prompts, prompts_on_switch) as folder, console.status(f"checking the switch at {target.endpoint}"):
            report = asyncio.run(check_switch(target, folder, media))
        _finish(report, json_path)


@app.command("bridge")
def bridge(
    dialect: Annotated[list[str] | None, typer.Option(help="Only this dialect; repeat it.")] = None,
    json_path: JsonPath = None,
) -> None:
    """Play a switch with every fault against our bridge, in all dialects. Exit code 1 on a failure."""
    with friendly():
        dialects = [_dialect(name) for name in dict.fromkeys(dialect or DIALECTS)]
        quieten_logs()
        with console.status("checking the bridge"):
            report = asyncio.run(check_bridge(dialects))
        _finish(report, json_path)


def _address(text: str, option: str, lowest_port: int) -> tuple[str, int]:
    parts = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)):([0-9]{1,5})", text)
    if parts is not None and lowest_port <= int(parts[3]) <= 65535:
        return parts[1] or parts[2], int(parts[3])
    fail(f"{option}: {text} is not host:port, as in 127.0.0.1:8021")
    raise AssertionError("fail ends the command")


def _dialect(name: str) -> Dialect:
    if name not in DIALECTS:
        fail(f"--dialect: there is no {name}; there are {', '.join(DIALECTS)}")
    return DIALECTS[name]


@contextmanager
def _folder(here: Path | None, on_switch: str | None) -> Iterator[PromptFolder]:
    if here is None:
        if on_switch is not None:
            fail("--prompts-on-switch: give --prompts too, the same folder as we see it")
        with tempfile.TemporaryDirectory(prefix="conformance-") as made:
            Path(made).chmod(0o755)  # the switch runs as another user
            yield PromptFolder(Path(made), PurePosixPath(made))
        return
    if not here.is_dir():
        fail(f"--prompts: there is no folder {here}")
    yield PromptFolder(here.absolute(), PurePosixPath(on_switch or here.absolute()))


def _finish(report: Report, json_path: Path | None) -> None:
    if json_path is not None:
        json_path.write_text(json.dumps(report.as_data(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    console.print(_table(report))
    for finding in report.findings:
        if finding.verdict is Verdict.FAIL:
            where = f"\n[bold red]{finding.check.id}[/] {finding.dialect}:"
            console.print(where, escape(finding.detail), soft_wrap=True, highlight=False)
            console.print(f"  {escape(finding.remedy)}", soft_wrap=True, highlight=False)
    counts = ", ".join(f"{report.count(verdict)} {verdict.value}" for verdict in Verdict)
    console.print(f"\n{report.subject}: {counts}", highlight=False, soft_wrap=True)
    if not report.passed:
        raise typer.Exit(1)


def _table(report: Report) -> Table:
    """One row a check, one column a dialect; what was seen beside it where there is only one."""
    dialects = list(dict.fromkeys(finding.dialect for finding in report.findings))
    table = Table("", "check", *dialects, *(["seen"] if len(dialects) == 1 else []), box=None, pad_edge=False)
    for check in dict.fromkeys(finding.check for finding in report.findings):
        row = {finding.dialect: finding for finding in report.findings if finding.check is check}
        verdicts = [f"[{STYLES[row[name].verdict]}]{row[name].verdict.value}[/]" for name in dialects]
        seen = [escape(row[dialects[0]].detail)] if len(dialects) == 1 else []
        table.add_row(check.id, check.says, *verdicts, *seen)
    return table
