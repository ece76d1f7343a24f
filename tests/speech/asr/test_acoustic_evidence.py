"""Confidence from two decoders' scores."""

from __future__ import annotations

import math

import pytest

from speech.asr.acoustic_evidence import EVEN, Span, confidence, likelihood_ratio

pytestmark = pytest.mark.unit


def test_the_ratio_is_per_frame_of_the_words() -> None:
    words = [Span("yes", 10, 19, -300.0)]
    phones = [Span("Y", 10, 14, -50.0), Span("EH", 15, 19, -50.0)]
    assert likelihood_ratio(words, phones) == pytest.approx(-20)


def test_phones_count_only_where_the_words_are() -> None:
    words = [Span("yes", 10, 19, -300.0)]
    phones = [Span("SIL", 0, 9, -9999.0), Span("Y", 5, 14, -100.0), Span("EH", 15, 24, -100.0), Span("S", 25, 40, -9e9)]
    assert likelihood_ratio(words, phones) == pytest.approx((-300 + 100) / 10)


def test_confidence_is_even_where_words_are_as_likely_as_not() -> None:
    assert confidence([Span("yes", 0, 9, 10 * EVEN)], []) == pytest.approx(0.5)


def test_confidence_falls_as_the_words_fall_behind() -> None:
    sure = [confidence([Span("yes", 0, 9, score)], [Span("Y", 0, 9, 0.0)]) for score in (0, -100, -300, -1000, -1e9)]
    assert sure == sorted(sure, reverse=True)
    assert all(0 < value < 1 for value in sure)


def test_an_impossible_word_is_no_error() -> None:
    assert confidence([Span("yes", 0, 9, -math.inf)], []) == pytest.approx(0, abs=1e-9)


def test_no_words_no_confidence() -> None:
    assert confidence([], [Span("Y", 0, 9, 0.0)]) == 0
