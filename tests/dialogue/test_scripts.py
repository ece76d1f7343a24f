"""script.yml: the shipped ones, contacts that fit and do not, and files with mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.vocabulary import Answerer, Outcome
from dialogue.script import ContactError, FieldType, OnFailure, Script, ScriptError, Treatment, WhoAnswered, load_script
from dialogue.worker.source import read
from telephony_bridge.line_status import HandOverFailure

pytestmark = pytest.mark.unit

SCRIPTS = Path(__file__).parents[2] / "dialogue" / "scripts"
NAMES = tuple(sorted(path.parent.name for path in SCRIPTS.glob("*/script.yml")))

MINIMAL = """\
name: errand
title: An errand
purpose: care
languages: [en]
contact:
  customer_name: {type: name, example: Anna Lee}
  code: {type: digits, length: 4, example: "0042", required: false}
queues: {service: Customer service}
outcomes: {reminded: was told}
limits: {call_seconds: 120}
voices: {en: {}}
"""

GOOD = {
    "bank_name": "Harbour Bank",
    "customer_name": "Anna Lee",
    "last4": "0042",
    "amount": "1250 USD",
    "due_date": "2026-11-30",
}


def errand(tmp_path: Path, text: str = MINIMAL) -> Script:
    folder = tmp_path / "errand"
    folder.mkdir(exist_ok=True)
    (folder / "script.yml").write_text(text, encoding="utf-8")
    return load_script(folder)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scripts_load_and_name_outcomes_the_product_knows(name: str) -> None:
    script = load_script(SCRIPTS / name)
    assert script.languages == ("en", "zh")
    assert set(script.outcomes) <= {outcome.value for outcome in Outcome}
    for language in script.languages:
        assert set(script.validate_contact(script.example_contact(language))) == set(script.contact)


def test_a_contact_becomes_slots_in_one_written_form() -> None:
    slots = load_script(SCRIPTS / "repayment_reminder").validate_contact(GOOD)
    assert slots["amount"] == "1250.00 USD"
    assert slots["last4"] == "0042"
    assert slots["due_date"] == "2026-11-30"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last4", "42"),
        ("last4", "00 42"),
        ("amount", "1317"),
        ("amount", "1250 dollars"),
        ("due_date", "30/11/2026"),
        ("customer_name", "***"),
    ],
)
def test_an_odd_value_is_refused_with_the_form_it_must_have(field: str, value: str) -> None:
    script = load_script(SCRIPTS / "repayment_reminder")
    with pytest.raises(ContactError) as refused:
        script.validate_contact({**GOOD, field: value})
    assert refused.value.problems == (f"{field} must be {script.contact[field].form}",)
    assert value not in str(refused.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ContactError) as refused:
        load_script(SCRIPTS / "repayment_reminder").validate_contact({"amount": "5", "shoe_size": "43"})
    named = [re.findall(r"[a-z_0-9]+", problem) for problem in refused.value.problems]
    assert {word for words in named for word in words} >= {
        "shoe_size",
        "bank_name",
        "customer_name",
        "last4",
        "due_date",
    }
    assert len(refused.value.problems) == 6


@pytest.mark.parametrize("odd", ["2.30 pm", "24:30", "half past two"])
def test_a_time_is_written_as_on_a_clock(odd: str) -> None:
    field = load_script(SCRIPTS / "event_invitation").contact["event_time"]
    assert field.value_of(" 14:30 ") == "14:30"
    with pytest.raises(ValueError, match="HH:MM"):
        field.value_of(odd)


def test_an_optional_field_may_be_left_out(tmp_path: Path) -> None:
    assert errand(tmp_path).validate_contact({"customer_name": "Anna Lee"}) == {"customer_name": "Anna Lee"}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("purpose: care", "purpose: fun", r"script\.yml:3: purpose: "),
        ("title: An errand", "titel: An errand", r"script\.yml:2: titel: "),
        ("name: errand", "name: errant", r"script\.yml:1: .*the folder's name, errand"),
        ("type: name", "type: nome", r"script\.yml:6: contact\.customer_name\.type"),
        ('"0042"', '"42"', r"script\.yml:7: .*example is not a string of 4 digits"),
        ("voices: {en: {}}", "voices: {}", r"`voices` has none for the language 'en'"),
        ("languages: [en]", "languages: [fr]", r"cannot be spoken in 'fr'"),
        ("title:", "answered_by: {human: hang_up}\ntitle:", r"script\.yml:2: answered_by\.human"),
        ("title:", "answered_by: {fax: sing}\ntitle:", r"script\.yml:2: answered_by\.fax"),
        (
            "title:",
            "answered_by: {screener: leave_message}\ntitle:",
            r"script\.yml:2: answered_by: leave_message is for machine alone, not for screener",
        ),
        ("title:", "answered_by: {machine: say_who}\ntitle:", r"say_who is for screener alone, not for machine"),
        ("title:", "on_failure: {queue: nobody}\ntitle:", r"`on_failure`: there is no queue nobody in `queues`"),
        ("call_seconds: 120", "call_seconds: soon", r"script\.yml:10: limits\.call_seconds"),
        ("contact:", "contact: {", r"script\.yml:\d+: not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in MINIMAL
    with pytest.raises(ScriptError) as refused:
        errand(tmp_path, MINIMAL.replace(old, new))
    assert re.search(complaint, str(refused.value))


def test_whoever_is_not_named_is_treated_as_usual(tmp_path: Path) -> None:
    assert errand(tmp_path).answered_by == {
        WhoAnswered.MACHINE: Treatment.HANG_UP,
        WhoAnswered.SCREENER: Treatment.SAY_WHO,
        WhoAnswered.FAX: Treatment.HANG_UP,
        WhoAnswered.RINGING: Treatment.HANG_UP,
        WhoAnswered.ANNOUNCEMENT: Treatment.HANG_UP,
        WhoAnswered.UNCERTAIN: Treatment.GO_ON,
    }
    named = errand(tmp_path, MINIMAL + "answered_by: {machine: leave_message, uncertain: hang_up}\n").answered_by
    assert (named[WhoAnswered.MACHINE], named[WhoAnswered.UNCERTAIN]) == (Treatment.LEAVE_MESSAGE, Treatment.HANG_UP)
    assert named[WhoAnswered.SCREENER] is Treatment.SAY_WHO


def test_without_a_word_about_failures_keys_are_tried_and_nobody_is_disturbed(tmp_path: Path) -> None:
    assert errand(tmp_path).on_failure == OnFailure(keypad=True, queue=None)


def test_the_shipped_scripts_hand_a_call_over_that_they_cannot_go_on_with() -> None:
    named = {name: load_script(SCRIPTS / name).on_failure.queue for name in NAMES}
    assert named == {
        "activation_care": "service",
        "event_invitation": "service",
        "overdue_reminder": "collections",
        "repayment_reminder": "collections",
        "satisfaction_survey": "service",
        "suspicious_transaction": "fraud",
    }


def test_the_shipped_scripts_treat_machines_as_meant() -> None:
    treated = {name: load_script(SCRIPTS / name).answered_by[WhoAnswered.MACHINE] for name in NAMES}
    assert treated == {
        "activation_care": Treatment.HANG_UP,
        "event_invitation": Treatment.HANG_UP,
        "overdue_reminder": Treatment.LEAVE_MESSAGE,
        "repayment_reminder": Treatment.LEAVE_MESSAGE,
        "satisfaction_survey": Treatment.HANG_UP,
        "suspicious_transaction": Treatment.LEAVE_MESSAGE,
    }


def test_scripts_name_answerers_and_failures_as_the_product_does() -> None:
    assert {who.value for who in WhoAnswered} == {who.value for who in Answerer} - {Answerer.HUMAN.value}
    reasons = read(SCRIPTS / "shared" / "domain.yml").data["slots"]["hand_over_reason"]["values"]
    assert set(reasons) == {failure.value for failure in HandOverFailure}


def test_a_folder_without_script_yml_is_not_a_script(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"script\.yml: is missing"):
        load_script(tmp_path)


def test_every_field_type_says_what_it_wants(tmp_path: Path) -> None:
    field = errand(tmp_path).contact["customer_name"]
    for kind in FieldType:
        assert field.model_copy(update={"type": kind}).form
