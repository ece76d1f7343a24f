"""Labelling without a keyboard: what each key does, and what is written for it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.inventory import Intent, Sentiment
from nlu.labelling.session import BACKSPACE, ENTER, Command, Put, Question, State, Withdraw, enter, options, step
from nlu.labelling.sheet import Label

pytestmark = pytest.mark.unit

QUESTIONS = tuple(Question(place, ("affirm", "deny", "thanks"), "angry") for place in (4, 5, 6))


def press(keys: str, *, feelings: bool = False) -> tuple[State, list[Command]]:
    state, written = State(QUESTIONS, feelings), []
    for key in keys:
        state, commands = step(state, key)
        written += commands
    return state, written


def put(place: int, intent: Intent, sentiment: Sentiment | None = None) -> Put:
    return Put(place, Label(intent=intent, sentiment=sentiment))


def test_enter_takes_the_suggestion_and_a_digit_another_one() -> None:
    state, written = press(f"{ENTER}3")
    assert written == [put(4, Intent.AFFIRM), put(5, Intent.THANKS)]
    assert state.at == 2
    assert press("9") == press("")


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("", ("affirm", "deny", "thanks")),
        ("ask_h", ("ask_how_to_pay", "ask_human")),
        ("ask h", ("ask_how_to_pay", "ask_human")),
        ("fraud", ("suspect_fraud",)),
        ("pay", ("cannot_pay", "ask_how_to_pay", "promise_to_pay")),
        (f"ask_hu{BACKSPACE}", ("ask_how_to_pay", "ask_human")),
        ("dz", ("deny", "dispute", "do_not_call", "dont_know", "decline_survey", "ask_due_date")),
    ],
)
def test_letters_narrow_the_inventory_down(keys: str, shown: tuple[str, ...]) -> None:
    assert set(options(press(keys)[0])) == set(shown)


def test_enter_takes_a_name_once_only_one_is_left_or_it_is_spelled_out() -> None:
    assert press(f"ask_h{ENTER}")[1] == []
    assert press("ask_h2")[1] == [put(4, Intent.ASK_HUMAN)]
    assert press(f"ask_hu{ENTER}")[1] == [put(4, Intent.ASK_HUMAN)]
    assert press(f"fraud{ENTER}")[1] == [put(4, Intent.SUSPECT_FRAUD)]


@pytest.mark.parametrize(("intent", "sentiment"), list(product(Intent, Sentiment)))
def test_every_name_can_be_typed_and_entered_in_full(intent: Intent, sentiment: Sentiment) -> None:
    expected = put(4, intent, sentiment)
    assert press(f"{intent}{ENTER}{sentiment}{ENTER}", feelings=True)[1] == [expected]
    after_intent = enter(State(QUESTIONS, feelings=True), intent.value)
    assert after_intent is not None
    after_both = enter(after_intent[0], sentiment.value)
    assert after_both is not None
    assert after_both[1] == (expected,)


def test_an_answer_is_taken_back_and_given_anew() -> None:
    state, written = press(f"{ENTER}<2")
    assert written == [put(4, Intent.AFFIRM), Withdraw(4), put(4, Intent.DENY)]
    assert state.at == 1
    assert press("<")[1] == []


def test_a_skipped_turn_is_written_as_such_and_leaving_writes_nothing() -> None:
    state, written = press(f">.{ENTER}")
    assert written == [Put(4, None)]
    assert state.over


def test_the_feeling_is_asked_after_the_intent_and_written_with_it() -> None:
    state, written = press("2", feelings=True)
    assert written == []
    assert options(state)[0] == "angry"
    assert press(f"2{ENTER}", feelings=True)[1] == [put(4, Intent.DENY, Sentiment.ANGRY)]
    assert press(f"2<1pos{ENTER}", feelings=True)[1] == [put(4, Intent.AFFIRM, Sentiment.POSITIVE)]


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("", Intent.AFFIRM),
        ("2", Intent.DENY),
        ("fraud", Intent.SUSPECT_FRAUD),
        ("Ask human", Intent.ASK_HUMAN),
        ("12", None),
        ("9", None),
        ("zzz", None),
        ("fraudulent", None),
        ("as", None),
        ("u", None),
    ],
)
def test_a_whole_line_is_one_answer_or_none(line: str, intent: Intent | None) -> None:
    moved = enter(State(QUESTIONS), line)
    assert (moved and moved[1]) == (None if intent is None else (put(4, intent),))


def test_a_command_is_a_line_and_a_key_also_after_letters() -> None:
    skipped = enter(State(QUESTIONS), ">")
    assert skipped is not None
    assert skipped[1] == (Put(4, None),)
    assert press(f"fra>{ENTER}")[1] == [Put(4, None), put(5, Intent.AFFIRM)]


@given(st.text(st.sampled_from([*"123459<>.askdeny _-x", ENTER, BACKSPACE]), max_size=40), st.booleans())
def test_whatever_is_typed_the_file_has_an_answer_for_each_turn_gone_by(keys: str, feelings: bool) -> None:
    state, written = press(keys, feelings=feelings)
    answered: set[int] = set()
    for command in written:
        answered = answered | {command.place} if isinstance(command, Put) else answered - {command.place}
    assert answered == {question.place for question in QUESTIONS[: state.at]}
    assert state.over or options(state)
