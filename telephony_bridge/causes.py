"""FreeSWITCH's hang-up causes as closed statuses.

The causes that SIP answers lead to were observed on FreeSWITCH 1.11.1 (docs/freeswitch.md lists them); those no
callee produced there are placed by what Q.850 says they mean.
"""

from __future__ import annotations

from telephony_bridge.line_status import Fault, HungUpBy, LineStatus

_S, _F = LineStatus, Fault

CAUSES: dict[str, tuple[LineStatus, Fault]] = {
    "NORMAL_CLEARING": (_S.ANSWERED, _F.NOBODY),
    "NORMAL_UNSPECIFIED": (_S.UNKNOWN, _F.UNKNOWN),
    # the number
    "UNALLOCATED_NUMBER": (_S.UNALLOCATED, _F.CALLEE),
    "DOES_NOT_EXIST_ANYWHERE": (_S.UNALLOCATED, _F.CALLEE),
    "NUMBER_CHANGED": (_S.NUMBER_CHANGED, _F.CALLEE),
    "REDIRECTION_TO_NEW_DESTINATION": (_S.NUMBER_CHANGED, _F.CALLEE),
    "INVALID_NUMBER_FORMAT": (_S.INVALID_NUMBER, _F.US),
    # the customer and the customer's phone
    "USER_BUSY": (_S.BUSY, _F.CALLEE),
    "BUSY_EVERYWHERE": (_S.BUSY, _F.CALLEE),
    "NO_ANSWER": (_S.NO_ANSWER, _F.CALLEE),
    "ALLOTTED_TIMEOUT": (_S.NO_ANSWER, _F.CALLEE),
    "NO_USER_RESPONSE": (_S.NO_RESPONSE, _F.CALLEE),
    "SUBSCRIBER_ABSENT": (_S.UNREACHABLE, _F.CALLEE),
    "DESTINATION_OUT_OF_ORDER": (_S.UNREACHABLE, _F.CALLEE),
    "CALL_REJECTED": (_S.REJECTED, _F.CALLEE),
    "DECLINE": (_S.REJECTED, _F.CALLEE),
    "UNWANTED": (_S.REJECTED, _F.CALLEE),
    "INCOMING_CALL_BARRED": (_S.REJECTED, _F.CALLEE),
    # the way to the customer
    "NO_ROUTE_TRANSIT_NET": (_S.UNREACHABLE, _F.NETWORK),
    "NO_ROUTE_DESTINATION": (_S.UNREACHABLE, _F.NETWORK),
    "RECOVERY_ON_TIMER_EXPIRE": (_S.NO_RESPONSE, _F.NETWORK),
    "PROGRESS_TIMEOUT": (_S.NO_RESPONSE, _F.NETWORK),
    "NORMAL_CIRCUIT_CONGESTION": (_S.CONGESTION, _F.NETWORK),
    "SWITCH_CONGESTION": (_S.CONGESTION, _F.NETWORK),
    "REQUESTED_CHAN_UNAVAIL": (_S.CONGESTION, _F.NETWORK),
    "PRE_EMPTED": (_S.CONGESTION, _F.NETWORK),
    "EXCHANGE_ROUTING_ERROR": (_S.NETWORK_FAILURE, _F.NETWORK),
    "NETWORK_OUT_OF_ORDER": (_S.NETWORK_FAILURE, _F.NETWORK),
    "NORMAL_TEMPORARY_FAILURE": (_S.NETWORK_FAILURE, _F.NETWORK),
    "FACILITY_REJECTED": (_S.NETWORK_FAILURE, _F.NETWORK),
    "SERVICE_UNAVAILABLE": (_S.NETWORK_FAILURE, _F.NETWORK),
    "INVALID_MSG_UNSPECIFIED": (_S.NETWORK_FAILURE, _F.NETWORK),
    "MANDATORY_IE_MISSING": (_S.NETWORK_FAILURE, _F.NETWORK),
    "PROTOCOL_ERROR": (_S.NETWORK_FAILURE, _F.NETWORK),
    "INTERWORKING": (_S.NETWORK_FAILURE, _F.NETWORK),
    "MEDIA_TIMEOUT": (_S.NETWORK_FAILURE, _F.NETWORK),
    "GATEWAY_DOWN": (_S.NETWORK_FAILURE, _F.NETWORK),
    # the switch's settings or our account with the carrier
    "INVALID_GATEWAY": (_S.MISCONFIGURED, _F.US),
    "INVALID_PROFILE": (_S.MISCONFIGURED, _F.US),
    "INVALID_URL": (_S.MISCONFIGURED, _F.US),
    "CHAN_NOT_IMPLEMENTED": (_S.MISCONFIGURED, _F.US),
    "USER_NOT_REGISTERED": (_S.MISCONFIGURED, _F.US),
    "INCOMPATIBLE_DESTINATION": (_S.MISCONFIGURED, _F.US),  # no codec in common
    "SERVICE_NOT_IMPLEMENTED": (_S.MISCONFIGURED, _F.US),
    "FACILITY_NOT_IMPLEMENTED": (_S.MISCONFIGURED, _F.US),
    "FACILITY_NOT_SUBSCRIBED": (_S.MISCONFIGURED, _F.US),
    "OUTGOING_CALL_BARRED": (_S.MISCONFIGURED, _F.US),
    "BEARERCAPABILITY_NOTAUTH": (_S.MISCONFIGURED, _F.US),
    "BEARERCAPABILITY_NOTAVAIL": (_S.MISCONFIGURED, _F.US),
    "BEARERCAPABILITY_NOTIMPL": (_S.MISCONFIGURED, _F.US),
    "CRASH": (_S.NETWORK_FAILURE, _F.US),
    "SYSTEM_SHUTDOWN": (_S.NETWORK_FAILURE, _F.US),
    # somebody on our side ended the attempt
    "ORIGINATOR_CANCEL": (_S.CANCELLED, _F.US),
    "LOSE_RACE": (_S.CANCELLED, _F.US),
    "MANAGER_REQUEST": (_S.CANCELLED, _F.US),
}

