"""What a number does, and how an originate command is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from telephony_bridge.simulated.causes import cause_of_q850
from telephony_bridge.simulated.dialplan import DialPlan, DialPlanError, Fate, NumberPlan, load_dial_plan
from telephony_bridge.simulated.originate import OriginateRefused, Route, parse_originate

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("number", "fate", "sip"),
    [
        ("79990000100", Fate.ANSWERS, 0),
        ("+441632960486", Fate.REFUSES, 486),
        ("79990000404", Fate.REFUSES, 404),
        ("79990000199", Fate.RINGS_OUT, 0),
        ("79990000198", Fate.DEAD, 0),
        ("7", Fate.ANSWERS, 0),
    ],
)
def test_without_a_table_the_last_three_digits_decide(number: str, fate: Fate, sip: int) -> None:
    plan = DialPlan().plan_for(number)
    assert (plan.fate, plan.sip_status) == (fate, sip)


def test_a_table_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "numbers.yml"
    file.write_text(
        """
numbers:
  - {number: "+441632960001", answers_after_ms: 1500, early_media: true}
  - {number: "*7", refused_with: 503, reason_q850: 34, after_ms: 300}
  - {number: "*8", rings_out: true}
  - {number: "*9", dead: true}
default: {answers_after_ms: 100, ringing_after_ms: 50}
""",
        encoding="utf-8",
    )
    plan = load_dial_plan(file)
    assert plan.plan_for("+441632960001") == NumberPlan(Fate.ANSWERS, 1500, early_media=True)
    assert plan.plan_for("1237") == NumberPlan(Fate.REFUSES, 300, sip_status=503, reason_q850=34)
    assert plan.plan_for("8").fate is Fate.RINGS_OUT
    assert plan.plan_for("9").fate is Fate.DEAD
    assert plan.plan_for("486") == NumberPlan(Fate.ANSWERS, 100, 50)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("numbers: [", "cannot read the dial plan"),
        ("[]", "expected the keys"),
        ("nubmers: []", "expected the keys"),
        ("numbers: [{number: 12}]", "entry 1 of numbers: needs `number`"),
        ("numbers: [{number: '1'}]", "exactly one of"),
        ("numbers: [{number: '1', dead: true, rings_out: true}]", "exactly one of"),
        ("numbers: [{number: '1', refused_with: 999}]", "999 is none of"),
        ("numbers: [{number: '1', refused_with: 486, reason_q850: 99}]", "Q.850 99"),
        ("numbers: [{number: '1', answers_after_ms: soon}]", "answers_after_ms must be a number"),
        ("numbers: [{number: '1', dead: 1}]", "dead must be true or false"),
        ("default: {answer: 1}", "default: the keys are"),
    ],
)
def test_a_mistake_in_the_table_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "numbers.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DialPlanError, match=complaint):
        load_dial_plan(file)


def test_a_table_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DialPlanError, match="cannot read the dial plan"):
        load_dial_plan(tmp_path / "none.yml")


def test_a_reason_header_names_a_cause() -> None:
    assert cause_of_q850(34) == "NORMAL_CIRCUIT_CONGESTION"
    with pytest.raises(ValueError, match=r"Q\.850 99"):
        cause_of_q850(99)


def test_an_originate_with_everything() -> None:
    originate = parse_originate(
        "{origination_uuid=U,ignore_early_media=true,originate_timeout=20,progress_timeout=6,"
        "note='a, b',api_on_answer='uuid_audio_stream U start ws://h/ mono 8k {\"a\":\"1\"}'}"
        "sofia/gateway/trunk/79990000100 &park()"
    )
    assert (originate.number, originate.route, originate.gateway) == ("79990000100", Route.GATEWAY, "trunk")
    assert (originate.timeout_s, originate.progress_timeout_s, originate.ignore_early_media) == (20.0, 6.0, True)
    assert originate.variables["origination_uuid"] == "U"
    assert originate.variables["note"] == "a, b"
    assert originate.variables["api_on_answer"] == 'uuid_audio_stream U start ws://h/ mono 8k {"a":"1"}'


def test_a_comma_may_be_escaped() -> None:
    assert parse_originate(r"{a=b\,c,d=e}sofia/gateway/trunk/1 &park()").variables == {"a": "b,c", "d": "e"}


def test_an_originate_without_variables() -> None:
    originate = parse_originate("sofia/external/100@10.0.0.1:5060 &park()")
    assert (originate.number, originate.route, originate.timeout_s) == ("100", Route.PROFILE, 60.0)
    assert not originate.ignore_early_media


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("", "-USAGE"),
        ("sofia/gateway/trunk/1", "-USAGE"),
        ("{a=b sofia/gateway/trunk/1 &park()", "-USAGE"),
        ("sofia/gateway/trunk/1 &playback(x.wav)", "-ERR the simulated switch only parks"),
        ("sofia/gateway/trunk &park()", "-ERR CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_an_originate_that_cannot_be_carried_out(text: str, reply: str) -> None:
    with pytest.raises(OriginateRefused) as refusal:
        parse_originate(text)
    assert refusal.value.reply.startswith(reply)
