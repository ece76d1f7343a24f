"""What both sides of the kit ask of prompts: played whole, in order, and stopped where told."""

from __future__ import annotations

from pathlib import Path

from speech.audio import TELEPHONE
from telephony_bridge.conformance.party import Party
from telephony_bridge.conformance.runner import require
from telephony_bridge.conformance.tone import LONG_MS, SHORT_MS, write_tone

FRAME = TELEPHONE.rate // 50

EXACT_TO = 2 * FRAME
"""What was heard need not be known better than that: a syllable takes several times as long."""

HEARD_MESSAGES = 10
"""So long a prompt plays before it is stopped: by the callee's audio, 200 ms."""


class Tones:
    """The kit's two prompts, in a folder the switch can read; `length` in samples."""

    def __init__(self, folder: Path) -> None:
        self.short = folder / "conformance-short.wav"
        self.long = folder / "conformance-long.wav"
        self.length = {self.short: write_tone(self.short, SHORT_MS), self.long: write_tone(self.long, LONG_MS)}

    def remove(self) -> None:
        for path in self.length:
            path.unlink(missing_ok=True)


async def play_whole(party: Party, tones: Tones) -> str:
    length = tones.length[tones.short]
    await party.leg.play(tones.short, "whole")
    await party.until_started("whole")
    ended = await party.until_ended("whole")
    require(ended.completed, f"it was not completed: {ended.problem or 'broken off'}")
    require(abs(ended.heard - length) <= EXACT_TO, f"{ended.heard} of {length} samples count as heard")
    return f"{ended.heard} of {length} samples heard"


async def play_in_order(party: Party, tones: Tones) -> str:
    for name in ("first", "second"):
        await party.leg.play(tones.short, name)
    for name in ("first", "second"):
        await party.until_started(name)
        ended = await party.until_ended(name)
        require(ended.completed, f"the {name} was not completed: {ended.problem or 'broken off'}")
    return "first, second"


async def stop_early(party: Party, tones: Tones) -> str:
    length = tones.length[tones.long]
    await party.leg.play(tones.long, "stopped")
    await party.leg.play(tones.long, "dropped")
    await party.until_started("stopped")
    await party.next_frames(HEARD_MESSAGES)
    await party.leg.stop_playout()
    stopped, dropped = await party.until_ended("stopped"), await party.until_ended("dropped")
    require(0 < stopped.heard < length, f"{stopped.heard} of {length} samples count as heard")
    require(not stopped.completed and not dropped.completed, "a prompt that was stopped counts as completed")
    require(dropped.heard == 0, f"{dropped.heard} samples of a prompt that never began count as heard")
    return f"{stopped.heard} of {length} samples heard, the next dropped"


async def hear_back(party: Party, tones: Tones) -> str:
    """Where the callee sends back what it hears."""
    await party.leg.play(tones.long, "echoed")
    try:
        await party.until_loud()
    finally:
        await party.leg.stop_playout()
        await party.until_ended("echoed")
    return "the tone came back"
