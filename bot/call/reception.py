"""Takes the calls that come in: by the number called they get their script, language and contact fields."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import structlog

from bot.call.order import CallOrder, CallResult
from bot.call.service import CallService
from bot.settings import InboundSettings
from dialogue.script import Script
from telephony_bridge.leg import IncomingCall, Refusal, SwitchUnreachable

log = structlog.get_logger(__name__)

Routes = Mapping[str, CallOrder]
"""The order of a call that comes in, but for who calls and when, by the number called without its plus."""


def routes_of(settings: Sequence[InboundSettings], scripts: Mapping[str, Script]) -> Routes:
    return {
        _plain(route.number): CallOrder(
            "",
            route.script,
            route.language or scripts[route.script].languages[0],
            route.contact,
            date.min,
            route.number,
        )
        for route in settings
    }


class Reception:
    """Open it with `open`; each call is a task of its own, until `close` has seen the last of them out.

    `begun` and `ended` are told of calls that are taken. A call that is not is refused, and the log says why.
    """

    def __init__(
        self,
        service: CallService,
        routes: Routes,
        begun: Callable[[CallOrder], None],
        ended: Callable[[CallResult], None],
        today: Callable[[], date] = date.today,
    ) -> None:
        self._service = service
        self._routes = routes
        self._begun = begun
        self._ended = ended
        self._today = today
        self._closing = False
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def calls(self) -> int:
        return len(self._calls)

    async def open(self) -> None:
        """Raises what would fail in the middle of a call of one of the routes, and `SwitchUnreachable`."""
        for order in self._routes.values():
            self._service.require(order)
        await self._service.take_incoming(self._take)

    async def close(self) -> None:
        """Refuse from now on, and return when the last call has ended."""
        self._closing = True
        while self._calls:
            await asyncio.wait(self._calls)

    def _take(self, incoming: IncomingCall) -> None:
        task = asyncio.create_task(self._receive(incoming), name=f"incoming call {incoming.call_id}")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _receive(self, incoming: IncomingCall) -> None:
        route = self._routes.get(_plain(incoming.called))
        if route is None:
            log.warning(
                "incoming call refused",
                call_id=incoming.call_id,
                called=incoming.called,
                why="no [[inbound]] has the number called",
                remedy="add it to voicebot.toml, or take it out of the dialplan's expression",
            )
            await _refuse(incoming, Refusal.UNKNOWN_NUMBER)
        elif self._closing:
            log.warning("incoming call refused", call_id=incoming.call_id, why="this process is about to end")
            await _refuse(incoming, Refusal.NOT_NOW)
        else:
            await self._hold(incoming, route)

    async def _hold(self, incoming: IncomingCall, route: CallOrder) -> None:
        order = CallOrder(
            incoming.caller, route.script, route.language, route.contact, self._today(), called=incoming.called
        )
        self._begun(order)
        try:
            self._ended(await self._service.answer(incoming, order))
        except Exception as error:  # one call's trouble must not keep the others from being answered
            log.error("incoming call failed", call_id=incoming.call_id, error=error)
            await _refuse(incoming, Refusal.NOT_NOW)


async def _refuse(incoming: IncomingCall, why: Refusal) -> None:
    with contextlib.suppress(SwitchUnreachable):  # it is hung up when the switch is back
        await incoming.refuse(why)


def _plain(number: str) -> str:
    return number.removeprefix("+")
