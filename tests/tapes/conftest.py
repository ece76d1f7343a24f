"""What replays run in, once for all tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.call.service import CallService
from tests.bot.replay.standing import standing_house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CallService]:
    async with standing_house(tmp_path_factory.mktemp("replay")) as service:
        yield service
