"""What the checks of a switch share: where it is, what is dialled, and what stands open between two checks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

from telephony_bridge.conformance.cable import Cable, cable_to
from telephony_bridge.conformance.party import Party
from telephony_bridge.conformance.prompts import Tones
from telephony_bridge.conformance.runner import Skip
from telephony_bridge.conformance.witness import Witness
from telephony_bridge.dialects import MOD_AUDIO_STREAM, Dialect
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.freeswitch_leg import PromptFolder
from telephony_bridge.leg import Dial
from telephony_bridge.media import MediaSource

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """A switch, and what may be dialled on it. What is left out skips the checks that need it.

    `number` answers and stays on the line, `refusing` does not take the call, `silent` rings without an answer.
    `number` presses `keys` after answering, and with `echo` sends back what it hears. Numbers are rung for `ring_s`,
    the silent one for `silent_s`, seconds.
    """

    endpoint: Endpoint
    dialect: Dialect = MOD_AUDIO_STREAM
    dial_string: str = "sofia/gateway/trunk/{number}"
    number: str | None = None
    refusing: str | None = None
    silent: str | None = None
    keys: str = ""
    echo: bool = False
    missing_queue: str = "voicebot-no-such-queue XML default"
    ring_s: int = 30
    silent_s: int = 5


@dataclass(slots=True)
class SwitchScene:
    """`witness`, `switch` and `party` are there once the check that makes them has passed."""

    target: Target
    prompts: PromptFolder
    tones: Tones
    media: MediaSource
    cable: Cable
    through_cable: Endpoint
    stack: AsyncExitStack
    witnessed: Witness | None = None
    switch: FreeSwitch | None = None
    answered: Party | None = None
    dialled: list[str] = field(default_factory=list)

    @property
    def witness(self) -> Witness:
        return _made(self.witnessed)

    @property
    def party(self) -> Party:
        return _made(self.answered)

    async def connected(self) -> FreeSwitch:
        """The bridge, connected through the cable; once for all checks."""
        if self.switch is None:
            switch = FreeSwitch(
                self.through_cable,
                self.target.dial_string,
                self.target.dialect,
                self.prompts,
                delay=lambda attempt: 0.1 if attempt else 0.0,
            )
            await switch.start()
            self.stack.push_async_callback(switch.close)
            self.switch = switch
        return self.switch

    def dial(self, number: str, ring_s: int | None = None) -> Dial:
        call_id = f"voicebot-conformance-{uuid4()}"
        self.dialled.append(call_id)
        return Dial(number, call_id, ring_timeout_s=ring_s or self.target.ring_s)

    async def call(self) -> Party:
        """Dial the number that answers. Raises `Skip` where there is none."""
        number = given(self.target.number, "--number with one that answers and stays on the line")
        leg = await (await self.connected()).dial(self.dial(number))
        party = Party(leg, self.target.dialect)
        self.stack.push_async_callback(party.close)
        return party


def given(value: str | None, option: str) -> str:
    """An option of the operator's. Raises `Skip` where it was left out."""
    if not value:
        raise Skip(f"give {option}")
    return value


def _made(value: T | None) -> T:
    if value is None:
        raise RuntimeError("a check ran before the one it needs")
    return value


@asynccontextmanager
async def switch_scene(target: Target, prompts: PromptFolder, media: MediaSource) -> AsyncIterator[SwitchScene]:
    """Whatever the checks leave open is closed when left; `media` is started and closed here."""
    async with AsyncExitStack() as stack:
        await media.start()
        stack.push_async_callback(media.close)
        cable, through_cable = await stack.enter_async_context(cable_to(target.endpoint))
        tones = Tones(prompts.here)
        stack.callback(tones.remove)
        yield SwitchScene(target, prompts, tones, media, cable, through_cable, stack)
