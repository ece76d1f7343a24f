"""Hang-up causes as a real FreeSWITCH reported them, and what they mean to us."""

from __future__ import annotations

import pytest

from telephony_bridge.causes import hung_up_by, line_status_of
from telephony_bridge.line_status import Fault as F
from telephony_bridge.line_status import HungUpBy
from telephony_bridge.line_status import LineStatus as S

pytestmark = pytest.mark.unit

OBSERVED = [
    # callee answered with    cause, Q.850, sip_term_status -> status, fault
    ("486", "USER_BUSY", 17, 486, S.BUSY, F.CALLEE),
    ("600", "USER_BUSY", 17, 600, S.BUSY, F.CALLEE),
    ("480", "NO_USER_RESPONSE", 18, 480, S.UNREACHABLE, F.CALLEE),
    ("our ring timeout", "NO_ANSWER", 19, None, S.NO_ANSWER, F.CALLEE),
    ("our progress timeout", "PROGRESS_TIMEOUT", 16, None, S.NO_RESPONSE, F.NETWORK),
    ("404", "UNALLOCATED_NUMBER", 1, 404, S.UNALLOCATED, F.CALLEE),
    ("484", "INVALID_NUMBER_FORMAT", 28, 484, S.INVALID_NUMBER, F.US),
    ("604", "NO_ROUTE_DESTINATION", 3, 604, S.UNREACHABLE, F.NETWORK),
    ("603", "CALL_REJECTED", 21, 603, S.REJECTED, F.CALLEE),
    ("488", "INCOMPATIBLE_DESTINATION", 88, 488, S.MISCONFIGURED, F.US),
    ("500", "NORMAL_TEMPORARY_FAILURE", 41, 500, S.NETWORK_FAILURE, F.NETWORK),
    ("503", "NORMAL_TEMPORARY_FAILURE", 41, 503, S.NETWORK_FAILURE, F.NETWORK),
    ("503, Reason 34", "NORMAL_CIRCUIT_CONGESTION", 34, 503, S.CONGESTION, F.NETWORK),
    ("502", "NETWORK_OUT_OF_ORDER", 38, 502, S.NETWORK_FAILURE, F.NETWORK),
    ("504", "RECOVERY_ON_TIMER_EXPIRE", 102, 504, S.NETWORK_FAILURE, F.NETWORK),
    ("no gateway", "INVALID_GATEWAY", None, None, S.MISCONFIGURED, F.US),
    ("not registered", "USER_NOT_REGISTERED", None, None, S.MISCONFIGURED, F.US),
    ("hangs up", "NORMAL_CLEARING", 16, None, S.ANSWERED, F.NOBODY),
    ("400", "NORMAL_TEMPORARY_FAILURE", 41, 400, S.NETWORK_FAILURE, F.NETWORK),
    ("401", "CALL_REJECTED", 21, 401, S.MISCONFIGURED, F.US),
    ("403", "CALL_REJECTED", 21, 403, S.REJECTED, F.UNKNOWN),
    ("406", "SERVICE_NOT_IMPLEMENTED", 79, 406, S.MISCONFIGURED, F.US),
    ("415", "SERVICE_NOT_IMPLEMENTED", 79, 415, S.MISCONFIGURED, F.US),
    ("501", "SERVICE_NOT_IMPLEMENTED", 79, 501, S.NETWORK_FAILURE, F.NETWORK),
    ("408", "RECOVERY_ON_TIMER_EXPIRE", 102, 408, S.NO_RESPONSE, F.NETWORK),
    ("410", "NUMBER_CHANGED", 22, 410, S.NUMBER_CHANGED, F.CALLEE),
    ("413", "INTERWORKING", 127, 413, S.NETWORK_FAILURE, F.NETWORK),
    ("420", "INTERWORKING", 127, 420, S.NETWORK_FAILURE, F.NETWORK),
    ("423", "INTERWORKING", 127, 423, S.NETWORK_FAILURE, F.NETWORK),
    ("505", "INTERWORKING", 127, 505, S.NETWORK_FAILURE, F.NETWORK),
    ("481", "NORMAL_TEMPORARY_FAILURE", 41, 481, S.NETWORK_FAILURE, F.NETWORK),
    ("482", "EXCHANGE_ROUTING_ERROR", 25, 482, S.NETWORK_FAILURE, F.NETWORK),
    ("483", "EXCHANGE_ROUTING_ERROR", 25, 483, S.NETWORK_FAILURE, F.NETWORK),
    ("485", "NO_ROUTE_DESTINATION", 3, 485, S.UNREACHABLE, F.NETWORK),
    ("487", "ORIGINATOR_CANCEL", 16, 487, S.CANCELLED, F.US),
    ("491", "NORMAL_UNSPECIFIED", 31, 491, S.UNKNOWN, F.UNKNOWN),
    ("606", "INCOMPATIBLE_DESTINATION", 88, 606, S.MISCONFIGURED, F.US),
    ("607", "UNWANTED", 16, 607, S.REJECTED, F.CALLEE),
]


@pytest.mark.parametrize(
    ("cause", "q850", "sip", "status", "fault"), [row[1:] for row in OBSERVED], ids=[row[0] for row in OBSERVED]
)
def test_observed_causes(cause: str, q850: int | None, sip: int | None, status: S, fault: F) -> None:
    assert line_status_of(cause, q850, sip) == (status, fault)


def test_a_new_cause_is_placed_by_its_q850_number_or_not_at_all() -> None:
    assert line_status_of("SOMETHING_NEW", 17, 699) == (S.BUSY, F.CALLEE)
    assert line_status_of("SOMETHING_NEW", 16, None) == (S.UNKNOWN, F.UNKNOWN)  # given to causes without a number
    assert line_status_of("SOMETHING_NEW") == (S.UNKNOWN, F.UNKNOWN)
    assert line_status_of("") == (S.UNKNOWN, F.UNKNOWN)


def test_who_hung_up() -> None:
    assert hung_up_by(F.NOBODY, "recv_bye") is HungUpBy.CUSTOMER
    assert hung_up_by(F.NOBODY, "send_bye") is HungUpBy.BOT
    assert hung_up_by(F.NETWORK, "send_bye") is HungUpBy.NETWORK  # as for MEDIA_TIMEOUT
    assert hung_up_by(F.NOBODY, None) is HungUpBy.UNKNOWN
