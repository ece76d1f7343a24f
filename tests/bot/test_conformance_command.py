"""`voicebot conformance`: what it asks for, what it prints, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import conformance as command
from telephony_bridge.conformance.check import Check, Finding, Report, Verdict
from telephony_bridge.conformance.switch_scene import Target
from telephony_bridge.dialects import MediaDialect
from telephony_bridge.freeswitch_leg import PromptFolder
from telephony_bridge.media_server import MediaServer

pytestmark = pytest.mark.integration

CHECK = Check("SW-10", "a dial is answered", "see that [the gateway] is registered")


def report_of(verdict: Verdict) -> Report:
    return Report("the switch", (Finding(CHECK, "mod_audio_stream", verdict, "[seen]"),))


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.app, arguments, env={"COLUMNS": "160", **environment})
    return result.exit_code, result.output


@pytest.fixture
def aims(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Target, PromptFolder]]:
    """What the kit was called with; its checks pass."""
    called: list[tuple[Target, PromptFolder]] = []

    async def check_switch(target: Target, prompts: PromptFolder, media: MediaServer) -> Report:
        called.append((target, prompts))
        return report_of(Verdict.PASS)

    monkeypatch.setattr(command, "check_switch", check_switch)
    return called


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.PASS, 0), (Verdict.SKIPPED, 0), (Verdict.FAIL, 1)])
def test_a_table_the_data_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verdict: Verdict, code: int
) -> None:
    async def check_bridge(dialects: Iterable[MediaDialect]) -> Report:
        return report_of(verdict)

    monkeypatch.setattr(command, "check_bridge", check_bridge)
    path = tmp_path / "report.json"
    got, output = run("bridge", "--json", str(path))
    assert got == code
    assert "SW-10" in output
    assert "[seen]" in output, "square brackets are text, not style"
    assert f"1 {verdict.value}" in output
    assert ("see that [the gateway] is registered" in output) == (verdict is Verdict.FAIL)
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["passed"] is (code == 0)
    assert data["findings"][0]["id"] == "SW-10"


def test_the_switch_is_aimed_at_as_the_options_say(aims: list[tuple[Target, PromptFolder]], tmp_path: Path) -> None:
    code, _ = run(
        *("switch", "10.0.0.9:8021", "--dialect", "mod_audio_fork", "--number", "9196", "--echo", "--keys", "1#"),
        *("--prompts", str(tmp_path), "--prompts-on-switch", "/srv/prompts"),
        VOICEBOT_SWITCH__PASSWORD="from the environment",
    )
    assert code == 0
    ((target, prompts),) = aims
    assert (target.endpoint.host, target.endpoint.port) == ("10.0.0.9", 8021)
    assert target.endpoint.password == "from the environment"
    assert (target.dialect.name, target.number, target.echo, target.keys) == ("mod_audio_fork", "9196", True, "1#")
    assert prompts.on_the_switch(tmp_path / "a.wav") == "/srv/prompts/a.wav"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("switch", "8021"), "HOST:PORT: 8021 is not host:port"),
        (("switch", "host:70000"), "HOST:PORT: host:70000 is not host:port"),
        (("switch", "host:8021", "--dialect", "smoke"), "--dialect: there is no smoke"),
        (("switch", "host:8021", "--dial-string", "user/1000"), "must contain {number} once"),
        (("switch", "host:8021", "--prompts", "/none/such"), "--prompts: there is no folder"),
        (("switch", "host:8021", "--prompts-on-switch", "/srv"), "--prompts-on-switch: give --prompts too"),
        (("switch", "host:8021", "--media-listen", "here"), "--media-listen: here is not host:port"),
        (("switch", "host:8021", "--media-url", "http://x"), "must look like ws://host:port"),
        (("switch", "host:8021", "--media-certificate", "/none/such"), "a certificate without a key"),
        (("bridge", "--dialect", "smoke"), "--dialect: there is no smoke"),
    ],
)
def test_a_mistake_is_named_with_the_option_that_has_it(
    aims: list[tuple[Target, PromptFolder]], arguments: tuple[str, ...], said: str
) -> None:
    code, output = run(*arguments)
    assert code == 1
    assert said in output
    assert not aims
