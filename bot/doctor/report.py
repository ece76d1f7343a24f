"""What the probes found, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    OK = "ok"
    NOT_YET = "not yet"  # made by a command of ours when it is first needed
    OPTIONAL = "optional"  # not here, and the product works without it
    MISSING = "missing"  # the product does not work without it


@dataclass(frozen=True, slots=True)
class Finding:
    area: str
    subject: str
    status: Status
    detail: str
    remedy: str = ""  # how to get it; empty where there is nothing to do


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, *groups: Iterable[Finding]) -> Report:
        return cls(tuple(finding for group in groups for finding in group))

    @property
    def ready(self) -> bool:
        return all(finding.status is not Status.MISSING for finding in self.findings)

    def as_data(self) -> dict[str, object]:
        """Plain values, for JSON."""
        findings = [
            {
                "area": finding.area,
                "subject": finding.subject,
                "status": str(finding.status),
                "detail": finding.detail,
                "remedy": finding.remedy,
            }
            for finding in self.findings
        ]
        return {"ready": self.ready, "findings": findings}
