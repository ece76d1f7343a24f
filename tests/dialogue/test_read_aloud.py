"""Every sentence of a script with sample values: none left out, in the order of a call, none with a gap in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dialogue.lint.reading import flow_of
from dialogue.prompts import Prompt, PromptCatalogue, PromptError
from dialogue.read_aloud import read_aloud
from dialogue.script import ContactError, load_script
from tests.dialogue.test_scripts_page import paste
from tests.dialogue.walks import REPAYMENT, SCRIPTS, SURVEY

pytestmark = pytest.mark.unit


def sentences(name: str, language: str = "en", given: Mapping[str, str] | None = None) -> list[Prompt]:
    return in_folder(SCRIPTS, name, language, given or {})


def in_folder(scripts: Path, name: str, language: str, given: Mapping[str, str]) -> list[Prompt]:
    catalogue = PromptCatalogue.load(scripts / name, scripts / "shared")
    return read_aloud(flow_of(scripts, name), catalogue, load_script(scripts / name), language, given)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [REPAYMENT, SURVEY])
def test_every_variation_is_said_once_and_in_words(name: str, language: str) -> None:
    catalogue = PromptCatalogue.load(SCRIPTS / name, SCRIPTS / "shared")
    written = [(one.name, one.variation) for one in catalogue.prompts() if one.language == language]
    said = sentences(name, language)
    assert sorted((one.name, one.variation) for one in said) == sorted(written)
    assert not [one.text for one in said if set("{}0123456789") & set(one.text)]


def test_sentences_come_as_a_call_comes_to_them() -> None:
    order = [one.name for one in sentences(REPAYMENT) if one.variation == 0]
    along = [
        "utter_disclosure",
        "utter_ask_right_person",
        "utter_ask_last4_given",
        "utter_amount_due",
        "utter_ask_will_pay",
    ]
    assert order[0] == along[0]
    assert [order.index(name) for name in along] == sorted(order.index(name) for name in along)
    assert order.index("utter_promise_noted") < order.index("utter_robot") < order.index("utter_one_moment")


def test_a_value_takes_the_place_of_the_example() -> None:
    given = {"amount": "99.00 USD", "promise_date": "2026-12-01"}
    (asked,) = [
        one
        for one in sentences(REPAYMENT, given=given)
        if (one.name, one.variation) == ("utter_ask_promise_confirmed", 0)
    ]
    assert asked.text == "You will pay ninety-nine dollars on Tuesday, the first of December. Is that right?"


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"last4": "4217"}, PromptError, "no prompt says the slot last4; prompts say amount, bank_name"),
        ({"amount": "much"}, ContactError, "amount must be an amount"),
        ({"promise_date": "soon"}, PromptError, "slot promise_date: expected a date"),
    ],
)
def test_what_cannot_be_said_is_refused(given: dict[str, str], error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        sentences(REPAYMENT, given=given)


def test_a_slot_said_as_text_needs_a_value(tmp_path: Path) -> None:
    scripts = paste(tmp_path / "scripts")
    domain, responses = scripts / "errand" / "domain.yml", scripts / "errand" / "responses.en.yml"
    domain.write_text(domain.read_text(encoding="utf-8").replace("slots:\n", "slots:\n  clerk: {type: text}\n"))
    responses.write_text(
        responses.read_text(encoding="utf-8").replace("Will you come?", "{clerk} waits. Will you come?")
    )
    with pytest.raises(PromptError, match="no sample for the slot clerk"):
        in_folder(scripts, "errand", "en", {})
    said = in_folder(scripts, "errand", "en", {"clerk": "Ms Chen"})
    assert any("Ms Chen waits." in one.text for one in said)
