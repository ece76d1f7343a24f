"""A simulation calls through its own switch alone, whatever switches the settings name."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.settings import NodeSettings, Settings, SwitchSettings
from bot.simulation.process import SimulatedAddress, settings_for

pytestmark = pytest.mark.unit


def test_no_switch_of_the_operators_and_no_limit_of_theirs_is_left() -> None:
    nodes = tuple(
        NodeSettings(host=host, password=SecretStr("theirs"), drain=True) for host in ("10.0.0.1", "10.0.0.2")
    )
    settings = Settings(switch=SwitchSettings(nodes=nodes, calls_per_second=0.1, max_calls=1, ring_timeout_s=7))
    reached = settings_for(SimulatedAddress("127.0.0.1", 4000, "ours"), settings).switch
    (only,) = reached.pool
    ours = NodeSettings(host="127.0.0.1", port=4000, password=SecretStr("ours"))
    assert {name: getattr(only, name) for name in NodeSettings.model_fields} == dict(ours)
    assert reached.ring_timeout_s == 7
