"""The simulated switch played against our bridge: every fault in every dialect, and a bridge that has a defect."""

from __future__ import annotations

from pathlib import Path

import pytest

from telephony_bridge.causes import CAUSES
from telephony_bridge.conformance.bridge_checks import BRIDGE_CHECKS
from telephony_bridge.conformance.bridge_kit import BRIDGE_ACTIONS, check_bridge
from telephony_bridge.conformance.check import Verdict
from telephony_bridge.conformance.played_switch import played_switch
from telephony_bridge.conformance.runner import carry_out
from telephony_bridge.dialects import DIALECTS, MOD_AUDIO_STREAM, MODULES
from telephony_bridge.line_status import Fault, LineStatus
from telephony_bridge.simulated.switch import Fault as Trouble
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.integration


async def test_all_checks_pass_in_all_dialects_with_every_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    brought_about: list[str] = []
    inject = SimulatedSwitch.inject_fault

    def note(switch: SimulatedSwitch, fault: str, uuid: str = "") -> bool:
        brought_about.append(fault)
        return inject(switch, fault, uuid)

    monkeypatch.setattr(SimulatedSwitch, "inject_fault", note)
    report = await check_bridge(DIALECTS.values())
    failed = [(one.dialect, one.check.id, one.detail) for one in report.findings if one.verdict is Verdict.FAIL]
    assert failed == []
    skipped = {(one.dialect, one.check.id) for one in report.findings if one.verdict is Verdict.SKIPPED}
    assert skipped == {("unicast", "BR-09")} | {
        (module, check) for module in MODULES for check in ("BR-32", "BR-33", "BR-34")
    }
    assert report.passed
    assert [(one.dialect, one.check) for one in report.findings] == [
        (dialect, check) for dialect in DIALECTS for check in BRIDGE_CHECKS
    ]
    assert set(brought_about) == set(Trouble)


async def test_a_defect_of_the_bridge_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(CAUSES, "USER_BUSY", (LineStatus.UNKNOWN, Fault.UNKNOWN))
    some = [check for check in BRIDGE_CHECKS if check.id in {"BR-03", "BR-05"}]
    async with played_switch(MOD_AUDIO_STREAM, tmp_path) as scene:
        findings = await carry_out(some, BRIDGE_ACTIONS, scene, "mod_audio_stream", PATIENCE_S)
    assert [(one.verdict, one.detail) for one in findings] == [
        (Verdict.PASS, "connected"),
        (Verdict.FAIL, "486 is told of as unknown, fault of unknown"),
    ]
