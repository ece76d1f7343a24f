"""Decoders kept between utterances."""

from __future__ import annotations

import itertools

import pytest

from speech.asr.decoder_pool import DecoderPool

pytestmark = pytest.mark.unit


def pool(capacity: int) -> DecoderPool[str, tuple[str, int]]:
    number = itertools.count()
    return DecoderPool(lambda key: (key, next(number)), capacity)


def test_a_decoder_handed_back_is_used_again() -> None:
    decoders = pool(2)
    first = decoders.take("yes_no")
    decoders.give("yes_no", first)
    assert decoders.take("yes_no") is first
    assert decoders.idle == 0


def test_one_in_use_is_not_lent_twice() -> None:
    decoders = pool(2)
    assert decoders.take("yes_no") != decoders.take("yes_no")


def test_a_decoder_serves_only_what_it_was_built_for() -> None:
    decoders = pool(2)
    decoders.give("date", decoders.take("date"))
    assert decoders.take("yes_no")[0] == "yes_no"
    assert decoders.idle == 1


def test_those_idle_longest_are_dropped() -> None:
    decoders = pool(2)
    taken = {key: decoders.take(key) for key in ("a", "b", "c")}
    for key, decoder in taken.items():
        decoders.give(key, decoder)
    assert decoders.idle == 2
    assert decoders.take("c") is taken["c"]
    assert decoders.take("b") is taken["b"]
    assert decoders.take("a") is not taken["a"]


def test_a_pool_may_keep_nothing() -> None:
    decoders = pool(0)
    first = decoders.take("a")
    decoders.give("a", first)
    assert decoders.take("a") is not first


def test_a_negative_capacity_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        pool(-1)
