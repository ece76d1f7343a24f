"""Reading and writing JSGF: what is understood, and errors that name file and line."""

from __future__ import annotations

import pytest

from speech.asr import jsgf
from speech.asr.jsgf import Alternatives, Reference, Repeat, Sequence, Word
from speech.asr.port import BadGrammar

pytestmark = pytest.mark.unit


def one(expansion: str) -> jsgf.Expansion:
    (rule,) = jsgf.parse(f"{jsgf.HEADER}\n<rule> = {expansion};\n", "test")
    return rule.expansion


@pytest.mark.parametrize(
    ("text", "expansion"),
    [
        ("yes", Word("yes")),
        ("Yes", Word("yes")),
        ("that's me", Sequence((Word("that's"), Word("me")))),
        ("<other>", Reference("other", "test:2")),
        ("yes | no", Alternatives(((1, Word("yes")), (1, Word("no"))))),
        ("/3/ yes | /0.5/ no", Alternatives(((3, Word("yes")), (0.5, Word("no"))))),
        ("[please] go", Sequence((Repeat(Word("please"), 0, many=False), Word("go")))),
        ("one+", Repeat(Word("one"), 1, many=True)),
        ("(one | two)*", Repeat(Alternatives(((1, Word("one")), (1, Word("two")))), 0, many=True)),
        ("um /* a pause */ yes // the answer", Sequence((Word("um"), Word("yes")))),
    ],
)
def test_an_expansion_is_read(text: str, expansion: jsgf.Expansion) -> None:
    assert one(text + "\n") == expansion


def test_what_is_written_is_read_back_the_same() -> None:
    text = f"{jsgf.HEADER}\ngrammar a;\npublic <a> = (/3/ yes | [<b>] no)+ now;\n<b> = (oh | /0.25/ well) | um*;\n"
    rules = jsgf.parse(text, "x")
    again = jsgf.parse(jsgf.render(rules, "a"), "x")
    assert again == rules


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("<a> = yes;", 1, "begins with"),
        ("#JSGF V1.0;\n<a> = yes\n<b> = no;", 3, "expected ';'"),
        ("#JSGF V1.0;\n<a> = yes |;", 2, "expected words"),
        ("#JSGF V1.0;\n\n<a> = (yes;", 3, "expected ')'"),
        ("#JSGF V1.0;\na = yes;", 2, "expected a rule"),
        ("#JSGF V1.0;\n<a> = yes {affirm};", 2, "tags are not supported"),
        ("#JSGF V1.0;\n<a> = /0/ yes;", 2, "greater than 0"),
        ("#JSGF V1.0;\n/* one\ntwo */\n<a> = %;", 4, "unexpected '%'"),
        ("#JSGF V1.0;\n<a> = yes", 2, "the end of the file"),
    ],
)
def test_a_mistake_names_file_and_line(text: str, line: int, message: str) -> None:
    with pytest.raises(BadGrammar, match=rf"^bank\.jsgf:{line}: ") as caught:
        jsgf.parse(text, "bank.jsgf")
    assert message in str(caught.value)


def test_a_reference_to_no_rule_names_its_line_and_the_nearest_rule() -> None:
    rules = jsgf.parse(f"{jsgf.HEADER}\n<affirm> = yes;\n<all> =\n  <afirm>;\n", "bank.jsgf")
    with pytest.raises(BadGrammar, match=r"bank\.jsgf:4: <afirm> is not a rule; is <affirm> meant\?"):
        jsgf.check(rules)


def test_a_rule_inside_itself_is_refused() -> None:
    rules = jsgf.parse(f"{jsgf.HEADER}\n<a> = yes <b>;\n<b> = no [<a>];\n", "bank.jsgf")
    with pytest.raises(BadGrammar, match=r"bank\.jsgf:2: <a> contains itself"):
        jsgf.check(rules)


def test_words_and_references_are_listed_in_order() -> None:
    (rule,) = jsgf.parse(f"{jsgf.HEADER}\n<a> = one [two | <b>] (<NULL> | three)+ one;\n", "x")
    assert list(jsgf.words(rule.expansion)) == ["one", "two", "three", "one"]
    assert [reference.rule for reference in jsgf.references(rule.expansion)] == ["b"]
