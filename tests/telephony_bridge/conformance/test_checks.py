"""The tables of checks: their ids, what they need, who carries them out, and what docs/conformance.md says of them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from telephony_bridge.conformance.bridge_checks import BRIDGE_CHECKS
from telephony_bridge.conformance.bridge_kit import BRIDGE_ACTIONS
from telephony_bridge.conformance.check import Check, Report, Verdict
from telephony_bridge.conformance.runner import Failed, Skip, carry_out
from telephony_bridge.conformance.switch_checks import SWITCH_CHECKS
from telephony_bridge.conformance.switch_kit import SWITCH_ACTIONS
from telephony_bridge.leg import SwitchUnreachable

pytestmark = pytest.mark.unit

TABLES = {"SW": SWITCH_CHECKS, "BR": BRIDGE_CHECKS}
DOCUMENT = Path(__file__).parents[3] / "docs" / "conformance.md"


@pytest.mark.parametrize("kind", TABLES)
def test_ids_are_unique_and_needs_stand_before(kind: str) -> None:
    known: set[str] = set()
    for check in TABLES[kind]:
        assert re.fullmatch(rf"{kind}-[0-9]{{2}}", check.id)
        assert check.id not in known
        assert set(check.needs) <= known, f"{check.id} needs what is not tried before it"
        assert check.says
        assert check.remedy
        known.add(check.id)


def test_each_check_is_carried_out_and_nothing_else_is() -> None:
    assert set(SWITCH_ACTIONS) == {check.id for check in SWITCH_CHECKS}
    assert set(BRIDGE_ACTIONS) == {check.id for check in BRIDGE_CHECKS}


def test_the_document_has_the_tables_as_they_are() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if re.match(r"\| (SW|BR)-", line)]
    switch = [f"| {one.id} | {one.says} | {', '.join(one.needs)} | {one.remedy} |" for one in SWITCH_CHECKS]
    bridge = [f"| {one.id} | {one.says} | {', '.join(one.needs)} |" for one in BRIDGE_CHECKS]
    assert rows == switch + bridge


def check(id: str, *needs: str) -> Check:
    return Check(id, "it holds", "mend it", needs)


async def passes(_: None) -> str:
    return "seen"


async def fails(_: None) -> str:
    raise Failed("something else was seen")


async def breaks(_: None) -> str:
    raise SwitchUnreachable("the switch is gone")


async def skips(_: None) -> str:
    raise Skip("give --number")


async def hangs(_: None) -> str:
    await asyncio.Event().wait()
    return "never"


async def test_each_verdict_says_why_and_failures_how_to_mend_them() -> None:
    table = [
        check("A"),
        check("B"),
        check("C", "A", "B"),
        check("D"),
        check("E", "D"),
        check("F", "A"),
        check("G"),
    ]
    actions = {"A": passes, "B": fails, "C": passes, "D": skips, "E": passes, "F": breaks, "G": hangs}
    findings = await carry_out(table, actions, None, "dialect", limit_s=0)
    told = {one.check.id: (one.verdict, one.detail, one.remedy) for one in findings}
    assert told == {
        "A": (Verdict.PASS, "seen", ""),
        "B": (Verdict.FAIL, "something else was seen", "mend it"),
        "C": (Verdict.SKIPPED, "needs B, which has not passed", ""),
        "D": (Verdict.SKIPPED, "give --number", ""),
        "E": (Verdict.SKIPPED, "needs D, which has not passed", ""),
        "F": (Verdict.FAIL, "the switch is gone", "mend it"),
        "G": (Verdict.FAIL, "not seen within 0 s", "mend it"),
    }
    report = Report("it", tuple(findings))
    assert not report.passed
    assert Report("it", tuple(one for one in findings if one.verdict is not Verdict.FAIL)).passed
    data = report.as_data()
    assert (data["pass"], data["fail"], data["skipped"], data["passed"]) == (1, 3, 3, False)
