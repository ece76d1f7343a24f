"""What became of scenarios as JUnit XML, which continuous integration shows as tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from bot.rehearsal.playing import Played, Verdict

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""Characters that XML cannot hold."""


def write_junit(path: Path, played: Sequence[Played]) -> None:
    """One suite of all cases; a known problem counts as skipped. Raises OSError."""
    suite = ElementTree.Element(
        "testsuite",
        name="scenarios",
        tests=str(len(played)),
        failures=str(sum(not case.verdict.good for case in played)),
        skipped=str(sum(case.verdict is Verdict.KNOWN_PROBLEM for case in played)),
        errors="0",
        time=f"{sum(case.seconds for case in played):.3f}",
    )
    suite.extend(_case(one) for one in played)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _case(played: Played) -> ElementTree.Element:
    scenario = played.case.file.scenario
    case = ElementTree.Element(
        "testcase",
        classname=scenario.script,
        name=played.case.name,
        file=str(played.case.file.path),
        time=f"{played.seconds:.3f}",
    )
    if played.verdict is Verdict.KNOWN_PROBLEM:
        ElementTree.SubElement(case, "skipped", message=_safe(played.reason))
    elif not played.verdict.good:
        failure = ElementTree.SubElement(
            case, "failure", message=_safe(played.reason), type=played.verdict.name.lower()
        )
        failure.text = _safe(played.report())
    return case


def _safe(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
