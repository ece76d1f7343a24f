"""Labelling without a keyboard or a file: a state, a key, and what follows. Pure.

At each turn a digit takes one of the shown names, Enter the first of them. Letters narrow the whole inventory down;
then Enter takes the name as soon as only one is left. `<` takes the last answer back, `>` skips, `.` leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlu.inventory import Intent, Sentiment
from nlu.labelling.sheet import Label

ENTER, BACKSPACE = "\n", "\x7f"
SHOWN = 9
"""One digit each."""

BACK, SKIP, LEAVE = COMMANDS = ("<", ">", ".")
"""No name has one of them, so that none can be typed by mistake for a command."""


@dataclass(frozen=True, slots=True)
class Question:
    """A turn to label: its place in the file, the intents in the order to suggest them, and the model's feeling."""

    place: int
    suggested: tuple[str, ...]
    feeling: str


@dataclass(frozen=True, slots=True)
class State:
    """`typed` are the letters so far; `intent` is known while its sentiment is asked for."""

    questions: tuple[Question, ...]
    feelings: bool = False
    at: int = 0
    typed: str = ""
    intent: Intent | None = None
    left: bool = False

    @property
    def over(self) -> bool:
        return self.left or self.at >= len(self.questions)


@dataclass(frozen=True, slots=True)
class Put:
    """Write the answer for the turn at `place`; None is a skipped one."""

    place: int
    label: Label | None


@dataclass(frozen=True, slots=True)
class Withdraw:
    place: int


Command = Put | Withdraw


def step(state: State, key: str) -> tuple[State, tuple[Command, ...]]:
    """A key that means nothing here changes nothing."""
    if state.over or len(key) != 1:
        return state, ()
    shown = options(state)
    if key in "123456789" and int(key) <= len(shown):
        return _answer(state, shown[int(key) - 1])
    if key == ENTER:
        sure = not state.typed or len(shown) == 1 or state.typed == shown[0]
        return _answer(state, shown[0]) if sure else (state, ())
    if key == BACKSPACE:
        return replace(state, typed=state.typed[:-1]), ()
    if key in COMMANDS:
        return _command(replace(state, typed=""), key)
    longer = replace(state, typed=state.typed + _spelled(key))
    return (longer if options(longer) else state), ()


def options(state: State) -> tuple[str, ...]:
    """The names to show, at most nine, the likeliest first."""
    if state.over:
        return ()
    if state.typed:
        return _matching(state.typed, _names(state))[:SHOWN]
    question = state.questions[state.at]
    if state.intent is None:
        return question.suggested[:SHOWN]
    return tuple(sorted(_names(state), key=lambda name: name != question.feeling))[:SHOWN]


def enter(state: State, line: str) -> tuple[State, tuple[Command, ...]] | None:
    """The same from a line entered as a whole, while turns are left. None where it names no answer, or several."""
    name = _spelled(line)
    if name in _names(state):
        return _answer(state, name)
    if line in COMMANDS:
        return _command(state, line)
    shown = options(state)
    answers = {"": shown[0], **{str(digit): one for digit, one in enumerate(shown, start=1)}}
    found = [answers[line]] if line in answers else _matching(name, _names(state))
    return _answer(state, found[0]) if len(found) == 1 else None


def _spelled(text: str) -> str:
    """As the names are."""
    return text.lower().replace(" ", "_").replace("-", "_")


def _names(state: State) -> list[str]:
    return [one.value for one in (Intent if state.intent is None else Sentiment)]


def _matching(typed: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those that begin with it, then those with a later word that does."""
    begin = [name for name in names if name.startswith(typed)]
    return (*begin, *(name for name in names if f"_{typed}" in name and name not in begin))


def _answer(state: State, name: str) -> tuple[State, tuple[Command, ...]]:
    place = state.questions[state.at].place
    if state.intent is not None:
        return _next(state), (Put(place, Label(intent=state.intent, sentiment=Sentiment(name))),)
    intent = Intent(name)
    if state.feelings:
        return replace(state, typed="", intent=intent), ()
    return _next(state), (Put(place, Label(intent=intent)),)


def _command(state: State, key: str) -> tuple[State, tuple[Command, ...]]:
    if key == LEAVE:
        return replace(state, left=True), ()
    if key == SKIP:
        return _next(state), (Put(state.questions[state.at].place, None),)
    if state.intent is not None:  # its sentiment is not said yet: nothing is written that could be withdrawn
        return replace(state, intent=None), ()
    if state.at == 0:
        return state, ()
    back = replace(state, at=state.at - 1)
    return back, (Withdraw(back.questions[back.at].place),)


def _next(state: State) -> State:
    return replace(state, at=state.at + 1, typed="", intent=None)
