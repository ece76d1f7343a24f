"""Where a text may be taken apart to be spoken piece by piece."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.tts.sentences import sentences

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One sentence only.", ["One sentence only."]),
        ("Thank you. I have noted it.", ["Thank you.", "I have noted it."]),
        ("Is that right? Please say yes or no.", ["Is that right?", "Please say yes or no."]),
        ("Please ask Mr. Novak to call. It is urgent.", ["Please ask Mr. Novak to call.", "It is urgent."]),
        ("We open at 9 a.m. on Monday. Please come.", ["We open at 9 a.m. on Monday.", "Please come."]),
        ("You owe 12.50 dollars. Will you pay?", ["You owe 12.50 dollars.", "Will you pay?"]),
        ("Go. It is the fifth of May.", ["Go. It is the fifth of May."]),
        ("It is the fifth of May. Yes?", ["It is the fifth of May. Yes?"]),
        ("您好。我是海港银行的自动电话。请问您是李女士吗？", ["您好。我是海港银行的自动电话。", "请问您是李女士吗？"]),
        ("谢谢您的配合！再见。", ["谢谢您的配合！再见。"]),
    ],
)
def test_a_text_in_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text("ab. !?。A1，", max_size=60))
def test_nothing_is_lost_or_changed(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
