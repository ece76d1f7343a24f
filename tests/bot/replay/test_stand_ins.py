"""Digits in place of the masked ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.call.masking import Masker
from bot.call.spoken_digits import runs
from bot.replay.stand_ins import StandIns, is_masked
from tests.bot.replay.tapes import Row, heard, row

pytestmark = pytest.mark.unit


def stand_ins(*rows: Row, language: str = "en") -> StandIns:
    return StandIns({"language": language, "contact": {"last4": "<4 digits #1>"}}, rows)


def test_the_same_token_is_the_same_digits_in_words_and_figures() -> None:
    tape = stand_ins(heard(1, "it is <4 digits #1>"))
    (run,) = runs(tape.said("it is <4 digits #1>"))
    assert run.digits == tape.written("<4 digits #1>")
    assert len(run.digits) == 4


def test_mandarin_digits_are_said_in_mandarin() -> None:
    tape = stand_ins(heard(1, "是<4 digits #1>"), language="zh")
    said = tape.said("是<4 digits #1>")
    assert runs(said)[0].digits == tape.written("<4 digits #1>")
    assert said.isalpha()


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(3, 6), st.integers(2, 40)), max_size=6))
def test_tokens_are_distinct_and_long_enough(found: list[tuple[int, int]]) -> None:
    counts = {number: count for count, number in found}
    tokens = [f"<{count} digits #{number}>" for number, count in counts.items()]
    tape = stand_ins(*(heard(n, token) for n, token in enumerate(tokens)))
    values = [tape.written(token) for token in tokens]
    assert [len(value) for value in values] == list(counts.values())
    assert len(set(values)) == len(values)


def test_a_stand_in_hides_nothing_else_that_is_said() -> None:
    """Digits of the tape that resemble a stand-in would be masked in the replay and not in the call."""
    loud = "seven seven seven nine, seven nine seven, nine seven seven, 777 779 797 977"
    tape = stand_ins(row(1, "speak", prompt={"text": loud}))
    masker = Masker([tape.written("<4 digits #1>")])
    assert masker.row("heard", {"utterance": {"text": loud, "start": 0, "end": 1}})["utterance"]["text"] == loud


def test_masked_keys_are_the_digits_of_the_token_they_make() -> None:
    rows = [row(n, "key_pressed", digit=digit) for n, digit in enumerate("1**#**")]
    rows.insert(1, row(0, "consider_keys", keys="1"))
    rows.insert(5, row(4, "consider_keys", keys="<2 digits #7>"))
    rows.append(row(9, "consider_keys", keys="<2 digits #8>"))
    tape = stand_ins(*rows)
    seven, one = tape.written("<2 digits #7>"), tape.written("<2 digits #8>")
    assert "".join(tape.keys(rows)) == f"1{seven}#{one}"


@pytest.mark.parametrize(("text", "masked"), [("yes", False), ("<speech>", True), ("um <2 digits #3>", True)])
def test_what_the_tape_does_not_hold(text: str, masked: bool) -> None:
    assert is_masked(text) is masked
