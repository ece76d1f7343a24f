"""Who answers a call that comes in: by the number called, several side by side; nobody for a number of no script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.call.equipment import NotReady
from bot.call.order import CallOrder, CallResult
from bot.call.reception import Reception, routes_of
from bot.call.service import CallService
from bot.settings import ROOT, InboundSettings, SettingsError, load_settings
from bot.vocabulary import Outcome
from dialogue.script import load_script
from telephony_bridge.leg import IncomingCall, Leg, LegGone, Refusal, SwitchUnreachable
from telephony_bridge.line_status import Fault, LineStatus

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 24)
SURVEY = InboundSettings(number="+74950000001", script="satisfaction_survey", contact={"bank_name": "Harbour Bank"})
CHINESE = SURVEY.model_copy(update={"number": "74950000002", "language": "zh"})
SCRIPTS = {"satisfaction_survey": load_script(ROOT / "dialogue" / "scripts" / "satisfaction_survey")}


@dataclass
class Ringing:
    """An incoming call on no switch."""

    called: str
    call_id: str = "c1"
    caller: str = "79990000100"
    switch: str = "10.0.0.9:8021"
    refused: list[Refusal] = field(default_factory=list)
    unreachable: bool = False

    async def answer(self) -> Leg:
        raise LegGone("nobody answers here")

    async def refuse(self, why: Refusal) -> None:
        self.refused.append(why)
        if self.unreachable:
            raise SwitchUnreachable("gone")


class Service(CallService):
    """Holds calls until it is told to end them."""

    def __init__(self, broken: Exception | None = None) -> None:
        self.orders: list[CallOrder] = []
        self.end = asyncio.Event()
        self.handler: Callable[[IncomingCall], None] = lambda call: None
        self._broken = broken

    def require(self, order: CallOrder) -> None:
        if order.language == "zh" and self._broken is not None:
            raise NotReady("nobody hears it")

    async def take_incoming(self, handler: Callable[[IncomingCall], None]) -> None:
        self.handler = handler

    async def answer(self, incoming: IncomingCall, order: CallOrder, observe: object = None) -> CallResult:
        self.orders.append(order)
        if self._broken is not None:
            raise self._broken
        await self.end.wait()
        tape = Path(f"{incoming.call_id}.jsonl")
        return CallResult(incoming.call_id, Outcome.HUNG_UP, LineStatus.ANSWERED, Fault.NOBODY, tape, None)


class Desk:
    """A reception and what it told."""

    def __init__(self, service: Service, *routes: InboundSettings) -> None:
        self.service = service
        self.begun: list[CallOrder] = []
        self.ended: list[CallResult] = []
        self.reception = Reception(
            service, routes_of(routes, SCRIPTS), self.begun.append, self.ended.append, lambda: TODAY
        )

    async def ring(self, call: Ringing) -> Ringing:
        self.service.handler(call)
        await settled()
        return call


async def settled() -> None:
    """Until nothing moves any more that does not wait for something outside."""
    for _ in range(10):
        await asyncio.sleep(0)


async def desk(service: Service | None = None) -> Desk:
    made = Desk(service or Service(), SURVEY, CHINESE)
    await made.reception.open()
    return made


@pytest.mark.parametrize("called", ["74950000001", "+74950000001"])
async def test_the_number_called_chooses_script_language_and_contact(called: str) -> None:
    made = await desk()
    await made.ring(Ringing(called))
    (order,) = made.service.orders
    assert order == CallOrder("79990000100", "satisfaction_survey", "en", SURVEY.contact, TODAY, called)


async def test_another_number_has_another_language_and_calls_are_held_side_by_side() -> None:
    made = await desk()
    await made.ring(Ringing("74950000001", "c1"))
    await made.ring(Ringing("74950000002", "c2"))
    assert [order.language for order in made.service.orders] == ["en", "zh"]
    assert (made.reception.calls, made.ended) == (2, [])
    made.service.end.set()
    await made.reception.close()
    assert sorted(result.call_id for result in made.ended) == ["c1", "c2"]


async def test_a_number_that_is_not_ours_is_refused_and_the_log_says_what_to_do() -> None:
    made = await desk()
    with capture_logs() as logs:
        call = await made.ring(Ringing("88000000000"))
    assert call.refused == [Refusal.UNKNOWN_NUMBER]
    assert (made.service.orders, made.begun) == ([], [])
    (row,) = logs
    assert (row["event"], row["called"]) == ("incoming call refused", "88000000000")
    assert "[[inbound]]" in row["why"]
    assert "voicebot.toml" in row["remedy"]


async def test_what_breaks_before_the_answer_refuses_that_call_alone() -> None:
    service = Service()
    made = await desk(service)
    service._broken = RuntimeError("no dialogue worker")
    with capture_logs() as logs:
        call = await made.ring(Ringing("74950000001", unreachable=True))
    assert call.refused == [Refusal.NOT_NOW]
    assert [row["event"] for row in logs] == ["incoming call failed"]
    service._broken = None
    await made.ring(Ringing("74950000001", "c2"))
    assert made.reception.calls == 1


async def test_calls_under_way_end_well_and_new_ones_are_refused_once_it_closes() -> None:
    made = await desk()
    await made.ring(Ringing("74950000001"))
    closing = asyncio.create_task(made.reception.close())
    await settled()
    late = await made.ring(Ringing("74950000001", "c2"))
    assert late.refused == [Refusal.NOT_NOW]
    assert not closing.done()
    made.service.end.set()
    await closing
    assert [result.call_id for result in made.ended] == ["c1"]


async def test_a_route_that_could_not_be_held_is_told_before_anybody_calls() -> None:
    with pytest.raises(NotReady, match="nobody hears it"):
        await desk(Service(broken=RuntimeError()))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[inbound]]\nnumber = "7 495"\nscript = "s"\n', r"inbound\.0\.number"),
        ('[[inbound]]\nnumber = "+7495"\nscript = "s"\n[[inbound]]\nnumber = "7495"\nscript = "t"\n', "more than once"),
        ('[[inbound]]\nnumber = "7495"\n', r"inbound\.0\.script"),
        ('[[inbound]]\nnumber = "7495"\nscript = "s"\nvoice = "x"\n', "unknown setting"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "voicebot.toml").write_text(text)
    with pytest.raises(SettingsError, match=says):
        load_settings(tmp_path / "voicebot.toml")
