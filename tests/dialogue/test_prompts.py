"""The prompt catalogue: what the shipped scripts say, and what is said of a prompt with a mistake."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dialogue.prompts import Expectation, PromptCatalogue, PromptError, Template
from dialogue.protocol import Answer, Say
from dialogue.script import PROMPT_FOR, ScriptError, load_script
from nlu.inventory import Intent

pytestmark = pytest.mark.unit

SCRIPTS = Path(__file__).parents[2] / "dialogue" / "scripts"
NAMES = tuple(sorted(path.parent.name for path in SCRIPTS.glob("*/script.yml")))
MOST_WORDS = 25
MOST_CHARACTERS = 40  # about what 25 English words take to say


def catalogue(name: str) -> PromptCatalogue:
    return PromptCatalogue.load(SCRIPTS / name, SCRIPTS / "shared")


def rendered(name: str) -> list[tuple[Template, str]]:
    script = load_script(SCRIPTS / name)
    texts = []
    for template in catalogue(name).prompts():
        slots = script.validate_contact(script.example_contact(template.language))
        texts.append((template, template.render({**slots, "promise_date": "2026-11-27"}).text))
    return texts


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_is_words_alone(name: str) -> None:
    for template, text in rendered(name):
        assert re.search(r"[0-9{}|]", text) is None, template.name


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_is_long(name: str) -> None:
    for template, text in rendered(name):
        for sentence in re.split(r"[.?!。？！；]", text):
            if template.language == "zh":
                assert len(sentence) <= MOST_CHARACTERS, (template.name, sentence)
            else:
                assert len(sentence.split()) <= MOST_WORDS, (template.name, sentence)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same_things(name: str) -> None:
    said: dict[str, dict[tuple[str, int], frozenset[object]]] = {"en": {}, "zh": {}}
    for template in catalogue(name).prompts():
        said[template.language][template.name, template.variation] = frozenset(template.slots)
    assert said["en"] == said["zh"]


@pytest.mark.parametrize("name", NAMES)
def test_choices_are_intents_and_questions_have_an_example_to_repeat(name: str) -> None:
    questions: dict[str, int] = {}
    for template in catalogue(name).prompts():
        assert set(template.expectation.choices) <= {intent.value for intent in Intent}
        asks = template.expectation.answer is not None
        assert asks == template.name.startswith("utter_ask_"), template.name
        questions[template.name] = max(questions.get(template.name, 0), template.variation + 1) if asks else 0
    assert {count for count in questions.values() if count} <= {1, 2}


@pytest.mark.parametrize("name", NAMES)
def test_the_call_discloses_that_it_is_automated_and_recorded_before_anything_else(name: str) -> None:
    disclosure = catalogue(name).render(Say(prompt="utter_disclosure", slots={"bank_name": "Harbour Bank"}), "en")
    assert disclosure.legal
    assert not disclosure.interruptible
    assert "automated" in disclosure.text
    assert "recorded" in disclosure.text
    assert "Harbour Bank" in disclosure.text


def test_what_the_platform_says_by_itself_is_in_every_script() -> None:
    for name in NAMES:
        for prompt in ("utter_technical_apology", "utter_one_moment"):
            for language in ("en", "zh"):
                assert catalogue(name).render(Say(prompt=prompt), language).text


def test_render_gives_words_and_what_is_expected() -> None:
    prompts = catalogue("repayment_reminder")
    asked = prompts.render(Say(prompt="utter_ask_last4_given"), "zh")
    assert asked.expectation == Expectation(Answer.NUMBER, (), 4, 10000, sensitive=True)
    assert asked.interruptible
    told = prompts.render(
        Say(prompt="utter_amount_due", slots={"amount": "3500.00 CNY", "due_date": "2026-11-30"}), "zh"
    )
    assert told.text == "您有一笔三千五百元的还款，到期日是十一月三十日，星期一。"
    assert told.expectation.answer is None


def test_variations_share_the_first_ones_behaviour() -> None:
    prompts = catalogue("repayment_reminder")
    slots = {"customer_name": "Anna Lee"}
    first, second = (
        prompts.render(Say(prompt="utter_ask_right_person", variation=index, slots=slots), "en") for index in (0, 1)
    )
    assert first.text != second.text
    assert first.expectation == second.expectation


@pytest.mark.parametrize(
    ("say", "language", "complaint"),
    [
        (Say(prompt="utter_nothing"), "en", "no prompt utter_nothing"),
        (Say(prompt="utter_goodbye"), "fr", "does not speak 'fr'"),
        (Say(prompt="utter_goodbye", variation=7), "en", "no variation 7"),
        (Say(prompt="utter_amount_due", slots={"amount": "5 USD"}), "en", "utter_amount_due .* slot due_date"),
        (
            Say(prompt="utter_amount_due", slots={"amount": "five", "due_date": "2026-11-30"}),
            "en",
            "utter_amount_due .* slot amount: expected an amount",
        ),
    ],
)
def test_what_cannot_be_said_is_named(say: Say, language: str, complaint: str) -> None:
    with pytest.raises(PromptError, match=complaint):
        catalogue("repayment_reminder").render(say, language)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("responses.en.yml", "{amount|money}", "{amount|cash}", r"utter_amount_due: .*no format 'cash'"),
        ("responses.zh.yml", "{amount|money}", "{amount}", r"speak it as \{amount\|money\}"),
        ("responses.en.yml", "Hello. This is", "Hello $5. This is", r"utter_disclosure: write '\$' as a word"),
        ("responses.zh.yml", "  utter_goodbye:", "  utter_bye:", "utter_goodbye: has no text in responses.zh.yml"),
        ("responses.en.yml", "  utter_goodbye:", "  utter_bye:", "utter_goodbye: has no text in responses.en.yml"),
        ("responses.en.yml", "expects: choice", "expects: guess", "utter_ask_will_pay: metadata expects"),
        ("responses.en.yml", "length: 4", "lenght: 4", "utter_ask_last4_given: metadata lenght"),
        ("responses.en.yml", "expects: number", "expects: free", "`length` goes with `expects: number`"),
        ("responses.en.yml", "expects: number", "expects: free", "`sensitive` goes with `expects: number`"),
        (
            "responses.zh.yml",
            "感谢您的接听，再见。",
            "感谢您的接听，再见。\n      metadata: {legal: true}",
            "utter_goodbye: `metadata` belongs into the primary language",
        ),
        ("responses.zh.yml", "responses:", "respones:", "needs `responses:`"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, complaint: str
) -> None:
    folder = tmp_path / "repayment_reminder"
    shutil.copytree(SCRIPTS / "repayment_reminder", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScriptError) as refused:
        PromptCatalogue.load(folder, SCRIPTS / "shared")
    assert re.search(complaint, str(refused.value))
    assert re.search(r"responses\.\w\w\.yml:\d+: ", str(refused.value))


@pytest.mark.parametrize("prompt", ["utter_message_for_machine", "utter_who_is_calling"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_said_to_a_machine_must_be_there_in_every_language(tmp_path: Path, prompt: str, language: str) -> None:
    scripts = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, scripts)
    for folder in ("shared", "repayment_reminder"):
        path = scripts / folder / f"responses.{language}.yml"
        path.write_text(path.read_text(encoding="utf-8").replace(f"  {prompt}:", "  utter_other:"), encoding="utf-8")
    with pytest.raises(ScriptError) as refused:
        PromptCatalogue.load(scripts / "repayment_reminder", scripts / "shared")
    assert prompt in str(refused.value)
    if language == "en":
        assert re.search(r"script\.yml:\d+: `answered_by`: \w+: \w+ needs the prompt " + prompt, str(refused.value))


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_hears_nothing_of_a_debt(name: str) -> None:
    for template, text in rendered(name):
        if template.name in PROMPT_FOR.values():
            assert template.legal
            assert not template.interruptible
            assert not re.search(r"pay|debt|owe|due|survey|款|账|债|欠", text), text


def test_a_language_without_its_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "satisfaction_survey"
    shutil.copytree(SCRIPTS / "satisfaction_survey", folder)
    (folder / "responses.zh.yml").unlink()
    with pytest.raises(ScriptError, match=r"satisfaction_survey/responses\.zh\.yml: is missing"):
        PromptCatalogue.load(folder, SCRIPTS / "shared")
