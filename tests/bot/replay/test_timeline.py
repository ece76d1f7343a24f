"""What the customer did, from the lines of a tape."""

from __future__ import annotations

import pytest

from bot.call.core.events import Broken, Gone, KeyPressed, Partial, VoiceStarted, VoiceStopped
from bot.call.ears import PRE_ROLL_MS
from bot.replay.stand_ins import StandIns
from bot.replay.timeline import Act, timeline
from bot.vocabulary import Failure
from telephony_bridge.line_status import HungUpBy
from tests.bot.replay.tapes import Row, ended, heard, row, speak

pytestmark = pytest.mark.unit

PROMPT = [speak(0, "p1", "hello"), ended(1000, "p1")]


def acts(*rows: Row, origin_ms: float = 0.0, in_text: bool = False) -> list[Act]:
    tape = StandIns({"language": "en"}, rows)
    return timeline(rows, origin_ms, tape, in_text=in_text)


def voice(t: float, position: int) -> Row:
    return row(t, "voice_started", position=position)


def stop(t: float, position: int) -> Row:
    return row(t, "voice_stopped", position=position, silence_ms=200.0)


def partial(t: float, text: str) -> Row:
    return row(t, "partial", text=text, words="complete", bearing="meant", settled=True)


def test_a_voice_on_the_recording_only_begins() -> None:
    """2000 ms by the recording, 2100 by the call's clock; the bot had been silent since 1000."""
    (found,) = acts(*PROMPT, voice(2230, 16000), stop(2800, 20000), heard(2900, "yes"), origin_ms=100)
    assert found.does is None
    assert found.t == 2100 - PRE_ROLL_MS
    assert found.after_silence_ms == found.t - 1000


def test_who_talks_over_the_bot_waits_for_nothing() -> None:
    assert acts(*PROMPT, voice(900, 6400), heard(1500, "stop")) == []


def test_a_pause_within_a_turn_is_no_new_beginning() -> None:
    found = acts(*PROMPT, voice(2100, 16000), stop(2500, 18000), voice(3000, 23000), heard(4000, "on friday"))
    assert len(found) == 1


def test_a_silenced_voice_is_told_as_it_was_heard() -> None:
    rows = [
        voice(2100, 16000),
        stop(3000, 22000),
        partial(3000, "<4 digits #1>"),
        heard(3100, "<4 digits #1>"),
        row(9000, "masked", start=14000, end=23000),
    ]
    begins, first, second, third = acts(*PROMPT, *rows)
    assert begins.does is None
    assert [type(one.does) for one in (first, second, third)] == [VoiceStarted, VoiceStopped, Partial]
    assert first.turn is not None
    assert first.turn.parts == 3
    assert first.turn.utterance is not None
    assert first.turn.utterance.text == third.does.text  # type: ignore[union-attr]
    assert "#" not in first.turn.utterance.text


def test_what_a_slow_recogniser_told_after_the_turn_was_over_only_the_utterance_says() -> None:
    """Told again, it would open the turn anew and be taken for the next answer."""
    rows = [
        voice(2100, 16000),
        stop(3000, 22000),
        row(3040, "finalise"),
        partial(3600, "<4 digits #1>"),
        heard(3610, "<4 digits #1>"),
        row(9000, "masked", start=14000, end=23000),
    ]
    *_, last = acts(*PROMPT, *rows)
    assert isinstance(last.does, VoiceStopped)
    assert last.turn is not None
    assert last.turn.parts == 2
    assert last.turn.utterance is not None


def test_without_sound_every_voice_is_told() -> None:
    found = acts(*PROMPT, voice(2100, 16000), stop(3000, 22000), partial(3000, "yes"), heard(3100, "yes"), in_text=True)
    assert [one.t for one in found if one.does is not None] == [2100, 3000, 3000]


def test_keys_and_the_hang_up_wait_for_the_bot_where_they_did() -> None:
    gone = row(3000, "gone", by="customer", line_status="answered", fault="nobody", cause="x")
    rows = [*PROMPT, row(500, "key_pressed", digit="1", position=None), row(1500, "key_pressed", digit="2"), gone]
    early, late, last = acts(*rows)
    assert (early.does, early.after_silence_ms) == (KeyPressed("1"), None)
    assert (late.does, late.after_silence_ms) == (KeyPressed("2"), 500)
    assert isinstance(last.does, Gone)
    assert last.does.by is HungUpBy.CUSTOMER


def test_the_bot_hanging_up_is_for_the_replay_to_decide() -> None:
    assert acts(row(1, "gone", by="bot", line_status="answered", fault="nobody", cause="x")) == []


def test_only_what_broke_outside_breaks_again() -> None:
    found = acts(row(1, "broken", failure="control", detail="gone"), row(2, "broken", failure="dialogue", detail="x"))
    assert [one.does for one in found] == [Broken(Failure.CONTROL, "gone")]
