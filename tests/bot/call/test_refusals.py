"""What cannot become a whole call is refused before anybody's phone rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.call.customer_track import TRACK
from bot.call.equipment import NotReady
from bot.call.order import CallOrder
from bot.call.service import CallService
from bot.call.tape import TapeState, read_tape, verify_tape
from dialogue.script import ContactError
from telephony_bridge.leg import Dial, Leg, PoolExhausted, SwitchError, SwitchUnreachable
from telephony_bridge.line_status import Fault, LineStatus
from tests.bot.call.running_platform import CONTACT, DAY, SCRIPT, RunningPlatform

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]

ORDER = CallOrder("3001", "satisfaction_survey", "en", {"bank_name": "Harbour Bank"}, date(2026, 11, 24))


async def test_a_queue_without_a_place_on_the_switch_is_refused(running: RunningPlatform) -> None:
    with pytest.raises(NotReady, match=r"hands over to service.*\[queues\]"):
        await running.service.place(ORDER)


async def test_a_language_the_script_does_not_speak_is_refused(running: RunningPlatform) -> None:
    with pytest.raises(NotReady, match="speaks en, zh, not `fr`"):
        await running.service.place(replace(ORDER, language="fr"))


async def test_a_language_nobody_here_hears_is_refused(running: RunningPlatform) -> None:
    order = replace(ORDER, script="repayment_reminder", language="zh")
    with pytest.raises(NotReady, match="does not hear `zh`"):
        await running.service.place(order)


async def test_a_contact_without_what_the_script_needs_is_refused(running: RunningPlatform) -> None:
    with pytest.raises(ContactError, match="customer_name"):
        await running.service.place(replace(ORDER, script="repayment_reminder"))


class _Breaks:
    """A switch on which no dial comes to an end."""

    def __init__(self, error: SwitchError) -> None:
        self._error = error

    async def dial(self, dial: Dial) -> Leg:
        raise self._error

    async def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("error", "status"),
    [(SwitchUnreachable("it broke"), LineStatus.UNKNOWN), (PoolExhausted("all are full"), LineStatus.CANCELLED)],
)
async def test_a_dial_that_breaks_off_has_its_ending_on_the_tape(
    running: RunningPlatform, error: SwitchError, status: LineStatus
) -> None:
    service, tapes = running.service, running.service.equipment.settings.folders.tapes
    before = set(tapes.glob("*.jsonl"))
    broken = CallService(service.equipment, service._workers, _Breaks(error), service._media)
    with pytest.raises(type(error)):
        await broken.place(CallOrder("3009", SCRIPT, "en", CONTACT, DAY))
    (tape,) = set(tapes.glob("*.jsonl")) - before
    assert verify_tape(tape).state is TapeState.INTACT
    (ending,) = (row for row in read_tape(tape)[1] if row["kind"] == "dial_ended")
    assert (ending["line_status"], ending["fault"], ending["cause"]) == (status, Fault.US, type(error).__name__)
    assert not tape.with_suffix(TRACK).exists()
