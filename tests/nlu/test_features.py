"""N-grams: what is folded together, what is kept apart, and odd text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.features import TOKENISERS, UnsupportedLanguage, grams, is_unit, normalise, primary

pytestmark = pytest.mark.unit


def test_case_width_punctuation_and_curly_apostrophes_do_not_matter() -> None:
    assert normalise("  Don’t, CALL me!\t") == "don't call me"
    assert grams("Ｙｅｓ．", "en") == grams("yes", "en")
    assert grams("好的，谢谢。", "zh") == grams("好 的 谢 谢", "zh")


def test_contractions_are_the_words_they_stand_for() -> None:
    assert grams("i can't and i won't", "en") == grams("i cannot and i will not", "en")
    assert grams("that's him i'm sure", "en") == grams("that is him i am sure", "en")


def test_every_digit_looks_the_same() -> None:
    assert grams("250 dollars", "en") == grams("999 dollars", "en")
    assert grams("给5分", "zh") == grams("给3分", "zh")


def test_english_is_cut_into_words_pairs_and_the_characters_of_each_word() -> None:
    cut = grams("yes no", "en")
    assert cut.words == ("yes", "no", "^ yes", "yes no", "no $")
    assert {" y", "yes", "s ", " yes", " yes ", " no "} <= set(cut.characters)
    assert not any("s n" in gram for gram in cut.characters)
    assert cut.units == 2


def test_mandarin_is_cut_into_characters_and_syllables() -> None:
    cut = grams("是的", "zh")
    assert cut.words == ("是", "的", "^是", "是的", "的$", "~shi", "~de", "^ ~shi", "~shi ~de", "~de $")
    assert cut.characters == ("^是的", "是的$", "^是的$")
    assert cut.units == 2


def test_characters_that_sound_the_same_share_a_syllable() -> None:
    assert set(grams("再见", "zh").words) & set(grams("在见", "zh").words) >= {"~zai", "~zai ~jian"}
    assert "~a" in grams("啊", "zh").words
    assert "~a" not in grams("a", "en").words


def test_units_are_told_from_pairs() -> None:
    assert [gram for gram in grams("yes no", "en").words if is_unit(gram, "en")] == ["yes", "no"]
    assert [gram for gram in grams("是的", "zh").words if is_unit(gram, "zh")] == ["是", "的"]


@pytest.mark.parametrize(("tag", "language"), [("en-GB", "en"), ("zh_CN", "zh"), ("cmn", "zh"), ("EN", "en")])
def test_a_region_does_not_change_the_language(tag: str, language: str) -> None:
    assert primary(tag) == language


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnsupportedLanguage, match="'fr'; there is one for en, zh"):
        grams("oui", "fr")


@given(text=st.text(), language=st.sampled_from(sorted(TOKENISERS)))
def test_any_text_can_be_cut(text: str, language: str) -> None:
    cut = grams(text, language)
    assert bool(cut.units) == bool(cut.words)
    assert "" not in cut.words + cut.characters
