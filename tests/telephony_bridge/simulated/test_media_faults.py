"""Media that goes wrong on demand, over real sockets."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest

from telephony_bridge.simulated import media_socket
from telephony_bridge.simulated.customer import SilentCustomer
from tests.telephony_bridge.simulated.staging import Staging, U

pytestmark = pytest.mark.integration


async def test_a_media_connection_breaks_on_demand(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next()
    assert await scene.esl.api(f"sim_abort_media {U}") == "+OK\n"
    assert await stream.wait_ended() is None
    assert json.loads((await scene.esl.event("mod_audio_stream::error")).body)["message"]["code"] == 1


@pytest.mark.parametrize(("fault", "size"), [("sim_odd_frame", 319), ("sim_oversized_frame", 2 * 1024 * 1024)])
async def test_a_bad_frame_on_demand(staging: Staging, fault: str, size: int) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next()
    assert await scene.esl.api(f"{fault} {U}") == "+OK\n"
    assert await stream.next_where(lambda message: len(message) == size)


async def test_a_double_rate_on_demand(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next()
    assert await scene.esl.api(f"sim_double_rate {U}") == "+OK\n"
    assert await stream.next_where(lambda message: len(message) == 640)
    assert len(await stream.next()) == 640


async def test_a_media_fault_without_media_is_refused(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    assert await scene.esl.api(f"sim_odd_frame {U}") == "-ERR No such channel!\n"


async def test_a_stalled_connection_sends_late_what_it_did_not_send_in_time(
    staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_socket, "STALL_S", 0.3)
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next_where(lambda message: len(message) == 320)
    came = [asyncio.get_running_loop().time()]
    assert await scene.esl.api(f"sim_stall_media {U}") == "+OK\n"
    for _ in range(30):
        assert len(await stream.next()) == 320
        came.append(asyncio.get_running_loop().time())
    assert max(later - earlier for earlier, later in pairwise(came)) > 0.25
