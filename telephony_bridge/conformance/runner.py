"""Carries out a table of checks, one after another, each within a limit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from telephony_bridge.conformance.check import Check, Finding, Verdict, unmet
from telephony_bridge.leg import SwitchError
from telephony_bridge.media import MediaClosed

S = TypeVar("S")

Action = Callable[[S], Awaitable[str]]
"""Carries one check out on a scene and returns what was seen. Raises `Failed`, `Skip` or an error of the bridge."""


class Failed(Exception):
    """The check does not hold; the message says what was seen instead."""


class Skip(Exception):
    """The check cannot be tried here; the message says why and what would allow it."""


async def carry_out(
    checks: Sequence[Check], actions: Mapping[str, Action[S]], scene: S, dialect: str, limit_s: float
) -> list[Finding]:
    findings: list[Finding] = []
    for check in checks:
        verdict, detail = await _tried(check, actions[check.id], scene, findings, limit_s)
        findings.append(Finding(check, dialect, verdict, detail))
    return findings


async def _tried(
    check: Check, action: Action[S], scene: S, before: Sequence[Finding], limit_s: float
) -> tuple[Verdict, str]:
    missing = unmet(check, before)
    if missing:
        return Verdict.SKIPPED, f"needs {missing}, which has not passed"
    try:
        async with asyncio.timeout(limit_s):
            return Verdict.PASS, await action(scene)
    except Skip as skip:
        return Verdict.SKIPPED, str(skip)
    except TimeoutError as error:
        return Verdict.FAIL, str(error) or f"not seen within {limit_s:g} s"
    except (Failed, SwitchError, MediaClosed, OSError) as error:
        return Verdict.FAIL, str(error)


def require(holds: bool, otherwise: str) -> None:
    """Raises `Failed` unless it holds."""
    if not holds:
        raise Failed(otherwise)
