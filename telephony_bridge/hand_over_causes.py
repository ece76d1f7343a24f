"""Why a leg that was handed over came back: the variables a switch leaves on it, as a closed reason.

A queue of mod_callcenter leaves `cc_cause` and `cc_cancel_reason`, a bridge that failed leaves FreeSWITCH's cause, and
the dialplan may say a `HandOverFailure` itself in `voicebot_handover_result`.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony_bridge.causes import line_status_of
from telephony_bridge.line_status import HandOverFailure, LineStatus

_H, _S = HandOverFailure, LineStatus

RESULT = "voicebot_handover_result"
"""The dialplan's own word; it goes before what the switch noticed."""

_QUEUE = ("cc_cancel_reason", "cc_cause")
_BRIDGE = ("originate_disposition", "bridge_hangup_cause", "hangup_cause")

TRACES = (RESULT, *_QUEUE, *_BRIDGE)
"""The variables that are read. They stay on a leg, so they must be cleared before it is handed over again."""

_QUEUE_REASONS: Mapping[str, HandOverFailure] = {
    "TIMEOUT": _H.NOBODY_FREE,
    "NO_AGENT_TIMEOUT": _H.NOBODY_FREE,
    "NONE": _H.NOBODY_FREE,
    # the customer or somebody else took the call out of the queue; no agent declined it
    "BREAK_OUT": _H.UNKNOWN,
    "EXIT_WITH_KEY": _H.UNKNOWN,
}

_NOBODY_PICKED_UP = frozenset({"NO_ANSWER", "ALLOTTED_TIMEOUT", "RECOVERY_ON_TIMER_EXPIRE"})

_STATUSES: Mapping[LineStatus, HandOverFailure] = {
    _S.BUSY: _H.BUSY,
    _S.NO_ANSWER: _H.NOBODY_FREE,
    _S.REJECTED: _H.DECLINED,
    _S.NO_RESPONSE: _H.UNREACHABLE,
    _S.UNALLOCATED: _H.UNREACHABLE,
    _S.INVALID_NUMBER: _H.UNREACHABLE,
    _S.NUMBER_CHANGED: _H.UNREACHABLE,
    _S.UNREACHABLE: _H.UNREACHABLE,
    _S.CONGESTION: _H.UNREACHABLE,
    _S.NETWORK_FAILURE: _H.UNREACHABLE,
    _S.MISCONFIGURED: _H.UNREACHABLE,
}
"""What is left out (answered, cancelled, unknown) says nothing about the agent."""


def hand_over_failure(variables: Mapping[str, str]) -> HandOverFailure:
    """The reason, from a leg's channel variables without their `variable_`. UNKNOWN where none of them tells."""
    said = variables.get(RESULT, "").lower()
    if said in set(HandOverFailure):
        return HandOverFailure(said)
    for name in _QUEUE:
        reason = _QUEUE_REASONS.get(variables.get(name, ""))
        if reason is not None:
            return reason
    for name in _BRIDGE:
        cause = variables.get(name, "")
        if cause in _NOBODY_PICKED_UP:
            return HandOverFailure.NOBODY_FREE
        failure = _STATUSES.get(line_status_of(cause)[0])
        if failure is not None:
            return failure
    return HandOverFailure.UNKNOWN