_Q850: dict[int, str] = {
    1: "UNALLOCATED_NUMBER",
    2: "NO_ROUTE_TRANSIT_NET",
    3: "NO_ROUTE_DESTINATION",
    17: "USER_BUSY",
    18: "NO_USER_RESPONSE",
    19: "NO_ANSWER",
    20: "SUBSCRIBER_ABSENT",
    21: "CALL_REJECTED",
    22: "NUMBER_CHANGED",
    25: "EXCHANGE_ROUTING_ERROR",
    27: "DESTINATION_OUT_OF_ORDER",
    28: "INVALID_NUMBER_FORMAT",
    34: "NORMAL_CIRCUIT_CONGESTION",
    38: "NETWORK_OUT_OF_ORDER",
    41: "NORMAL_TEMPORARY_FAILURE",
    42: "SWITCH_CONGESTION",
    79: "SERVICE_NOT_IMPLEMENTED",
    88: "INCOMPATIBLE_DESTINATION",
    102: "RECOVERY_ON_TIMER_EXPIRE",
    127: "INTERWORKING",
}
"""For causes not in the table. 16 is left out: FreeSWITCH also gives it to causes of its own that have no number."""

_BY_SIP: dict[tuple[str, int], tuple[LineStatus, Fault]] = {
    ("NO_USER_RESPONSE", 480): (_S.UNREACHABLE, _F.CALLEE),  # a mobile network: switched off or out of coverage
    ("CALL_REJECTED", 401): (_S.MISCONFIGURED, _F.US),  # the carrier does not accept our account
    ("CALL_REJECTED", 407): (_S.MISCONFIGURED, _F.US),
    ("CALL_REJECTED", 403): (_S.REJECTED, _F.UNKNOWN),  # the customer's phone or the carrier: it does not tell
    ("RECOVERY_ON_TIMER_EXPIRE", 504): (_S.NETWORK_FAILURE, _F.NETWORK),
    ("SERVICE_NOT_IMPLEMENTED", 501): (_S.NETWORK_FAILURE, _F.NETWORK),
}
"""Where one cause stands for several SIP answers that mean different things to us."""


def line_status_of(cause: str, q850: int | None = None, sip_status: int | None = None) -> tuple[LineStatus, Fault]:
    """The status and whose fault, from `Hangup-Cause`, `hangup_cause_q850` and `sip_term_status`.

    What no table knows is UNKNOWN; it is never guessed.
    """
    if sip_status is not None and (cause, sip_status) in _BY_SIP:
        return _BY_SIP[cause, sip_status]
    if cause not in CAUSES and q850 is not None:
        cause = _Q850.get(q850, cause)
    return CAUSES.get(cause, (LineStatus.UNKNOWN, Fault.UNKNOWN))


def hung_up_by(fault: Fault, disposition: str | None) -> HungUpBy:
    """Who ended an answered call, from the cause's fault and `sip_hangup_disposition`."""
    if fault is Fault.NETWORK:
        return HungUpBy.NETWORK
    match disposition:
        case "recv_bye" | "recv_cancel":
            return HungUpBy.CUSTOMER
        case "send_bye":
            return HungUpBy.BOT
        case _:
            return HungUpBy.UNKNOWN
