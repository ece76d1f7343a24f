"""What the network told us about a dial, and how a call ended: closed vocabularies.

The mapping from FreeSWITCH's hang-up causes is `line_status_of`; its source is what a real FreeSWITCH
reported (docs/freeswitch.md).
"""

from __future__ import annotations

from enum import StrEnum


class LineStatus(StrEnum):
    """What became of a dial."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    NO_RESPONSE = "no_response"  # the network or the phone gave no sign in time
    REJECTED = "rejected"
    UNALLOCATED = "unallocated"  # no such number
    INVALID_NUMBER = "invalid_number"
    NUMBER_CHANGED = "number_changed"
    UNREACHABLE = "unreachable"  # switched off, out of coverage, no route
    CONGESTION = "congestion"
    NETWORK_FAILURE = "network_failure"
    MISCONFIGURED = "misconfigured"  # ours: no such gateway, codec, account
    CANCELLED = "cancelled"  # we gave up before an answer
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """Whose side a dial failed on."""

    NOBODY = "nobody"
    CALLEE = "callee"
    NETWORK = "network"
    US = "us"
    UNKNOWN = "unknown"


class HungUpBy(StrEnum):
    """Who ended an answered call."""

    CUSTOMER = "customer"
    BOT = "bot"
    NETWORK = "network"
    UNKNOWN = "unknown"


class HandOverFailure(StrEnum):
    """Why nobody took over a call that was handed over."""

    NOBODY_FREE = "nobody_free"  # nobody picked up in time
    BUSY = "busy"
    DECLINED = "declined"
    CLOSED = "closed"  # the queue does not work now
    UNREACHABLE = "unreachable"  # no such queue, agent or extension; the switch or network failed
    UNKNOWN = "unknown"
