"""The simulated switch in a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.peers import RawEsl

pytestmark = pytest.mark.integration

PROGRAM = """
import asyncio
from pathlib import Path
from telephony_bridge.simulated.customer import EchoCustomer
from telephony_bridge.simulated.dialplan import DialPlan, NumberPlan
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch, serve_until_terminated

async def main():
    settings = SwitchSettings(dial_plan=DialPlan((), NumberPlan(at_ms=0)), recordings=Path("recordings"))
    switch = SimulatedSwitch(settings, lambda number, variables: EchoCustomer())
    async def tell():
        await switch.ready.wait()
        print("PORT", switch.port, flush=True)
    await asyncio.gather(serve_until_terminated(switch), tell())

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_cleanly_on_a_signal_with_a_call_up(tmp_path: Path, number: signal.Signals) -> None:
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        cwd=tmp_path,
        env={"PYTHONPATH": str(root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while not (line := await process.stdout.readline()).startswith(b"PORT"):
                assert line, "the process ended before it listened"
            esl = await RawEsl.admitted(int(line.split()[1]))
            await esl.answered_call("U1")
            process.send_signal(number)
            hangup = await esl.event("CHANNEL_HANGUP_COMPLETE")
            _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert hangup.headers["Hangup-Cause"] == "SYSTEM_SHUTDOWN"
    assert (process.returncode, errors.decode()) == (0, "")
    assert [path.name for path in (tmp_path / "recordings").iterdir()] == ["U1.wav"]
    await esl.close()
