"""What a simulated switch can be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from telephony_bridge.simulated.dialplan import DialPlan
from telephony_bridge.simulated.extensions import Extensions


@dataclass(frozen=True, slots=True)
class SwitchSettings:
    """`port` 0 takes any free one. With `two_way`, the streaming modules are such as play binary messages from
    the media server to the customer.

    `dial_plan` says what numbers do that are dialled, `extensions` what becomes of a call that is transferred.
    `recordings` is a folder that gets `<uuid>.wav` for each answered call (see `recording.py`).
    """

    host: str = "127.0.0.1"
    port: int = 0
    password: str = field(default="ClueCon", repr=False)
    dial_plan: DialPlan = field(default_factory=DialPlan)
    extensions: Extensions = field(default_factory=Extensions)
    gateways: frozenset[str] = frozenset({"trunk"})
    two_way: bool = False
    recordings: Path | None = None
