"""What the core is told of a playout that was stopped."""

from __future__ import annotations

import pytest

from bot.call.core.events import PlayoutEnded
from bot.call.leg_events import in_the_cores_words
from speech.audio import TELEPHONE
from speech.tts.trimming import BREATH_MS
from telephony_bridge import leg as line

pytestmark = pytest.mark.unit

WHOLE = TELEPHONE.samples_for_ms(2000)
TAIL = TELEPHONE.samples_for_ms(BREATH_MS)


def told(heard: int, lengths: dict[str, int]) -> PlayoutEnded:
    event = in_the_cores_words(line.PlayoutEnded("p1", heard, completed=False), None, lengths)
    assert isinstance(event, PlayoutEnded)
    return event


@pytest.mark.parametrize(("heard", "whole"), [(0, False), (WHOLE - TAIL - 1, False), (WHOLE - TAIL, True)])
def test_who_answers_in_the_quiet_after_the_last_word_has_interrupted_nothing(heard: int, whole: bool) -> None:
    assert told(heard, {"p1": WHOLE}).completed is whole


def test_of_a_playout_of_unknown_length_the_switch_has_the_word() -> None:
    assert not told(WHOLE, {}).completed
