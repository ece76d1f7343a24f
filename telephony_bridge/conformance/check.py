"""What a check is and what came of it. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """`id` never changes its meaning; `says` is what holds where it passes, `remedy` what to look at where it does not.

    A check is skipped unless all of `needs`, which stand before it in the table, have passed.
    """

    id: str
    says: str
    remedy: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`detail` is what was seen, or why the check failed or was skipped."""

    check: Check
    dialect: str
    verdict: Verdict
    detail: str

    @property
    def remedy(self) -> str:
        """Empty where there is nothing to mend."""
        return self.check.remedy if self.verdict is Verdict.FAIL else ""


@dataclass(frozen=True, slots=True)
class Report:
    """`subject` is what was checked."""

    subject: str
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return self.count(Verdict.FAIL) == 0

    def count(self, verdict: Verdict) -> int:
        return sum(finding.verdict is verdict for finding in self.findings)

    def as_data(self) -> dict[str, object]:
        """Plain values, for JSON."""
        findings = [
            {
                "id": finding.check.id,
                "dialect": finding.dialect,
                "verdict": finding.verdict.value,
                "check": finding.check.says,
                "detail": finding.detail,
                "remedy": finding.remedy,
            }
            for finding in self.findings
        ]
        counts = {verdict.value: self.count(verdict) for verdict in Verdict}
        return {"subject": self.subject, "passed": self.passed, **counts, "findings": findings}


def unmet(check: Check, findings: Sequence[Finding]) -> str:
    """The first check that this one needs and that has not passed; empty where it can go ahead."""
    passed = {finding.check.id for finding in findings if finding.verdict is Verdict.PASS}
    return next((need for need in check.needs if need not in passed), "")
