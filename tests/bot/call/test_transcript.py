"""The transcript is read off the tape: what was heard, once, with the meaning that belongs to it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.call.core.barge_in import REWIND
from bot.call.transcript import MS_PER_HANZI, Who, transcript
from tests.bot.call.rows import ANSWERED_TURN, Rows, considered, played, row, said, speak

pytestmark = pytest.mark.unit

QUESTION = "From one to five, how satisfied were you with our service?"


def test_turns_carry_words_meaning_and_response_time() -> None:
    first, customer, second = transcript(ANSWERED_TURN)
    assert (first.who, first.text, first.response_ms) == (Who.BOT, "Is that you?", None)
    assert (customer.text, customer.intent, customer.start_ms, customer.end_ms) == ("yes", "affirm", 1500, 1900)
    assert (second.text, second.response_ms) == ("Thank you.", 300)


def test_a_meaning_belongs_to_the_words_that_were_considered() -> None:
    """Words said into a legal prompt wait for its end, and others come meanwhile."""
    first, second = transcript(
        [
            *said(100, 500, "yes"),
            *said(1500, 1900, "and my bill is wrong"),
            *considered(3000, 1, said(100, 500, "yes"), "affirm"),
            *considered(3100, 2, said(1500, 1900, "and my bill is wrong"), "dispute"),
        ]
    )
    assert [(first.text, first.intent), (second.text, second.intent)] == [
        ("yes", "affirm"),
        ("and my bill is wrong", "dispute"),
    ]


def test_a_meaning_without_words_of_its_own_changes_none() -> None:
    rows = [*ANSWERED_TURN, row(9000, "told", turn=7, source="speech", intent="deny")]
    assert transcript(rows) == transcript(ANSWERED_TURN)


def test_what_keys_void_does_not_lengthen_the_next_turn() -> None:
    rows = [row(100, "voice_started", position=800), row(400, "discard"), *said(5000, 5400, "yes")]
    assert [turn.start_ms for turn in transcript(rows)] == [5000]


def test_a_voice_that_begins_before_the_last_was_recognised_is_the_next_turns() -> None:
    first = said(100, 500, "yes")
    rows = [*first[:-1], row(720, "voice_started", position=5760), first[-1], *said(720, 1500, "no")[1:]]
    assert [(turn.text, turn.start_ms) for turn in transcript(rows)] == [("yes", 100), ("no", 720)]


def test_a_late_report_does_not_move_the_end_of_a_voice() -> None:
    rows = [*said(100, 500, "yes", late_ms=300), row(2000, "audio_origin", ms=0.0)]
    assert [turn.end_ms for turn in transcript(rows)] == [500]


def test_a_prompt_that_never_sounded_was_not_said() -> None:
    rows = [speak(0, "p1", "Hello."), row(5, "playout_ended", playout_id="p1", heard=0, completed=False)]
    assert transcript(rows) == []


def test_a_prompt_cut_off_ends_where_it_was_cut() -> None:
    """By the length it has when it is heard to its end."""
    (cut, whole) = transcript(
        [
            speak(0, "p1", QUESTION),
            *played(0, 2000, "p1", completed=False),
            speak(5000, "p2", QUESTION),
            *played(5000, 9000, "p2"),
        ]
    )
    assert (cut.text, cut.interrupted) == ("From one to five, how…", True)
    assert (whole.text, whole.interrupted) == (QUESTION, False)


def test_without_a_whole_playout_the_length_is_estimated() -> None:
    (turn,) = transcript([speak(0, "p1", QUESTION), *played(0, 65 * 18, "p1", completed=False)])
    assert turn.text == "From one to five…"


def test_a_slow_voice_is_known_by_what_it_said_to_the_end() -> None:
    greeting = "This is a bank."
    slow_ms = 65 * len(greeting) * 2
    rows = [speak(0, "p1", greeting), *played(0, slow_ms, "p1"), speak(slow_ms, "p2", QUESTION)]
    _, cut = transcript([*rows, *played(slow_ms, slow_ms + 2 * 65 * 18, "p2", completed=False)])
    assert cut.text == "From one to five…"


def test_what_begins_as_the_tape_ends_was_not_heard() -> None:
    assert transcript([speak(0, "p1", QUESTION), *played(40, 4000, "p1")[:1], row(40, "gone")]) == []


def test_chinese_is_cut_between_characters() -> None:
    (turn,) = transcript([speak(0, "p1", "请问您贵姓？"), *played(0, MS_PER_HANZI * 3 + 10, "p1", completed=False)])
    assert turn.text == "请问您…"


def test_of_a_prompt_cut_in_its_first_word_nothing_is_shown() -> None:
    (turn,) = transcript([speak(0, "p1", QUESTION), *played(0, 100, "p1", completed=False)])
    assert turn.text == "…"


def _stopped_and_said_on(*stops_ms: int, length_ms: int = 4000) -> Rows:
    """Stopped when so much of it was heard, and each time said on from a little before that."""
    rows: Rows = []
    t, start = 0, 0
    for number, stop in enumerate([*stops_ms, length_ms]):
        last = number == len(stops_ms)
        rows += [
            speak(t, f"p{number}", QUESTION, start=start),
            *played(t, t + stop - start // 8, f"p{number}", completed=last),
        ]
        t += 10_000
        start = max(0, stop * 8 - REWIND)
    return rows


@pytest.mark.parametrize("stops_ms", [(2000,), (1000, 3000), (100,), (100, 200, 3000)])
def test_a_prompt_that_was_said_on_is_one_turn(stops_ms: tuple[int, ...]) -> None:
    rows = _stopped_and_said_on(*stops_ms)
    (turn,) = transcript(rows)
    assert (turn.text, turn.interrupted) == (QUESTION, False)
    assert (turn.start_ms, turn.end_ms) == (0, rows[-1]["t"])


def test_a_prompt_that_was_said_on_and_cut_again_ends_at_the_last_cut() -> None:
    (turn,) = transcript(_stopped_and_said_on(1000, 2000)[:-3])
    assert (turn.text, turn.interrupted) == ("From one to five, how satisfied…", True)


def test_a_question_asked_again_is_a_turn_of_its_own() -> None:
    rows = [
        speak(0, "p1", QUESTION),
        *played(0, 2000, "p1", completed=False),
        speak(5000, "p2", QUESTION),
        *played(5000, 9000, "p2"),
    ]
    assert all(later.start_ms > earlier.end_ms for earlier, later in pairwise(transcript(rows)))
    assert len(transcript(rows)) == 2


def test_what_sounds_when_the_customer_hangs_up_was_heard_until_then() -> None:
    rows = [speak(0, "p1", QUESTION), *played(0, 4000, "p1")[:1], row(65 * 18, "gone")]
    (turn,) = transcript(rows)
    assert (turn.text, turn.end_ms, turn.interrupted) == ("From one to five…", 65 * 18, True)


def test_keys_and_silence_are_turns_of_their_own() -> None:
    rows = [
        row(1, "consider_keys", turn=1, keys="4217"),
        row(1, "told", turn=1, source="keypad", intent="inform"),
        row(2, "consider_absence", turn=2, absence="silence"),
        row(2, "told", turn=2, source="event", intent="silence"),
    ]
    assert [(turn.text, turn.intent) for turn in transcript(rows)] == [("[keys 4217]", "inform"), ("[silence]", None)]


def test_notes_of_the_platform_are_no_turns() -> None:
    kinds = ["record_failure", "tape_closed", "masked", "rendered"]
    assert transcript([*ANSWERED_TURN, *(row(9000, kind) for kind in kinds)]) == transcript(ANSWERED_TURN)
