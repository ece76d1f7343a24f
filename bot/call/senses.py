"""What a call hears and speaks with, in sound or in text."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from dialogue.prompts import Prompt
from speech.asr.port import Hints
from telephony_bridge.leg import LegEvent


class Ears(Protocol):
    """What hears the customer: `bot.call.ears.Ears` in sound."""

    @property
    def origin(self) -> float | None: ...
    def listen(self, hints: Hints) -> None: ...
    def finalise(self) -> None: ...
    def discard(self) -> None: ...
    async def run(self) -> str:
        """Listen until there is nothing more to hear; returns why."""
        ...

    async def media_stopped(self, reason: str) -> bool:
        """The switch says that it streams no more. Whether that is seen to here: where it is in vain, `run` ends."""
        ...


class Mouth(Protocol):
    """What speaks to the customer: `bot.call.mouth.Mouth` in sound."""

    @property
    def sent(self) -> dict[str, Path]:
        """The audio file of every piece that went to the line, by the id that the line tells of it with."""
        ...

    @property
    def lengths(self) -> dict[str, int]:
        """Samples at 8 kHz of every prompt that went to the line to its end; none of words without sound."""
        ...

    def joined(self, event: LegEvent) -> LegEvent | None:
        """What the line tells of a piece of a prompt, as what is told of the prompt; None where that is nothing."""
        ...

    def speak(self, playout_id: str, prompt: Prompt, start: int = 0) -> None: ...
    def stop(self) -> None: ...
    async def run(self) -> None: ...
    def close(self) -> None: ...
