"""`voicebot conformance switch`: our side played against a switch."""

from __future__ import annotations

from collections.abc import Mapping

from telephony_bridge.conformance.check import Report
from telephony_bridge.conformance.runner import Action, carry_out
from telephony_bridge.conformance.switch_calls import CALLS
from telephony_bridge.conformance.switch_checks import SWITCH_CHECKS
from telephony_bridge.conformance.switch_scene import SwitchScene, Target, switch_scene
from telephony_bridge.conformance.switch_socket import SOCKET
from telephony_bridge.conformance.switch_sound import SOUND
from telephony_bridge.freeswitch_leg import PromptFolder
from telephony_bridge.media import MediaSource

SWITCH_ACTIONS: Mapping[str, Action[SwitchScene]] = {**SOCKET, **CALLS, **SOUND}

MARGIN_S = 20.0
"""Each check gets the ring time and this."""


async def check_switch(target: Target, prompts: PromptFolder, media: MediaSource) -> Report:
    """Try every check. `media` must not be started. Raises `OSError` where we cannot listen ourselves."""
    async with switch_scene(target, prompts, media) as scene:
        limit_s = target.ring_s + MARGIN_S
        findings = await carry_out(SWITCH_CHECKS, SWITCH_ACTIONS, scene, target.dialect.name, limit_s)
    return Report(f"the switch at {target.endpoint}", tuple(findings))
