"""Our side played against the simulated switch: one that is as it should be, and some that are not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from speech.audio import Frame
from telephony_bridge.conformance.check import Report, Verdict
from telephony_bridge.conformance.played_switch import own_media
from telephony_bridge.conformance.switch_checks import SWITCH_CHECKS
from telephony_bridge.conformance.switch_kit import check_switch
from telephony_bridge.conformance.switch_scene import Target
from telephony_bridge.dialects import DIALECTS, MOD_AUDIO_FORK_TWO_WAY, MOD_AUDIO_STREAM, Dialect
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.freeswitch_leg import PromptFolder
from telephony_bridge.simulated.customer import Customer, Said
from telephony_bridge.simulated.dialplan import DialPlan, Fate, NumberPlan
from telephony_bridge.simulated.extensions import Extension, Extensions
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.serving import serving

pytestmark = pytest.mark.integration

PASSWORD, BUSY, SILENT = "secret", "100486", "100199"
PLAN = DialPlan(
    (
        (BUSY, NumberPlan(Fate.REFUSES, at_ms=0, sip_status=486)),
        (SILENT, NumberPlan(Fate.RINGS_OUT)),
    ),
    NumberPlan(at_ms=0),
)

SKIPPED = {
    "mod_audio_stream": {"SW-32"},
    "mod_audio_fork": {"SW-32"},
    "mod_audio_fork_two_way": {"SW-21", "SW-32"},
    "unicast": {"SW-14", "SW-15", "SW-21", "SW-26", "SW-28"},
}


class EchoWithFingers:
    """Says back what it hears, and presses two keys."""

    blocking = False

    def __init__(self) -> None:
        self._keys = list("1#")

    def hear_and_speak(self, heard: Frame) -> Said:
        return Said(heard, digits=self._keys.pop(0) if self._keys and heard.position // 160 % 2 else "")


def answer(number: str, variables: Mapping[str, str]) -> Customer:
    return EchoWithFingers()


def settings(two_way: bool = False, extensions: Extensions | None = None) -> SwitchSettings:
    return SwitchSettings(password=PASSWORD, dial_plan=PLAN, two_way=two_way, extensions=extensions or Extensions())


def target(switch: SimulatedSwitch, dialect: Dialect = MOD_AUDIO_STREAM) -> Target:
    return Target(
        Endpoint("127.0.0.1", switch.port, PASSWORD),
        dialect,
        number="79990000100",
        refusing=BUSY,
        silent=SILENT,
        keys="1#",
        echo=True,
        ring_s=PATIENCE_S,
        silent_s=1,
    )


async def checked(aim: Target, folder: Path) -> Report:
    return await check_switch(aim, PromptFolder(folder, PurePosixPath(folder)), own_media(aim.dialect))


def verdicts(report: Report, verdict: Verdict) -> dict[str, str]:
    return {one.check.id: one.detail for one in report.findings if one.verdict is verdict}


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[dict[str, Path]]:
    """One a dialect; what is left in them at the end should not be there."""
    made = {name: tmp_path / name for name in DIALECTS}
    for folder in made.values():
        folder.mkdir()
    yield made
    assert not list(tmp_path.glob("*/*")), "the kit takes its prompts away"


async def test_all_checks_pass_in_all_dialects(folders: dict[str, Path]) -> None:
    async def play(dialect: Dialect) -> Report:
        async with serving(SimulatedSwitch(settings(dialect.two_way), answer)) as switch:
            return await checked(target(switch, dialect), folders[dialect.name])

    for report in await asyncio.gather(*map(play, DIALECTS.values())):
        assert verdicts(report, Verdict.FAIL) == {}
        assert set(verdicts(report, Verdict.SKIPPED)) == SKIPPED[report.findings[0].dialect]
        assert [one.check for one in report.findings] == list(SWITCH_CHECKS)


async def test_a_module_that_does_not_play_and_a_queue_that_should_not_be_there_are_found(tmp_path: Path) -> None:
    anybody = Extensions(default=Extension(after_ms=20))
    async with serving(SimulatedSwitch(settings(extensions=anybody), answer)) as switch:
        aim = replace(target(switch, MOD_AUDIO_FORK_TWO_WAY), silent=None)
        report = await checked(aim, tmp_path)
    assert verdicts(report, Verdict.FAIL) == {
        "SW-23": "no sound came from the callee in 100 messages",
        "SW-29": "somebody answered",
    }


async def test_without_numbers_nothing_is_dialled_and_each_skipped_check_says_why(tmp_path: Path) -> None:
    async with serving(SimulatedSwitch(settings(), answer)) as switch:
        report = await checked(Target(Endpoint("127.0.0.1", switch.port, PASSWORD)), tmp_path)
    assert report.passed
    assert set(verdicts(report, Verdict.PASS)) == {*(f"SW-0{number}" for number in range(1, 10)), "SW-31"}
    skipped = verdicts(report, Verdict.SKIPPED)
    assert skipped["SW-10"].startswith("give --number")
    assert skipped["SW-11"].startswith("give --refusing-number")
    assert skipped["SW-12"].startswith("give --silent-number")


async def test_a_wrong_password_ends_the_checks_with_the_remedy(tmp_path: Path) -> None:
    async with serving(SimulatedSwitch(settings(), answer)) as switch:
        endpoint = Endpoint("127.0.0.1", switch.port, "another")
        report = await checked(replace(target(switch), endpoint=endpoint), tmp_path)
    assert set(verdicts(report, Verdict.FAIL)) == {"SW-02"}
    assert set(verdicts(report, Verdict.PASS)) == {"SW-01"}
    assert "another" not in str(report.as_data())


class WithoutModule(SimulatedSwitch):
    """Has no mod_audio_stream loaded."""

    async def api(self, command: str) -> str:
        if command.startswith("uuid_audio_stream"):
            return "-ERR uuid_audio_stream Command not found!\n"
        return await super().api(command)


async def test_a_module_that_is_not_loaded_is_found_before_a_call_needs_it(tmp_path: Path) -> None:
    async with serving(WithoutModule(settings(), answer)) as switch:
        report = await checked(replace(target(switch), silent=None), tmp_path)
    assert set(verdicts(report, Verdict.FAIL)) == {"SW-08"}
    assert verdicts(report, Verdict.SKIPPED)["SW-13"] == "needs SW-08, which has not passed"
    assert "SW-27" in verdicts(report, Verdict.PASS), "the call itself is still checked"


async def test_another_program_on_the_port_is_told_from_a_switch(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        endpoint = Endpoint("127.0.0.1", server.sockets[0].getsockname()[1], PASSWORD)
        report = await checked(Target(endpoint), tmp_path)
    assert set(verdicts(report, Verdict.FAIL)) == {"SW-01"}
    assert verdicts(report, Verdict.PASS) == {}
