"""How long to wait after the voice stopped, and what the customer's own pauses change about it."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.end_of_turn import (
    CALM_TURNS,
    CUT_OFF_MAX_MS,
    LONGEST_MS,
    PATIENCE,
    ExpectedAnswer,
    Pauses,
    Words,
    once_settled,
    patience_ms,
    remember,
)

pytestmark = pytest.mark.unit

KINDS: list[str | None] = [*get_args(ExpectedAnswer), None]
OBSERVATIONS = st.lists(
    st.tuples(st.one_of(st.just(0.0), st.floats(min_value=0, max_value=5000)), st.booleans()), max_size=40
)


UNKNOWN = Pauses()


def after(*observed: tuple[float, bool], pauses: Pauses = UNKNOWN) -> Pauses:
    for pause_ms, cut_off in observed:
        pauses = remember(pauses, pause_ms, cut_off=cut_off)
    return pauses


def test_every_kind_has_its_row() -> None:
    assert set(PATIENCE) == set(KINDS)


@pytest.mark.parametrize(
    ("expects", "complete", "incomplete"),
    [
        ("yes_no", 220, 700),
        ("rating", 240, 700),
        ("choice", 300, 800),
        ("number", 240, 900),
        ("date", 600, 900),
        ("amount", 300, 900),
        (None, 350, 700),
    ],
)
def test_a_whole_answer_ends_the_turn_soon_and_half_a_one_does_not(
    expects: str | None, complete: int, incomplete: int
) -> None:
    assert patience_ms(expects, Words.COMPLETE) == complete
    assert {patience_ms(expects, words) for words in Words if words is not Words.COMPLETE} == {incomplete}


def test_a_free_answer_waits_by_how_its_words_end() -> None:
    assert {words: patience_ms("free", words) for words in Words} == {
        Words.NONE: 900,
        Words.INCOMPLETE: 550,
        Words.TRAILING: 1200,
        Words.COMPLETE: 550,
    }


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown kind of answer 'colour'; known are yes_no"):
        patience_ms("colour", Words.INCOMPLETE)


def test_a_long_pause_makes_unfinished_answers_wait_longer_and_whole_ones_not() -> None:
    slow = after((1000, False))
    assert patience_ms("number", Words.INCOMPLETE, slow) == 1150
    assert patience_ms("free", Words.INCOMPLETE, slow) == 1150
    assert patience_ms("free", Words.TRAILING, slow) == 1200
    assert patience_ms("number", Words.COMPLETE, slow) == patience_ms("number", Words.COMPLETE)


def test_a_pause_that_the_usual_wait_covers_changes_nothing() -> None:
    assert patience_ms("number", Words.INCOMPLETE, after((500, False))) == 900


def test_each_cut_off_makes_whole_answers_wait_a_step_longer_up_to_a_bound() -> None:
    waits = [patience_ms("yes_no", Words.COMPLETE, after(*[(400, True)] * cut_offs)) for cut_offs in range(6)]
    assert waits == [220, 320, 420, 520, 520, 520]


def test_a_silence_that_no_wait_could_have_covered_teaches_nothing() -> None:
    assert after((LONGEST_MS + 1, True)) == Pauses()


def test_what_was_learned_is_unlearned_slowly() -> None:
    learned = after((1000, True))
    spared = after(*[(0, False)] * (CALM_TURNS - 1), pauses=learned)
    assert (spared.longest_ms, spared.cut_off_ms) == (1000, 100)
    calmer = after((0, False), pauses=spared)
    assert (calmer.longest_ms, calmer.cut_off_ms) == (800, 0)
    assert after(*[(0, False)] * CALM_TURNS * 5, pauses=learned).longest_ms == 0


def test_another_long_pause_keeps_what_was_learned() -> None:
    pauses = after((1000, False))
    for _ in range(CALM_TURNS):
        pauses = after((0, False), (0, False), (900, False), pauses=pauses)
    assert pauses.longest_ms == 1000


@given(observed=OBSERVATIONS)
def test_waits_stay_within_their_bounds_whatever_was_observed(observed: list[tuple[float, bool]]) -> None:
    pauses = after(*observed)
    for kind in KINDS:
        for words in Words:
            usual, now = patience_ms(kind, words), patience_ms(kind, words, pauses)
            assert usual <= now <= LONGEST_MS
            if words is Words.COMPLETE and kind != "free":
                assert now <= usual + CUT_OFF_MAX_MS


@given(observed=OBSERVATIONS)
def test_the_more_is_to_come_the_longer_the_wait(observed: list[tuple[float, bool]]) -> None:
    pauses = after(*observed)
    for kind in KINDS:
        complete, incomplete, trailing = (
            patience_ms(kind, words, pauses) for words in (Words.COMPLETE, Words.INCOMPLETE, Words.TRAILING)
        )
        assert complete <= incomplete <= trailing


@given(
    observed=OBSERVATIONS,
    shorter=st.floats(min_value=1, max_value=LONGEST_MS),
    more=st.floats(min_value=0, max_value=LONGEST_MS),
    kind=st.sampled_from(KINDS),
    words=st.sampled_from(list(Words)),
)
def test_a_longer_pause_or_a_cut_off_never_shortens_a_wait(
    observed: list[tuple[float, bool]], shorter: float, more: float, kind: str | None, words: Words
) -> None:
    before = after(*observed)
    longer = min(float(LONGEST_MS), shorter + more)
    waits = [
        patience_ms(kind, words, pauses)
        for pauses in (
            before,
            remember(before, shorter, cut_off=False),
            remember(before, longer, cut_off=False),
            remember(before, longer, cut_off=True),
        )
    ]
    assert waits == sorted(waits)


@given(observed=OBSERVATIONS)
def test_a_fluent_customer_gets_the_usual_waits_back(observed: list[tuple[float, bool]]) -> None:
    calm = after(*[(0, False)] * CALM_TURNS * 8, pauses=after(*observed))
    assert all(patience_ms(kind, words, calm) == patience_ms(kind, words) for kind in KINDS for words in Words)


@pytest.mark.parametrize(
    ("before", "settled", "confidence", "counts"),
    [
        (Words.INCOMPLETE, Words.COMPLETE, 0.5, Words.INCOMPLETE),
        (Words.TRAILING, Words.COMPLETE, 0.5, Words.INCOMPLETE),
        (Words.TRAILING, Words.COMPLETE, 0.7, Words.COMPLETE),
        (Words.TRAILING, Words.COMPLETE, None, Words.COMPLETE),
        (Words.COMPLETE, Words.COMPLETE, 0.4, Words.COMPLETE),
        (Words.NONE, Words.COMPLETE, 0.4, Words.COMPLETE),
        (Words.INCOMPLETE, Words.TRAILING, 0.4, Words.TRAILING),
    ],
)
def test_a_whole_answer_that_nothing_led_to_is_believed_when_it_is_sure(
    before: Words, settled: Words, confidence: float | None, counts: Words
) -> None:
    assert once_settled(before, settled, confidence) is counts
