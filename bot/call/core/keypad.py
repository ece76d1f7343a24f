"""Keys: 0 asks for a human; at a question, keys are its answer.

A zero can also be the first of several digits. At a number question a lone 0 therefore means the human
only when no other key follows it.
"""

from __future__ import annotations

from bot.call.core import barge_in, deciding
from bot.call.core.commands import Timer
from bot.call.core.state import Move, Phase
from dialogue.protocol import Answer

COLLECTED = {Answer.NUMBER, Answer.AMOUNT}
"""Answers of more than one key, ended by their length, by # or by a pause."""


def pressed(move: Move, digit: str) -> None:
    state = move.state
    if state.failing:
        return
    if state.awaiting or state.closing:
        keep(move, digit)
        return
    if state.queue:
        if not state.may_be_interrupted:
            move.set(keys=_with(move, digit))
            move.arm(Timer.KEY_PAUSE, move.timing.key_pause_ms)
            return
        barge_in.pause(move)
    move.disarm(Timer.NO_INPUT, Timer.END_OF_TURN, Timer.TALK_OVER)
    keys = _with(move, digit)
    if _ended(move, keys):
        deciding.consider_keys(move, keys.rstrip("#") or keys)
        return
    move.set(keys=keys)
    move.arm(Timer.KEY_PAUSE, move.timing.lone_zero_ms if keys == "0" else move.timing.key_pause_ms)


def keep(move: Move, digit: str) -> None:
    """For when it can be considered."""
    move.set(typed_ahead=move.state.typed_ahead + digit)


def take_up(move: Move) -> bool:
    """Within reach again: whether keys pressed meanwhile come before what is to be said, as they would have then.

    Not before what must be heard out: what is kept is used after it.
    """
    state = move.state
    if not state.typed_ahead or state.closing or not all(playing.gives_way for playing in state.paused):
        return False
    move.set(phase=Phase.LISTENING)
    use_typed_ahead(move)
    return True


def use_typed_ahead(move: Move) -> None:
    """Keys pressed while the mind was busy count for the question asked since; out of reach, for the one still open."""
    typed = move.state.typed_ahead
    move.set(typed_ahead="")
    for digit in typed:
        pressed(move, digit)


def paused(move: Move) -> None:
    """No further key came: what there is, is the answer; it waits for a prompt that must be heard out."""
    if move.state.queue and not move.state.may_be_interrupted:
        move.arm(Timer.KEY_PAUSE, move.timing.key_pause_ms)
        return
    if move.state.queue:
        barge_in.pause(move)
    if move.state.keys:
        deciding.consider_keys(move, move.state.keys.rstrip("#") or move.state.keys)


def heard_out(move: Move) -> None:
    """A key that is a whole answer need not wait for others once the prompt that it was pressed into is over."""
    keys = move.state.keys
    if keys and not move.state.awaiting and move.state.expectation.answer not in COLLECTED:
        move.disarm(Timer.KEY_PAUSE)
        deciding.consider_keys(move, keys.rstrip("#") or keys)


def _with(move: Move, digit: str) -> str:
    return move.state.keys + digit if move.state.expectation.answer in COLLECTED else digit


def _ended(move: Move, keys: str) -> bool:
    expectation = move.state.expectation
    if expectation.answer not in COLLECTED or keys.endswith("#"):
        return True
    return expectation.length is not None and len(keys) >= expectation.length
