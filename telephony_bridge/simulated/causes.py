"""How a dial that failed, and a call that ended, show in the switch's variables (as a real FreeSWITCH showed them)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Disposition(StrEnum):
    """`sip_hangup_disposition`: which SIP message ended the leg, and whose."""

    RECV_REFUSE = "recv_refuse"
    SEND_CANCEL = "send_cancel"
    RECV_BYE = "recv_bye"
    SEND_BYE = "send_bye"
    SEND_REFUSE = "send_refuse"
    RECV_CANCEL = "recv_cancel"


@dataclass(frozen=True, slots=True)
class Ending:
    """A hang-up cause and the variables that CHANNEL_HANGUP_COMPLETE carries with it."""

    cause: str
    variables: dict[str, str] = field(default_factory=dict)


Q850 = {
    "UNALLOCATED_NUMBER": 1,
    "NO_ROUTE_DESTINATION": 3,
    "NORMAL_CLEARING": 16,
    "PROGRESS_TIMEOUT": 16,
    "ORIGINATOR_CANCEL": 16,
    "UNWANTED": 16,
    "USER_BUSY": 17,
    "NO_USER_RESPONSE": 18,
    "NO_ANSWER": 19,
    "CALL_REJECTED": 21,
    "NUMBER_CHANGED": 22,
    "EXCHANGE_ROUTING_ERROR": 25,
    "INVALID_NUMBER_FORMAT": 28,
    "NORMAL_UNSPECIFIED": 31,
    "NORMAL_CIRCUIT_CONGESTION": 34,
    "NETWORK_OUT_OF_ORDER": 38,
    "NORMAL_TEMPORARY_FAILURE": 41,
    "SERVICE_NOT_IMPLEMENTED": 79,
    "INCOMPATIBLE_DESTINATION": 88,
    "RECOVERY_ON_TIMER_EXPIRE": 102,
    "INTERWORKING": 127,
}
"""The number each cause is reported with in `hangup_cause_q850`."""

CAUSE_OF_SIP = {
    400: "NORMAL_TEMPORARY_FAILURE",
    401: "CALL_REJECTED",
    403: "CALL_REJECTED",
    404: "UNALLOCATED_NUMBER",
    406: "SERVICE_NOT_IMPLEMENTED",
    408: "RECOVERY_ON_TIMER_EXPIRE",
    410: "NUMBER_CHANGED",
    413: "INTERWORKING",
    415: "SERVICE_NOT_IMPLEMENTED",
    420: "INTERWORKING",
    423: "INTERWORKING",
    480: "NO_USER_RESPONSE",
    481: "NORMAL_TEMPORARY_FAILURE",
    482: "EXCHANGE_ROUTING_ERROR",
    483: "EXCHANGE_ROUTING_ERROR",
    484: "INVALID_NUMBER_FORMAT",
    485: "NO_ROUTE_DESTINATION",
    486: "USER_BUSY",
    487: "ORIGINATOR_CANCEL",
    488: "INCOMPATIBLE_DESTINATION",
    491: "NORMAL_UNSPECIFIED",
    500: "NORMAL_TEMPORARY_FAILURE",
    501: "SERVICE_NOT_IMPLEMENTED",
    502: "NETWORK_OUT_OF_ORDER",
    503: "NORMAL_TEMPORARY_FAILURE",
    504: "RECOVERY_ON_TIMER_EXPIRE",
    505: "INTERWORKING",
    600: "USER_BUSY",
    603: "CALL_REJECTED",
    604: "NO_ROUTE_DESTINATION",
    606: "INCOMPATIBLE_DESTINATION",
    607: "UNWANTED",
}
"""Cause of a refusal without a Q.850 Reason header, by SIP status."""


def refused(sip_status: int, reason_q850: int | None = None) -> Ending:
    """The callee or the network refused with a SIP status; a Q.850 Reason header overrides the status's cause."""
    cause = CAUSE_OF_SIP[sip_status] if reason_q850 is None else cause_of_q850(reason_q850)
    variables = {
        "hangup_cause_q850": str(Q850[cause]),
        "sip_term_status": str(sip_status),
        "proto_specific_hangup_cause": f"sip:{sip_status}",
    }
    if sip_status != 401:  # an unanswerable challenge leaves these two unset
        variables["sip_invite_failure_status"] = str(sip_status)
        variables["sip_hangup_disposition"] = Disposition.RECV_REFUSE.value
    return Ending(cause, variables)


def cancelled(cause: str) -> Ending:
    """We gave the dial up before an answer: a time limit, or a command."""
    return Ending(
        cause,
        {
            "hangup_cause_q850": str(Q850.get(cause, 0)),
            "sip_invite_failure_status": "487",
            "sip_invite_failure_phrase": "CANCEL",
            "sip_hangup_disposition": Disposition.SEND_CANCEL.value,
        },
    )


def turned_away(cause: str) -> Ending:
    """We do not take a call that comes in."""
    return Ending(
        cause,
        {
            "hangup_cause_q850": str(Q850.get(cause, 0)),
            "sip_hangup_disposition": Disposition.SEND_REFUSE.value,
        },
    )


def cleared(disposition: Disposition, cause: str = "NORMAL_CLEARING") -> Ending:
    """An answered call ended; `disposition` says by whom."""
    return Ending(cause, {"hangup_cause_q850": str(Q850.get(cause, 0)), "sip_hangup_disposition": disposition.value})


def cause_of_q850(number: int) -> str:
    """The cause a Q.850 Reason header brings about. Raises `ValueError` for a number not in the table."""
    for cause, q850 in Q850.items():
        if q850 == number:
            return cause
    raise ValueError(f"no hang-up cause is known for Q.850 {number}; use one of {sorted(set(Q850.values()))}")
