"""Masking: a sensitive value reaches no row in any spelling, its token keeps equality, and its sound is silenced."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.call.core import commands, events
from bot.call.masking import TO_THE_END, WHOLE, Masker
from bot.call.mind import Understood
from bot.call.spoken_digits import runs
from bot.call.tape import kind_of
from dialogue.prompts import Expectation
from nlu.understanding import Entity

pytestmark = pytest.mark.unit

ASKED = {"kind": "expectation", "answer": "number", "length": 4, "sensitive": True}
OPEN = {"kind": "expectation", "answer": "date", "length": None, "sensitive": False}

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MANDARIN = "零一二三四五六七八九"


def heard(text: str, start: int = 8000, end: int = 16_000, *, accepted: bool = True) -> dict[str, Any]:
    return {"utterance": {"kind": "utterance", "text": text, "start": start, "end": end, "accepted": accepted}}


def understood(turn: int, text: str, value: str | int) -> dict[str, Any]:
    entity = {"kind": "entity", "type": "digits", "value": value, "text": text, "currency": None}
    meaning = {"kind": "understanding", "intent": "give_rating", "entities": [entity], "answer": entity, "model": "m1"}
    return {"turn": turn, "text": text, "understanding": meaning, "ms": 4.2}


def consider(turn: int, text: str, expectation: dict[str, Any]) -> dict[str, Any]:
    return {"turn": turn, **heard(text), "expectation": expectation, "premature": False}


def asking(*secrets: str) -> Masker:
    masker = Masker(secrets, asks=True)
    masker.row("listen", {"expectation": ASKED})
    return masker


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("it is four two one seven", ["4217"]),
        ("Four two, um, one seven", ["4217"]),
        ("forty-two seventeen", ["4217"]),
        ("four thousand two hundred and seventeen", ["4217"]),
        ("double four oh one", ["4401"]),
        ("4 2 1 7 or 4218", ["4217", "4218"]),
        ("４２１７", ["4217"]),
        ("我的卡号尾号是四二幺七", ["4217"]),
        ("四千二百一十七", ["4217"]),
        ("oh I see", []),
        ("I want a human", []),
    ],
)
def test_digits_are_found_however_they_are_said(said: str, digits: list[str]) -> None:
    assert [run.digits for run in runs(said)] == digits


@given(st.text())
def test_odd_text_is_read_without_complaint(text: str) -> None:
    for run in runs(text):
        assert run.source[run.start : run.end]


def test_the_value_is_one_token_in_words_meaning_and_keys() -> None:
    masker = asking("4217")
    assert masker.row("partial", {"text": "four two"})["text"] == "<2 digits #2>"
    said = masker.row("heard", heard("it is four two one seven"))["utterance"]["text"]
    assert said == "it is <4 digits #1>"
    turn = masker.row("consider", consider(1, "it is four two one seven", ASKED))
    assert turn["utterance"]["text"] == said
    meaning = masker.row("understood", understood(1, "four two one seven", "4217"))
    assert meaning["understanding"]["answer"] == {
        "kind": "entity", "type": "digits", "value": "<4 digits #1>", "text": "<4 digits #1>", "currency": None
    }  # fmt: skip
    keys = masker.row("consider_keys", {"turn": 2, "keys": "4217#", "expectation": ASKED})
    assert keys["keys"] == "<4 digits #1>"


def test_another_value_has_another_token_of_its_own_length() -> None:
    masker = asking("4217")
    assert masker.row("heard", heard("9 9 8"))["utterance"]["text"] == "<3 digits #2>"
    assert masker.row("heard", heard("nine nine eight"))["utterance"]["text"] == "<3 digits #2>"


@pytest.mark.parametrize("text", ["I want a human", "no one told me", "one moment please", "转人工", "请等一下", ""])
def test_words_that_are_no_digits_stay(text: str) -> None:
    masker = asking("4217")
    assert masker.row("heard", heard(text))["utterance"]["text"] == text
    assert masker.spans == ()


def test_words_the_recogniser_does_not_stand_by_are_masked_whole() -> None:
    masker = asking()
    assert masker.row("heard", heard("for to on heaven", accepted=False))["utterance"]["text"] == WHOLE
    assert masker.spans


def test_other_questions_keep_their_numbers() -> None:
    masker = asking("4217")
    masker.row("listen", {"expectation": OPEN})
    for kind, fields in (
        ("heard", heard("on the twenty first, two hundred dollars")),
        ("key_pressed", {"digit": "2"}),
        ("consider_keys", {"turn": 1, "keys": "21", "expectation": OPEN}),
        ("understood", understood(1, "thirty", 30)),
        ("speak", {"playout_id": "p4217", "prompt": {"text": "one thousand two hundred and fifty dollars"}}),
        ("voice_started", {"position": 4217}),
    ):
        assert masker.row(kind, fields) == fields


def test_a_known_value_is_masked_at_any_question_and_in_what_the_bot_says() -> None:
    masker = Masker(["4217"], asks=True)
    assert masker.row("heard", heard("my card is 4217"))["utterance"]["text"] == "my card is <4 digits #1>"
    prompt = {"playout_id": "p1", "prompt": {"name": "utter_read_back", "text": "四二一七，对吗？"}}
    assert masker.row("speak", prompt)["prompt"] == {"name": "utter_read_back", "text": "<4 digits #1>,对吗?"}
    assert masker.row("told", {"turn": 1, "slots": {"given": "4217", "count": 4217, "tries": 2}})["slots"] == {
        "given": "<4 digits #1>", "count": "<4 digits #1>", "tries": 2
    }  # fmt: skip


def test_what_was_answered_is_known_from_then_on() -> None:
    masker = asking()
    masker.row("heard", heard("eight eight one two"))
    masker.row("listen", {"expectation": OPEN})
    again = masker.row("heard", heard("I said eight eight one two"))
    assert again["utterance"]["text"] == "I said <4 digits #1>"


def test_notes_of_the_answers_turn_are_masked_after_the_next_question_opened() -> None:
    masker = asking()
    masker.row("consider", consider(1, "four two", ASKED))
    masker.row("listen", {"expectation": OPEN})
    assert "42" not in str(masker.row("understood", understood(1, "four two", "42")))


def test_keys_are_stars_and_what_is_no_digit_stays() -> None:
    masker = asking("4217")
    shown = [masker.row("key_pressed", {"digit": digit})["digit"] for digit in "4217#"]
    assert shown == ["*", "*", "*", "*", "#"]
    assert masker.row("consider_keys", {"turn": 1, "keys": "0", "expectation": ASKED})["keys"] == "0"


def test_keys_pressed_while_the_mind_is_busy_may_answer_what_it_asks_next() -> None:
    masker = Masker(asks=True)
    masker.row("consider", consider(1, "yes", OPEN))
    assert masker.row("key_pressed", {"digit": "4"})["digit"] == "*"
    masker.row("decided", {"turn": 1, "steps": []})
    assert masker.row("key_pressed", {"digit": "4"})["digit"] == "4"


def test_a_known_value_typed_at_another_question_does_not_come_whole() -> None:
    masker = Masker(["4217"])
    assert [masker.row("key_pressed", {"digit": digit})["digit"] for digit in "54217"] == ["5", "4", "2", "*", "*"]


@pytest.mark.parametrize(
    ("cls", "kind", "names"),
    [
        (events.VoiceStarted, "voice_started", {"position"}),
        (events.VoiceStopped, "voice_stopped", {"position"}),
        (events.Partial, "partial", {"text"}),
        (events.Heard, "heard", {"utterance"}),
        (events.Utterance, "utterance", {"text", "start", "end", "accepted"}),
        (events.KeyPressed, "key_pressed", {"digit"}),
        (events.Decided, "decided", {"turn"}),
        (commands.Listen, "listen", {"expectation"}),
        (commands.Discard, "discard", set()),
        (commands.Consider, "consider", {"turn", "utterance", "expectation"}),
        (commands.ConsiderKeys, "consider_keys", {"turn", "keys", "expectation"}),
        (commands.ConsiderAbsence, "consider_absence", {"turn"}),
        (Understood, "understood", {"turn", "text", "understanding"}),
        (Entity, "entity", {"text", "value"}),
        (Expectation, "expectation", {"sensitive"}),
    ],
)
def test_the_rows_it_follows_are_those_of_the_call(cls: type, kind: str, names: set[str]) -> None:
    assert kind_of(cls) == kind
    assert names <= {field.name for field in dataclasses.fields(cls)}


def test_a_call_without_secrets_is_written_as_it_was() -> None:
    masker = Masker()
    fields = consider(1, "four two one seven", OPEN)
    assert masker.row("consider", fields) == fields
    assert masker.row("key_pressed", {"digit": "4"}) == {"digit": "4"}


def test_a_sensitive_text_is_a_token_too() -> None:
    masker = Masker()
    assert (masker.token("Rover"), masker.token("Rex"), masker.token("Rover")) == (
        "<text #1>",
        "<text #2>",
        "<text #1>",
    )


def test_the_voice_that_said_digits_is_silenced_with_its_margins() -> None:
    masker = asking()
    masker.row("voice_started", {"position": 8000})
    masker.row("voice_stopped", {"position": 17_000})
    masker.row("heard", heard("four two one seven", 8000, 16_000))
    assert masker.spans == ((8000 - 2400, 17_000 + 800),)


@pytest.mark.parametrize("stopped_first", [True, False])
def test_a_voice_dropped_for_keys_is_silenced_unheard(stopped_first: bool) -> None:
    masker = asking()
    masker.row("voice_started", {"position": 8000})
    ended = [("voice_stopped", {"position": 9000}), ("discard", {})]
    for kind, fields in ended if stopped_first else reversed(ended):
        masker.row(kind, fields)
    masker.row("listen", {"expectation": OPEN})
    masker.row("voice_started", {"position": 30_000})
    assert masker.spans == ((5600, 9800),)


def test_a_voice_that_the_end_of_the_call_cut_off_is_silenced_to_the_end() -> None:
    masker = Masker(asks=True)
    masker.row("voice_started", {"position": 8000})
    masker.row("listen", {"expectation": ASKED})
    assert masker.spans == ((5600, TO_THE_END),)


def test_a_voice_that_goes_on_after_it_was_understood_is_silenced_until_it_stops() -> None:
    masker = asking()
    masker.row("voice_started", {"position": 8000})
    masker.row("heard", heard("I want a human", 8000, 16_000))
    masker.row("voice_stopped", {"position": 24_000})
    assert masker.spans == ((16_000 - 2400, 24_800),)


def test_the_tones_of_hidden_keys_are_silenced() -> None:
    masker = asking()
    masker.key_at(400)
    masker.row("key_pressed", {"digit": "4", "position": 10_000})
    masker.row("listen", {"expectation": OPEN})
    masker.key_at(90_000)
    assert masker.spans == ((0, 2800), (9200, 12_400))


# --- no sequence of rows gives the value away


def spellings(secret: str) -> list[str]:
    words = [ENGLISH[int(digit)] for digit in secret]
    return [
        secret,
        "-".join(secret),
        " ".join(words),
        ", ".join(words).upper(),
        " um ".join(words),
        " then I said ".join(words),
        "".join(MANDARIN[int(digit)] for digit in secret),
        "，".join(MANDARIN[int(digit)] for digit in secret),
        f"9{secret}9",
        " ".join(words[:2]) + " " + secret[2:],
    ]


def digits_of(text: str) -> str:
    """An ear of its own, simpler than the one under test: every digit in the order of the text."""
    names = {**{word: str(n) for n, word in enumerate(ENGLISH)}, **{word: str(n) for n, word in enumerate(MANDARIN)}}
    bare = re.sub(r"<\d+ digits? #\d+>", "", text.casefold())
    return "".join(names.get(each, each) for each in re.findall(rf"\d|{'|'.join(names)}", bare))


def texts_in(value: Any) -> list[str]:
    """Everything written but sample positions."""
    if isinstance(value, dict):
        counted = {"position", "start", "end"}
        return [text for name, item in value.items() if name not in counted for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [str(value)] if isinstance(value, str | int) and not isinstance(value, bool) else []


def gives_away(text: str, secret: str) -> bool:
    return any(secret[i : i + 3] in digits_of(text) for i in range(len(secret) - 2))


Row = tuple[str, dict[str, Any]]


def rows_about(secret: str) -> st.SearchStrategy[Row]:
    words = st.tuples(
        st.sampled_from(["", "it is ", "my card, well, "]),
        st.sampled_from([*spellings(secret), secret[:3], secret[-3:], "yes", "I want a human", "five", "转人工"]),
        st.sampled_from(["", " thanks", "。", " and nine"]),
    ).map("".join)
    question = st.sampled_from([ASKED, OPEN])
    makers: list[Callable[..., st.SearchStrategy[Row]]] = [
        lambda: question.map(lambda q: ("listen", {"expectation": q})),
        lambda: words.map(lambda w: ("partial", {"text": w})),
        lambda: st.tuples(words, st.booleans()).map(lambda x: ("heard", heard(x[0], accepted=x[1]))),
        lambda: words.map(lambda w: ("consider", consider(4, w, ASKED))),
        lambda: words.map(lambda w: ("consider", consider(5, w, OPEN))),
        lambda: question.map(lambda q: ("consider_keys", {"turn": 5, "keys": secret + "#", "expectation": q})),
        lambda: words.map(lambda w: ("understood", understood(4, w, secret))),
        lambda: words.map(lambda w: ("understood", understood(6, w, int(secret)))),
        lambda: words.map(lambda w: ("told", {"turn": 4, "intent": "inform", "slots": {"given": secret, "heard": w}})),
        lambda: words.map(lambda w: ("speak", {"playout_id": "p1", "prompt": {"name": "utter_x", "text": w}})),
        lambda: words.map(lambda w: ("decided", {"turn": 4, "steps": [{"kind": "say", "prompt": {"text": w}}]})),
        lambda: words.map(lambda w: ("broken", {"failure": "dialogue", "detail": f"ValueError: {w}"})),
        lambda: st.sampled_from(secret).map(lambda key: ("key_pressed", {"digit": key})),
        lambda: st.sampled_from(["voice_started", "voice_stopped"]).map(lambda kind: (kind, {"position": 80})),
        lambda: st.just(("discard", {})),
    ]
    return st.one_of([make() for make in makers])


@given(st.data(), st.text("0123456789", min_size=4, max_size=6).filter(lambda secret: secret[0] != "0"))
def test_no_sequence_of_rows_gives_a_known_value_away(data: st.DataObject, secret: str) -> None:
    masker = Masker([secret], asks=True)
    keys = ""
    for kind, fields in data.draw(st.lists(rows_about(secret), max_size=20)):
        written = masker.row(kind, fields)
        assert written.keys() == fields.keys()
        keys += written.get("digit", "")
        for text in texts_in(written):
            assert not gives_away(text, secret), (kind, text)
    assert not any(secret[i : i + 3] in keys for i in range(len(secret) - 2))


@given(st.data(), st.text("0123456789", min_size=4, max_size=6))
def test_an_unknown_value_is_safe_from_the_question_on(data: st.DataObject, secret: str) -> None:
    masker = asking()
    about = rows_about(secret) if secret[0] != "0" else st.just(("heard", heard(" ".join(secret))))
    first = data.draw(st.sampled_from(spellings(secret)[:8]))
    for kind, fields in [("heard", heard(first)), *data.draw(st.lists(about, max_size=12))]:
        for text in texts_in(masker.row(kind, fields)):
            assert not gives_away(text, secret), (kind, text)


def test_the_checksum_of_the_recording_is_left_as_it_is() -> None:
    closed = {"lines": 12, "recording": "ab8305cd" * 8}
    assert Masker(["8305"], asks=True).row("tape_closed", closed) == closed
