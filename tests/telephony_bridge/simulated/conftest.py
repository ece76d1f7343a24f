"""What the simulated switch's tests over real sockets share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.telephony_bridge.simulated.staging import Staging


@pytest.fixture
async def staging(tmp_path: Path) -> AsyncIterator[Staging]:
    async with AsyncExitStack() as stack:
        yield Staging(tmp_path, stack)
