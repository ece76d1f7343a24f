"""Pronunciation dictionaries."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.asr import jsgf
from speech.asr.grammar import BOOK, GrammarBook
from speech.asr.pocketsphinx import SUPPLEMENT
from speech.asr.port import RecognitionError
from speech.asr.pronunciation import Lexicon, plain
from speech.asr.sphinx_model import DICTIONARY

pytestmark = pytest.mark.unit


def test_variants_and_later_files_add_up(tmp_path: Path) -> None:
    first, second = tmp_path / "a.dict", tmp_path / "b.dict"
    first.write_text(";;; a comment\nthe DH AH\nthe(2) DH IY\n")
    second.write_text("The  DH AE\nyuan Y UW AA N\n")
    lexicon = Lexicon.load([first, second])
    assert list(lexicon.pronunciations("the")) == ["DH AH", "DH IY", "DH AE"]
    assert "yuan" in lexicon
    assert list(lexicon.pronunciations("renminbi")) == []


def test_a_word_without_phones_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.dict"
    file.write_text("yes Y EH S\nno\n")
    with pytest.raises(RecognitionError, match=r"a\.dict:2: 'no' has no phones"):
        Lexicon.load([file])


def test_a_missing_dictionary_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecognitionError, match=r"gone\.dict"):
        Lexicon.load([tmp_path / "gone.dict"])


def test_the_plain_word_of_a_variant() -> None:
    assert (plain("the(2)"), plain("the")) == ("the", "the")


def test_every_word_of_the_grammar_book_can_be_pronounced() -> None:
    lexicon = Lexicon.load([DICTIONARY, SUPPLEMENT])
    book = GrammarBook.load([BOOK["en"]])
    words = {word for rule in jsgf.parse(book.compose(book.names), "book") for word in jsgf.words(rule.expansion)}
    assert [word for word in sorted(words) if word not in lexicon] == []


def test_the_supplement_holds_only_what_the_dictionary_lacks() -> None:
    dictionary, supplement = Lexicon.load([DICTIONARY]), SUPPLEMENT.read_text(encoding="utf-8")
    assert [line for line in supplement.splitlines() if line.split()[0] in dictionary] == []
