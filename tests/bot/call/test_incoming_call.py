"""The whole product takes calls that come in on a simulated switch, two side by side."""

from __future__ import annotations

import asyncio

import pytest

from bot.call.order import CallOrder, CallResult
from bot.call.reception import Reception
from bot.call.tape import TapeState, read_tape, verify_tape
from bot.vocabulary import Outcome
from telephony_bridge.simulated.switch import Fault
from tests.bot.call.running_platform import CONTACT, DAY, LONGEST_CALL_S, SCRIPT, RunningPlatform

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="session"),
]

OURS = "74950000001"


async def test_two_customers_call_and_are_understood_and_one_who_gives_up_is_put_down(running: RunningPlatform) -> None:
    begun: asyncio.Queue[CallOrder] = asyncio.Queue()
    ended: asyncio.Queue[CallResult] = asyncio.Queue()
    route = CallOrder("", SCRIPT, "en", CONTACT, DAY, OURS)
    reception = Reception(running.service, {OURS: route}, begun.put_nowait, ended.put_nowait, lambda: DAY)
    await reception.open()
    calls = {running.switch.incoming_call(OURS, caller).uuid: caller for caller in ("5001", "5002")}
    hasty = running.switch.incoming_call(OURS, "5003")
    async with asyncio.timeout(LONGEST_CALL_S):
        while (await begun.get()).number != "5003":
            pass
        running.switch.inject_fault(Fault.CALLER_LEAVES, hasty.uuid)
        results = {result.call_id: result for result in [await ended.get() for _ in range(3)]}
    assert results[hasty.uuid].outcome is Outcome.NOT_REACHED
    assert [row["kind"] for row in read_tape(results[hasty.uuid].tape)[1]][-2:] == ["dial_ended", "tape_closed"]
    for call_id, caller in calls.items():
        result = results[call_id]
        header, rows = read_tape(result.tape)
        assert (result.outcome, header["direction"]) == (Outcome.WRONG_PERSON, "inbound")
        assert (header["number"], header["called"]) == (caller, OURS)
        assert [row["switch"] for row in rows if row["kind"] == "carried_by"] == [f"127.0.0.1:{running.switch.port}"]
        assert verify_tape(result.tape).state is TapeState.INTACT
        assert result.recording is not None
