"""The grammar book: what each rule covers, merging a script's own phrasings, the grammar of one state."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlu.inventory import Intent
from speech.asr import jsgf
from speech.asr.grammar import ANSWER_RULES, BOOK, GLOBAL_MOVES, NOT_A_PERSON, GrammarBook, digits_alone
from speech.asr.port import BadGrammar

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def book() -> GrammarBook:
    return GrammarBook.load([BOOK["en"]])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("yes", "affirm"),
        ("yes speaking", "affirm"),
        ("um yes", "affirm"),
        ("no", "deny"),
        ("repeat", "repeat"),
        ("help", "ask_human"),
        ("can i talk to a human please", "ask_human"),
        ("stop", "do_not_call"),
        ("do not call me again", "do_not_call"),
        ("start", "start"),
        ("go", "start"),
        ("i will pay on friday", "promise_to_pay"),
        ("i have already paid", "already_paid"),
        ("you have the wrong number", "wrong_person"),
        ("who is this", "ask_identity"),
        ("are you a robot", "ask_is_robot"),
        ("four two one seven", "number"),
        ("forty two seventeen", "number"),
        ("double five oh one", "number"),
        ("five", "rating"),
        ("i would give it a four", "rating"),
        ("next friday", "date"),
        ("the day after tomorrow", "date"),
        ("the twenty fifth", "date"),
        ("december first", "date"),
        ("at the end of the month", "date"),
        ("in two weeks", "date"),
        ("two hundred and fifty dollars", "amount"),
        ("i can pay half of it", "amount"),
    ],
)
def test_a_rule_covers_what_people_say(book: GrammarBook, text: str, rule: str) -> None:
    assert rule in book.meanings(text, book.names)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("please leave a message after the tone", "answering_machine"),
        ("hi you've reached our office we're not available right now please leave a message", "answering_machine"),
        ("sorry i can't come to the phone right now leave your name and number", "answering_machine"),
        ("your call has been forwarded to an automatic voice message system", "answering_machine"),
        ("please state your name and why you're calling", "call_screening"),
        ("if you record your name and reason for calling i'll see if this person is available", "call_screening"),
        ("sorry the number you have dialed is not in service please try again later", "network_announcement"),
        ("sorry the subscriber you dialed is powered off", "network_announcement"),
        ("the customer you are calling is not available at the moment please try again later", "network_announcement"),
        ("all circuits are busy now please try your call again later", "network_announcement"),
    ],
)
def test_what_is_heard_where_no_person_picked_up(book: GrammarBook, text: str, rule: str) -> None:
    assert book.meanings(text, NOT_A_PERSON) == (rule,)


def test_no_person_s_answer_is_a_machine_s(book: GrammarBook) -> None:
    for text in ("yes speaking", "hello", "he is not available", "can i take a message", "call me back", "who is this"):
        assert book.meanings(text, NOT_A_PERSON) == ()


def test_machines_are_not_listened_for_in_every_state(book: GrammarBook) -> None:
    assert set(NOT_A_PERSON) <= set(book.names)
    assert not set(NOT_A_PERSON) & set(GLOBAL_MOVES)


def test_no_yes_is_a_no(book: GrammarBook) -> None:
    for text in ("yes", "yes please", "yeah that's right"):
        assert book.meanings(text, ["deny", *GLOBAL_MOVES]) == ()


def test_every_spoken_intent_has_a_rule(book: GrammarBook) -> None:
    without = {Intent.GIVE_FEEDBACK, Intent.OTHER_BANKING, Intent.OUT_OF_SCOPE}
    assert {intent.value for intent in Intent if intent not in without} <= set(book.names)


def test_the_rules_of_answers_and_global_moves_exist(book: GrammarBook) -> None:
    named = {*GLOBAL_MOVES, *(name for names in ANSWER_RULES.values() for name in names)}
    assert named <= set(book.names)


def test_a_composed_grammar_has_one_public_rule_and_only_what_it_needs(book: GrammarBook) -> None:
    rules = jsgf.parse(book.compose(("affirm", "deny")), "composed")
    jsgf.check(rules)
    assert [rule.name for rule in rules if rule.public] == ["heard"]
    assert {rule.name for rule in rules} == {"heard", "opening", "affirm", "deny"}


def test_global_moves_are_less_expected_than_answers(book: GrammarBook) -> None:
    heard = jsgf.parse(book.compose(("affirm", "deny", "ask_human", "repeat")), "composed")[0]
    weights = [float(weight) for weight in re.findall(r"/([\d.]+)/ \(<", jsgf.render([heard], "g"))]
    assert weights == [0.8, 0.2]


def test_composing_twice_gives_the_same_text(book: GrammarBook) -> None:
    assert book.compose(("date",)) is book.compose(("date",))


@pytest.mark.parametrize(
    ("length", "text", "covered"),
    [
        (4, "four two one seven", True),
        (4, "it's four two one seven", True),
        (4, "forty two seventeen", True),
        (4, "four two one", False),
        (4, "four two one seven nine", False),
        (1, "five", True),
        (2, "double five", True),
    ],
)
def test_a_number_of_known_length(book: GrammarBook, length: int, text: str, covered: bool) -> None:
    rules = jsgf.parse(book.compose(("number",), length=length), "composed")
    composed = GrammarBook({rule.name: rule for rule in rules})
    assert (composed.meanings(text, ["heard"]) == ("heard",)) is covered


@pytest.mark.parametrize(("text", "covered"), [("four two one seven", True), ("forty two one seven", False)])
def test_digits_alone_are_single_digits_and_as_many_as_asked_for(book: GrammarBook, text: str, covered: bool) -> None:
    alone = digits_alone(jsgf.parse(book.compose(("number", *GLOBAL_MOVES), length=4), "composed"))
    assert alone is not None
    digits = GrammarBook({rule.name: rule for rule in jsgf.parse(alone, "digits")})
    assert (digits.meanings(text, ["heard"]) == ("heard",)) is covered


def test_a_number_of_any_length_has_no_digits_alone(book: GrammarBook) -> None:
    assert digits_alone(jsgf.parse(book.compose(("number", *GLOBAL_MOVES)), "composed")) is None


@pytest.mark.parametrize("length", [0, -1])
def test_a_number_of_no_digits_is_refused(book: GrammarBook, length: int) -> None:
    with pytest.raises(BadGrammar, match="at least one digit"):
        book.compose(("number",), length=length)


def test_an_unknown_rule_is_refused_with_those_there_are(book: GrammarBook) -> None:
    with pytest.raises(BadGrammar, match=r"'affirmm'; .*affirm"):
        book.compose(("affirmm",))


def test_no_rule_at_all_is_refused(book: GrammarBook) -> None:
    with pytest.raises(BadGrammar, match="at least one"):
        book.compose(())


def test_a_script_adds_its_own_phrasings(tmp_path: Path) -> None:
    own = tmp_path / "grammar.en.jsgf"
    own.write_text("#JSGF V1.0;\n<affirm> = you bet | <sure>;\n<sure> = rather;\n")
    book = GrammarBook.load([BOOK["en"], own])
    assert book.meanings("you bet", ["affirm"]) == ("affirm",)
    assert book.meanings("rather", ["affirm"]) == ("affirm",)
    assert book.meanings("yes", ["affirm"]) == ("affirm",)


def test_a_script_may_refer_to_the_book(tmp_path: Path) -> None:
    own = tmp_path / "grammar.en.jsgf"
    own.write_text("#JSGF V1.0;\n<dispute> = i paid that <day>;\n")
    assert GrammarBook.load([BOOK["en"], own]).meanings("i paid that today", ["dispute"]) == ("dispute",)


def test_a_mistake_in_a_script_s_file_names_the_file_and_line(tmp_path: Path) -> None:
    own = tmp_path / "grammar.en.jsgf"
    own.write_text("#JSGF V1.0;\n<affirm> = you bet\n")
    with pytest.raises(BadGrammar, match=re.escape(f"{own}:2: ")):
        GrammarBook.load([BOOK["en"], own])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadGrammar, match=r"gone\.jsgf: the grammar file cannot be read"):
        GrammarBook.load([tmp_path / "gone.jsgf"])
