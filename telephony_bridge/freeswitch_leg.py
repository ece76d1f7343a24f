"""One answered party on a FreeSWITCH: the leg port over the event socket. The thinking is in `channel.py`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import structlog

from telephony_bridge import hand_over, originate
from telephony_bridge.channel import Channel
from telephony_bridge.dialects import Dialect
from telephony_bridge.esl.client import EslClient
from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.leg import (
    ControlLost,
    ControlRestored,
    HungUp,
    LegEvent,
    LegGone,
    PlayoutEnded,
    SwitchError,
    SwitchUnreachable,
)
from telephony_bridge.media_commands import MediaRefused, media_commands
from telephony_bridge.wav import BadPrompt, prompt_length

log = structlog.get_logger(__name__)

INCOMING = "voicebot_incoming"
"""The channel variable by which the dialplan says that a call it parks is for us: the number called."""

ANSWER_S = 5.0
"""How long the switch may take to say that it has answered a call for us."""

SETTLE_S = 0.5
"""After a break, a queued playout whose start has not been reported in this time was dropped. Events of a break that
hit came within 21 ms on the switch that was measured."""


@dataclass(frozen=True, slots=True)
class PromptFolder:
    """The folder of prompts as we see it, and the same folder as the switch sees it."""

    here: Path
    on_switch: PurePosixPath

    def on_the_switch(self, path: Path) -> str:
        """Where the switch finds `path`. Raises `BadPrompt` for a file outside the folder."""
        try:
            return str(self.on_switch / path.absolute().relative_to(self.here.absolute()).as_posix())
        except ValueError:
            raise BadPrompt(f"the prompt {path.name} is outside the folder shared with the switch") from None


class FreeSwitchLeg:
    """See `telephony_bridge.leg.Leg`. Made by `FreeSwitch`: for a dial, or for a call that came in."""

    def __init__(
        self,
        call_id: str,
        client: EslClient,
        dialect: Dialect,
        prompts: PromptFolder | None,
        on_gone: Callable[[str], None],
        settle_s: float = SETTLE_S,
    ) -> None:
        self._call_id = call_id
        self._client = client
        self._dialect = dialect
        self._prompts = prompts
        self._on_gone = on_gone
        self._settle_s = settle_s
        self._media = media_commands(call_id, client, dialect, self._api)
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._hung_up: str | None = None
        self._answered = asyncio.Event()
        self.channel = Channel(dialect)
        self.ended = asyncio.Event()

    @property
    def call_id(self) -> str:
        return self._call_id

    @property
    def switch(self) -> str:
        return str(self._client.endpoint)

    @property
    def _answering(self) -> str:
        """The id of the application that answers."""
        return f"{self._call_id}-answer"

    async def events(self) -> AsyncIterator[LegEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, HungUp):
                return

    async def answer(self) -> None:
        """Pick up a call that came in. Raises `LegGone` where the caller hangs up first, and `SwitchError`."""
        self._require_here()
        try:
            if self._dialect.while_parked:  # our packets and the switch's silence would mix; it looks at the answer
                await self._api(f"uuid_setvar {self._call_id} {originate.IDLE_SILENCE}")
            await self._api(f"uuid_setvar {self._call_id} {INCOMING}")  # without a value: it is taken now
        except LegGone:
            self._emit(self.channel.vanish())
            raise
        reply = await self._client.execute(self._call_id, "answer", "", self._answering)
        if not reply.startswith("+OK"):
            self._require_here()
            raise SwitchError(f"the switch does not answer the call: {reply}")
        told = [asyncio.ensure_future(event.wait()) for event in (self._answered, self.ended)]
        try:
            await asyncio.wait(told, timeout=ANSWER_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in told:
                waiting.cancel()
        self._require_here()
        if not self._answered.is_set():
            raise SwitchError(f"the switch did not say in {ANSWER_S:g} s that it has answered the call")

    async def start_media(self, url: str, metadata: Mapping[str, str]) -> None:
        """Raises `MediaRefused` too, where the switch has no such module, and for a leg that is handed over."""
        if not self.channel.hand_over.ours:  # what a colleague says is not for our ears
            raise MediaRefused("the leg is handed over, or about to be")
        await self._media.start(url, metadata)

    async def stop_media(self) -> None:
        await self._media.stop()

    async def play(self, path: Path, playout_id: str) -> None:
        self._require_here()
        try:
            length = prompt_length(path)
            file = self._as_the_switch_sees(path)
        except BadPrompt as error:
            self._emit([PlayoutEnded(playout_id, 0, completed=False, problem=str(error))])
            return
        self.channel.queue(playout_id, length)
        answer = await self._client.execute(self._call_id, "playback", file, playout_id)
        if not answer.startswith("+OK"):
            self._emit(self.channel.refuse(playout_id, answer))
        if _knows_no_channel(answer):
            self._expect_end()

    async def stop_playout(self) -> None:
        self._require_here()
        stopped = self.channel.outstanding
        if not stopped or not self.channel.hand_over.ours:
            return  # nothing of ours plays on a leg that was handed over, and the break would hit what does
        self.channel.stop(stopped)
        await self._api(f"uuid_break {self._call_id} all")
        asyncio.get_running_loop().call_later(self._settle_s, self._settle, stopped)

    async def transfer(self, destination: str, variables: Mapping[str, str]) -> None:
        command = originate.transfer(self._call_id, destination)
        encoded = hand_over.encode(variables)
        try:
            answer = await self._api(hand_over.prepare(self._call_id, encoded))
            if not answer.startswith("+OK"):
                raise SwitchError(f"the switch does not set the variables of a transfer: {answer}")
            await self._tell_desks(encoded)
        except SwitchUnreachable:
            self.channel.hand_over.miss()
            raise
        self._require_here()
        self.channel.hand_over.begin()
        answer = await self._api(command)
        if not answer.startswith("+OK"):
            self.channel.hand_over.cancel()
            raise SwitchError(f"the switch does not transfer: {answer}")

    async def hang_up(self, cause: str = "") -> None:
        """While the switch is out of reach this raises, and the leg is hung up when it is back."""
        if not self.channel.gone:
            self._hung_up = f"uuid_kill {self._call_id} {cause}".rstrip()
            with contextlib.suppress(LegGone):
                await self._api(self._hung_up)

    def receive(self, event: EslMessage) -> None:
        """An event of this leg's channel."""
        if event.event_name == "CHANNEL_EXECUTE_COMPLETE" and event.headers.get("Application-UUID") == self._answering:
            self._answered.set()
        self._media.receive(event)
        self._emit(self.channel.receive(event))

    def control_lost(self, reason: str) -> None:
        if not self.channel.gone:
            self._emit([ControlLost(reason)])

    async def control_restored(self) -> None:
        """Find out whether the leg is still there, and bring it to a state we know: silent."""
        if self.channel.gone:
            return
        if await self._client.api(f"uuid_exists {self._call_id}") != "true":
            self._emit(self.channel.vanish())
            return
        if self._hung_up is not None:
            await self._client.api(self._hung_up)
            return
        if self.channel.outstanding:
            if self.channel.hand_over.ours:
                await self._client.api(f"uuid_break {self._call_id} all")
            self._emit(self.channel.forget_playouts("control of the switch was lost while it played or waited"))
        if self.channel.hand_over.waiting:
            self._emit(self.channel.take_stock(await self._marks()))
        self._emit([ControlRestored()])  # last, so that what is played in answer to it is not broken off too

    def switch_restarted(self) -> None:
        """The switch has lost all its calls, and this one with them."""
        self._emit(self.channel.vanish("CRASH"))

    async def _tell_desks(self, encoded: Mapping[str, str]) -> None:
        """A desk that cannot be told must not keep the customer from a human."""
        headers = {hand_over.CALL_ID_HEADER: self._call_id, **encoded}
        answer = await self._client.send_event(hand_over.DESK_EVENT, headers)
        if not answer.startswith("+OK"):
            log.warning("desks were not told of a hand-over", call_id=self._call_id)

    async def _marks(self) -> dict[str, str]:
        answers = {name: await self._client.api(f"uuid_getvar {self._call_id} {name}") for name in hand_over.MARKS}
        return {name: value for name, value in answers.items() if value != "_undef_" and not value.startswith("-ERR")}

    def _as_the_switch_sees(self, path: Path) -> str:
        return self._prompts.on_the_switch(path) if self._prompts else str(path.absolute())

    def _settle(self, playout_ids: frozenset[str]) -> None:
        self._emit(self.channel.settle(playout_ids))

    def _emit(self, events: Iterable[LegEvent]) -> None:
        for event in events:
            self._events.put_nowait(event)
        if self.channel.gone and not self.ended.is_set():
            self.ended.set()
            self._on_gone(self._call_id)

    def _require_here(self) -> None:
        if self.channel.gone:
            raise LegGone("the leg has hung up")

    async def _api(self, command: str) -> str:
        self._require_here()
        answer = await self._client.api(command)
        if _knows_no_channel(answer):
            self._expect_end()
            raise LegGone("the switch does not know this leg any more")
        return answer

    def _expect_end(self) -> None:
        """The switch no longer knows the leg. The event that says why is under way, or the leg vanished without one."""
        asyncio.get_running_loop().call_later(self._settle_s, lambda: self._emit(self.channel.vanish()))


def _knows_no_channel(answer: str) -> bool:
    """The first is what `api` answers, the second `sendmsg`."""
    return answer.startswith("-ERR") and ("no such channel" in answer.lower() or "invalid session id" in answer)
