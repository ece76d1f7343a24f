"""A designer's session: new, edit, check, test, simulate, learn, publish, release to a few calls, to all, take back.

Through the command, with the real trainer, dialogue worker, voice and model of meaning; the calls are rehearsed.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.call.order import CallOrder
from bot.call.platform import platform
from bot.call.script_source import ScriptSource
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.cli.main import app
from bot.rehearsal.line import Line
from bot.rehearsal.playing import DAY
from bot.rehearsal.rehearse import rehearse
from bot.replay.choices import choose
from bot.replay.recorded import read_call
from bot.settings import Settings, load_settings
from bot.studio.in_service import NothingLive, Releases
from dialogue.script import load_script
from tests.needs import DIALOGUE_PYTHON, ROOT
from tests.patience import PATIENCE_S
from tests.trained import models_in

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]

NAME = "service_call"
WRITTEN = "This is an automated call from {bank_name}. The call is recorded."
EDITED = "This is an automatic call from {bank_name}. Every call is recorded."
DRAFT = "This is a draft that nobody has approved."


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a designer works: a copy of the scripts, models that are there already, and room for what is made."""
    shutil.copytree(ROOT / "dialogue" / "scripts" / "shared", tmp_path / "scripts" / "shared")
    models = models_in(tmp_path / "models")
    (models / "dialogue").unlink()
    folders = "\n".join(f'{name} = "{name}"' for name in ("scripts", "models", "prompts", "tapes", "studio", "runtime"))
    dialogue = f'[dialogue]\npython = "{DIALOGUE_PYTHON}"\nturn_timeout_ms = {PATIENCE_S * 1000}\n'
    queues = '[queues]\nservice = "9301 XML default"\n'
    (tmp_path / "voicebot.toml").write_text(f"[folders]\n{folders}\n{dialogue}{queues}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def voicebot(*arguments: str, code: int = 0) -> str:
    result: Result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["script", *arguments])
    assert result.exit_code == code, result.output
    return result.stdout


def edit(desk: Path, old: str, new: str) -> None:
    path = desk / "scripts" / NAME / "responses.en.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(pattern: str, told: str) -> str:
    match = re.search(pattern, told)
    assert match is not None, told
    return match[1]


def test_a_script_is_made_tried_released_and_taken_back(desk: Path) -> None:
    voicebot("new", NAME, "--template", "survey", "--scenarios", "scenarios")
    edit(desk, WRITTEN, EDITED.replace("Every", "1"))
    assert "not-words" in voicebot("check", NAME, "--format", "plain", code=1)
    voicebot("publish", NAME, "--author", "anna", "--scenarios", "scenarios", code=1)
    edit(desk, EDITED.replace("Every", "1"), EDITED)
    assert f"{NAME}  fine" in voicebot("check", NAME)
    assert "2 of 2 passed" in voicebot("test", "scenarios")
    assert "no breach in 2 conversations" in voicebot("simulate", NAME, "--conversations", "2", "--tapes", "tried")
    assert f"{NAME}: 2 calls with 1 version" in voicebot("learn", NAME, "--tapes", "tried")
    told = voicebot("publish", NAME, "--author", "anna", "--scenarios", "scenarios")
    version = found(rf"{NAME} (\w+) is in review", told)
    assert "2 scenarios passed" in told
    shown = voicebot("review", NAME)
    assert EDITED in shown
    voicebot("approve", NAME, "--by", "bo", "--diff", found(r"--diff (\w+)", shown))
    told = voicebot("release", NAME, "--share", "5", "--by", "bo")
    assert f"{version} gets 5 % of the calls, the others are refused" in told
    edit(desk, EDITED, DRAFT)
    asyncio.run(_calls_are_made(desk, version))


class Watched(Releases):
    """Notes whose calls it is told of."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.folders)
        self.told: list[str | None] = []

    def ended(self, source: ScriptSource, tape: Path) -> None:
        self.told.append(source.published)
        super().ended(source, tape)


async def _calls_are_made(desk: Path, version: str) -> None:
    settings = load_settings()
    releases = Watched(settings)
    async with platform(settings, [NAME], with_switch=False, versions=releases) as service:
        await _calls_follow_their_version(service, desk, version)
    assert releases.told == [version]
    tapes = [read_call(path) for path in (desk / "tapes").glob("*.jsonl")]
    (call,) = [one for one in tapes if one.header["published"] == version]
    source = choose(settings, call).source  # what it would be replayed with, after the rollback, too
    assert (source.published, source.rules) == (version, call.header["script_version"])


async def _calls_follow_their_version(service: CallService, desk: Path, version: str) -> None:
    """With the service running all the time: a release to everybody, and a rollback in the middle of a call."""
    voicebot("release", NAME, "--share", "100", "--by", "bo")
    said: list[str] = []

    async def customer(line: Line) -> None:
        await line.until(lambda: bool(line.said))
        voicebot("rollback", NAME, "--by", "bo", "--why", "customers do not like it")
        await line.quiet(500)
        said.extend(one.text for one in line.said)
        await line.say("no")
        await line.until(lambda: False)

    assert await _call(service, desk, customer) == (version, "survey_declined")
    assert "Every call is recorded" in said[0]

    async def hurried(line: Line) -> None:
        line.hang_up()

    with pytest.raises(NothingLive, match="release one"):  # and nobody hears the draft
        await _call(service, desk, hurried)
    assert re.search(rf"{version} +retired", voicebot("list", NAME))


async def _call(service: CallService, desk: Path, customer) -> tuple[str | None, str]:  # type: ignore[no-untyped-def]
    """Which version held the call, and how it ended."""
    contact = load_script(desk / "scripts" / NAME).example_contact("en")
    result = await rehearse(service, CallOrder("1001", NAME, "en", contact, DAY), customer)
    header, _ = read_tape(result.tape)
    return header["published"], result.outcome.value
