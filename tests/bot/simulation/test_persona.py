"""Simulated customers as data: the right line for what was heard, and mistakes named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo.run import CUSTOMERS
from bot.simulation.persona import Answer, Line, PersonaError, Speaker, load_persona, load_personas, plain

pytestmark = pytest.mark.unit

SPEAKER = Speaker(
    contact={},
    lines=(Line(hear="speaking with", say="yes"), Line(hear="four digits", press="4217")),
    otherwise=Answer(say="pardon"),
)


@pytest.mark.parametrize(
    ("heard", "say", "press"),
    [
        ("Hello. Am I speaking with Anna?", "yes", None),
        ("Please tell me the last four digits.", None, "4217"),
        ("the four digits do not match, am i speaking with anna", "yes", None),  # the question at the end counts
        ("something else", "pardon", None),
    ],
)
def test_the_line_for_what_was_heard_last_is_the_answer(heard: str, say: str | None, press: str | None) -> None:
    answer = SPEAKER.answer(heard)
    assert (answer.say, answer.press) == (say, press)


def test_punctuation_and_case_do_not_matter() -> None:
    assert plain("您好，请问您是李安娜本人吗？ Yes, I'm HERE.") == "您好 请问您是李安娜本人吗 yes i'm here"


def test_the_demo_has_six_customers_in_both_languages() -> None:
    personas = load_personas(CUSTOMERS)
    assert len(personas) == 6
    assert all(set(persona.languages) == {"en", "zh"} for persona in personas)
    assert len({persona.number for persona in personas}) == 6


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name: [", "cannot be read"),
        ("name: x\n", "script"),
        ('name: x\nscript: s\nnumber: "1"\nexpected_outcome: paid\nlanguages: {}\n', "expected_outcome"),
        (
            'name: x\nscript: s\nnumber: "1"\nexpected_outcome: promised\n'
            'languages: {en: {contact: {}, lines: [{hear: "(", say: x}]}}\n',
            "not a regular expression",
        ),
    ],
)
def test_a_mistake_in_a_customers_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "customer.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PersonaError, match=named) as caught:
        load_persona(path)
    assert str(path) in str(caught.value)
