"""`voicebot conformance bridge`: a switch played against our bridge, in each dialect."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from telephony_bridge.conformance.bridge_calls import CALLS
from telephony_bridge.conformance.bridge_checks import BRIDGE_CHECKS
from telephony_bridge.conformance.bridge_faults import FAULTS
from telephony_bridge.conformance.bridge_incoming import INCOMING
from telephony_bridge.conformance.bridge_unicast import UNICAST_ONLY
from telephony_bridge.conformance.check import Finding, Report
from telephony_bridge.conformance.played_switch import BridgeScene, played_switch
from telephony_bridge.conformance.runner import Action, carry_out
from telephony_bridge.dialects import Dialect

BRIDGE_ACTIONS: Mapping[str, Action[BridgeScene]] = {**CALLS, **FAULTS, **INCOMING, **UNICAST_ONLY}

LIMIT_S = 60.0
"""For each check. The longest take three seconds on an idle machine."""


async def check_bridge(dialects: Iterable[Dialect]) -> Report:
    """Try every check in every dialect, the dialects side by side. Raises `OSError` where we cannot listen."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_checked(dialect)) for dialect in dialects]
    return Report("our bridge", tuple(finding for task in tasks for finding in task.result()))


async def _checked(dialect: Dialect) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        async with played_switch(dialect, Path(folder)) as scene:
            return await carry_out(BRIDGE_CHECKS, BRIDGE_ACTIONS, scene, dialect.name, LIMIT_S)
