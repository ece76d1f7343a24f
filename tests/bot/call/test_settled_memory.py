from __future__ import annotations

import gc

import pytest

from bot.call.settled_memory import settled_memory

pytestmark = pytest.mark.unit


def test_what_is_there_is_not_looked_at_again_before_the_end() -> None:
    kept = [[number] for number in range(1000)]
    with settled_memory():
        looked_at = {id(one) for one in gc.get_objects()}
        assert id(kept[0]) not in looked_at
        assert gc.get_freeze_count() >= len(kept)
    assert gc.get_freeze_count() == 0


def test_rubbish_is_not_kept_with_it() -> None:
    class Knot:
        pass

    knot = Knot()
    knot.itself = knot  # type: ignore[attr-defined]
    del knot
    with settled_memory():
        gc.collect()
    assert not [one for one in gc.get_objects() if type(one).__name__ == "Knot"]


def test_a_failure_inside_passes_through_and_settles_nothing() -> None:
    with pytest.raises(ZeroDivisionError), settled_memory():
        _ = 1 / 0
    assert gc.get_freeze_count() == 0
