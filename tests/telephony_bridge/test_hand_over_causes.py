"""What a leg that came back from a transfer carries, and what it means to us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony_bridge.causes import CAUSES
from telephony_bridge.hand_over_causes import TRACES, hand_over_failure
from telephony_bridge.line_status import HandOverFailure as H

pytestmark = pytest.mark.unit

QUEUE = [
    ("TIMEOUT", H.NOBODY_FREE),
    ("NO_AGENT_TIMEOUT", H.NOBODY_FREE),
    ("NONE", H.NOBODY_FREE),
    ("BREAK_OUT", H.UNKNOWN),
    ("EXIT_WITH_KEY", H.UNKNOWN),
    ("a later version's word", H.UNKNOWN),
]

BRIDGE = [
    ("USER_BUSY", H.BUSY),
    ("NO_ANSWER", H.NOBODY_FREE),
    ("ALLOTTED_TIMEOUT", H.NOBODY_FREE),
    ("RECOVERY_ON_TIMER_EXPIRE", H.NOBODY_FREE),
    ("CALL_REJECTED", H.DECLINED),
    ("NO_USER_RESPONSE", H.UNREACHABLE),
    ("PROGRESS_TIMEOUT", H.UNREACHABLE),
    ("UNALLOCATED_NUMBER", H.UNREACHABLE),
    ("INVALID_NUMBER_FORMAT", H.UNREACHABLE),
    ("NUMBER_CHANGED", H.UNREACHABLE),
    ("NO_ROUTE_DESTINATION", H.UNREACHABLE),
    ("NORMAL_TEMPORARY_FAILURE", H.UNREACHABLE),
    ("NORMAL_CIRCUIT_CONGESTION", H.UNREACHABLE),
    ("USER_NOT_REGISTERED", H.UNREACHABLE),
    ("INVALID_GATEWAY", H.UNREACHABLE),
    ("INCOMPATIBLE_DESTINATION", H.UNREACHABLE),
    ("ORIGINATOR_CANCEL", H.UNKNOWN),
    ("NORMAL_CLEARING", H.UNKNOWN),
    ("SUCCESS", H.UNKNOWN),
    ("failure", H.UNKNOWN),
    ("a later version's word", H.UNKNOWN),
]


@pytest.mark.parametrize(("reason", "failure"), QUEUE)
def test_why_a_caller_left_a_queue(reason: str, failure: H) -> None:
    assert hand_over_failure({"cc_cause": "cancel", "cc_cancel_reason": reason}) is failure


@pytest.mark.parametrize(("cause", "failure"), BRIDGE)
@pytest.mark.parametrize("variable", ["originate_disposition", "bridge_hangup_cause", "hangup_cause"])
def test_why_a_bridge_failed(variable: str, cause: str, failure: H) -> None:
    assert hand_over_failure({variable: cause}) is failure


@pytest.mark.parametrize("failure", list(H))
def test_the_dialplans_own_word_goes_first(failure: H) -> None:
    noticed = {"cc_cancel_reason": "TIMEOUT", "originate_disposition": "USER_BUSY"}
    assert hand_over_failure({"voicebot_handover_result": failure.value, **noticed}) is failure
    assert hand_over_failure({"voicebot_handover_result": failure.value.upper(), **noticed}) is failure


def test_a_word_that_says_nothing_leaves_it_to_the_next() -> None:
    assert hand_over_failure({"voicebot_handover_result": "lunch", "cc_cancel_reason": "TIMEOUT"}) is H.NOBODY_FREE
    left = {"cc_cause": "answered", "originate_disposition": "failure", "bridge_hangup_cause": "USER_BUSY"}
    assert hand_over_failure(left) is H.BUSY
    assert hand_over_failure({}) is H.UNKNOWN


WORDS = st.one_of(st.sampled_from([*CAUSES, "TIMEOUT", "BREAK_OUT", "closed", ""]), st.text(max_size=20))


@given(st.dictionaries(st.sampled_from([*TRACES, "other"]), WORDS))
def test_whatever_is_left_there_is_a_reason(variables: dict[str, str]) -> None:
    assert hand_over_failure(variables) in set(H)
