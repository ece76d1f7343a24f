"""Words that break off, and the same words at the end of a whole sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu import corpus
from nlu.corpus import Split
from nlu.trailing import trails_off
from tests.needs import ROOT

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "I can pay on the",
        "yes and",
        "yes, but I...",
        "my name is",
        "the third of",
        "I would like to",
        "I want to speak to the",
        "it was okay but the staff were",
        "um",
        "friday uh",
        "well",
        "because",
        "four two double",
        "four point",
        "two hundred and",
    ],
)
def test_english_that_wants_more(text: str) -> None:
    assert trails_off(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "yes it is",
        "yes I am",
        "no I'd rather not",
        "I don't want to",
        "who am I speaking to?",
        "what is this about",
        "where are you calling from",
        "hold on",
        "he's not in",
        "I think so",
        "uh huh",
        "mhm",
        "the food was very good",
        "bandanna",
    ],
)
def test_english_that_is_whole(text: str) -> None:
    assert not trails_off(text, "en-GB")


@pytest.mark.parametrize(
    "text",
    [
        "我觉得服务还可以，但是",
        "然后",
        "还有",
        "我想问一下就是",
        "那个",
        "嗯",
        "对，嗯",
        "因为",
        "如果有时间的话",
        "我 的",
        "呃",
    ],
)
def test_mandarin_that_wants_more(text: str) -> None:
    assert trails_off(text, "zh")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "是的",
        "好的",
        "我就是",
        "本人就是",
        "嗯嗯",
        "明天",
        "三",
        "是我的",
        "还款金额",
        "我没有余额",
        "就要这个",
        "不是",
        "我说完了",
    ],
)
def test_mandarin_that_is_whole(text: str) -> None:
    assert not trails_off(text, "zh-CN")


def test_a_language_without_a_list_never_trails_off() -> None:
    assert not trails_off("je voudrais le", "fr")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hardly_any_whole_utterance_is_taken_for_half_a_one(language: str) -> None:
    """The labelled utterances are whole, but for the hesitations labelled as backchannel, and, outside the test split,
    half sentences that are labelled by where they lead."""
    path = ROOT / "training_data" / f"{language}.jsonl"
    rows = [row for row in corpus.read(path) if row.intent != "backchannel" and row.split is Split.TEST]
    wrong = [row.text for row in rows if trails_off(row.text, language)]
    assert len(wrong) < 0.01 * len(rows), wrong[:40]


@given(text=st.text(max_size=40), language=st.sampled_from(["en", "zh", "fr"]))
def test_no_text_raises(text: str, language: str) -> None:
    trails_off(text, language)
