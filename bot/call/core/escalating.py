"""What is tried when the mind or the hearing breaks and the switch can still be commanded, by the script's policy.

First the keys, where only the hearing is lost and the open question can be answered with them; then a colleague; then
goodbye. A voice, a tape or an audio stream that breaks leaves only goodbye.
"""

from __future__ import annotations

from bot.call.core import barge_in, failing, speaking
from bot.call.core.commands import Discard, Timer
from bot.call.core.state import HEARING, Move, Phase, Playing
from bot.call.core.steps import HandOver, Say, Step
from bot.vocabulary import Failure
from dialogue.protocol import Answer

BY_KEYS = {Answer.YES_NO, Answer.NUMBER, Answer.AMOUNT, Answer.RATING}
"""Answers that a customer can give with keys without being told which key is which."""

SURVIVED = {Failure.DIALOGUE, Failure.UNDERSTANDING, Failure.RECOGNITION}


def escalate(move: Move, failure: Failure) -> None:
    if failure is Failure.RECOGNITION and _keys_will_do(move):
        if move.state.awaiting:  # it is found out again at the next voice, if it matters then
            move.disarm(*HEARING)
        else:
            _ask_for_keys(move)
    elif failure in SURVIVED:
        give_up(move)
    else:
        failing.apologise(move)


def asks_for_words(move: Move, steps: tuple[Step, ...]) -> bool:
    """Whether a reply asks what cannot be answered with keys, and nothing else is left."""
    answers = {step.prompt.expectation.answer for step in steps if isinstance(step, Say)} - {None}
    return move.state.keys_only and not answers <= BY_KEYS


def give_up(move: Move) -> None:
    """To a colleague, if the script names a queue and the bot is not saying goodbye anyway."""
    state, policy = move.state, move.state.on_failure
    if policy.queue is None or state.closing or state.farewell is not None or state.at_machine is not None:
        failing.apologise(move)
        return
    failing.stop_conversing(move, HandOver(policy.queue))
    if state.phase is not Phase.OUT_OF_REACH:
        say_last_words(move)


def say_last_words(move: Move) -> None:
    """The sentence that goes with the end: of the call, or of the bot's part in it."""
    state, bridge = move.state, move.state.on_failure.putting_through
    if isinstance(state.then, HandOver) and bridge is not None:
        speaking.say(move, (bridge,))
    else:
        speaking.say(move, (state.safe.apology,))


def _keys_will_do(move: Move) -> bool:
    state = move.state
    able = state.on_failure.keys_only is not None and state.expectation.answer in BY_KEYS
    busy = state.closing or state.farewell is not None or state.at_machine is not None
    return able and not busy and state.phase is not Phase.OUT_OF_REACH


def _ask_for_keys(move: Move) -> None:
    """From now on voices are not listened to. What must be heard out is."""
    asking = move.state.on_failure.keys_only
    assert asking is not None
    move.do(Discard())
    move.disarm(*HEARING, Timer.SLOW)
    move.set(keys_only=True, customer_speaking=False)
    if not move.state.may_be_interrupted:
        move.set(behind=(Playing("", asking), *move.state.behind))
        return
    if move.state.queue:
        barge_in.pause(move)
    speaking.say(move, (asking,))
    if move.state.paused:
        barge_in.say_on(move)
    else:
        speaking.ask_again(move)
