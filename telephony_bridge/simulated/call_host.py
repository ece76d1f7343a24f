"""What a call asks of the switch around it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TypeVar

from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.signals import Emit

C = TypeVar("C", contravariant=True)


class CallHost(Protocol[C]):
    """The switch around a call."""

    @property
    def settings(self) -> SwitchSettings: ...

    @property
    def folder(self) -> Path:
        """Where media streams keep their temporary files."""
        ...

    def publish(self, event: Emit) -> None: ...

    def run_api(self, command: str) -> None: ...

    def forget(self, call: C) -> None: ...

    def crash(self) -> None: ...
