"""Metadata that a switch would harm if it were not wrapped, and whether it came unharmed."""

from __future__ import annotations

from collections.abc import Mapping

from telephony_bridge.conformance.runner import require

DELICATE = {"check": 'it\'s "so" \\ – 还款, {a b}'}
"""Quotes, spaces, a backslash, braces, another alphabet."""


def unharmed(metadata: Mapping[str, str], call_id: str) -> None:
    """Raises `Failed` unless it is what `Party.stream` sent with `DELICATE`."""
    wanted = {"call": call_id, **DELICATE}
    got = {name: metadata.get(name) for name in wanted}
    require(got == wanted, f"it came as {got}")
