"""Token ids: what recognisers write, character by character, and never more than the encoder takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.encoder.tokens import MAX_TOKENS, Tokens, characters, spoken, units, vocabulary_size

pytestmark = pytest.mark.unit

ENGLISH = characters(["yes", "no"], "en")  # [UNK] [CLS] e n o s y


def test_each_character_of_the_training_texts_is_a_token_and_others_are_unknown() -> None:
    tokens = Tokens(ENGLISH, "en")
    assert vocabulary_size(ENGLISH) == 7
    assert tokens.ids("yes") == [1, 6, 2, 5]
    assert tokens.ids("Yes!") == tokens.ids("yes")
    assert tokens.ids("yak") == [1, 6, 0, 0]


def test_no_text_is_still_one_token() -> None:
    assert Tokens(ENGLISH, "en").ids("") == [1]


def test_endless_text_is_cut() -> None:
    assert len(Tokens(ENGLISH, "en").ids("yes " * 3000)) == MAX_TOKENS


def test_a_batch_is_as_wide_as_its_longest_and_the_rest_is_masked() -> None:
    feed = Tokens(ENGLISH, "en").feed(["no", "yes", ""])
    assert feed["input_ids"].tolist() == [[1, 3, 4, 0], [1, 6, 2, 5], [1, 0, 0, 0]]
    assert feed["attention_mask"].sum(axis=1).tolist() == [3, 4, 1]


def test_mandarin_is_read_without_the_spaces_that_recognisers_put() -> None:
    assert spoken("好 的，谢谢。", "zh") == "好的谢谢"
    assert spoken("Yes,  OK.", "en-GB") == "yes ok"


def test_known_are_the_words_of_training_and_those_a_pretrained_tokeniser_has_whole() -> None:
    assert units(["yes no", "no way"], "en", ENGLISH, pretrained=False) == ["no", "way", "yes"]
    assert {"no", "e", "s"} <= set(units(["no"], "en", ENGLISH, pretrained=True))
    assert units(["好的"], "zh", ENGLISH, pretrained=False) == ["好", "的"]


@given(text=st.text())
def test_any_text_has_tokens(text: str) -> None:
    ids = Tokens(ENGLISH, "en").ids(text)
    assert 1 <= len(ids) <= MAX_TOKENS
    assert set(ids) <= set(range(7))
