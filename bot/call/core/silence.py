"""Silence: how long the bot waits for a customer who says nothing, and what it says when it is slow itself."""

from __future__ import annotations

from bot.call.core import speaking
from bot.call.core.commands import Timer
from bot.call.core.state import Move, Phase
from dialogue.protocol import Answer

HURRY_MS = 300
"""The least that recogniser and mind are given before "one moment", however long the customer's silence was before."""


def give_turn(move: Move) -> None:
    """The bot has finished: wait for the customer, as long as what it said asks for (`patience_ms`)."""
    move.set(phase=Phase.LISTENING)
    if not move.state.customer_speaking and not move.running(Timer.END_OF_TURN):
        wait = max([move.timing.no_input_ms, *(p.expectation.patience_ms or 0 for p in move.state.question)])
        move.set(no_input_at=move.now + wait)
        move.arm(Timer.NO_INPUT, wait)
    elif move.state.customer_speaking and not move.running(Timer.TURN_LIMIT):
        limit_turn(move)


def limit_turn(move: Move) -> None:
    """Even a voice that never stops has said its turn at some time."""
    free = move.state.expectation.answer is Answer.FREE
    move.arm(Timer.TURN_LIMIT, move.timing.free_turn_limit_ms if free else move.timing.turn_limit_ms)


def take_up_waiting(move: Move) -> None:
    """A sound without words: the customer's time to answer goes on as if it had not been."""
    left = move.state.no_input_at
    give_turn(move)
    if move.running(Timer.NO_INPUT):
        move.set(no_input_at=left)
        move.arm(Timer.NO_INPUT, max(1000.0, left - move.now))


def watch(move: Move) -> None:
    """Recogniser or mind have something to do: bridge the silence if they take long."""
    move.arm(Timer.SLOW, move.bridge_in(HURRY_MS))


def bridge(move: Move) -> None:
    """Recogniser or mind are slow: say so, unless something is being said anyway; look again after it."""
    if not _bot_owes_an_answer(move) or move.state.phase is Phase.OUT_OF_REACH:
        return
    if not move.state.queue and not move.state.customer_speaking:
        speaking.say(move, (move.state.safe.one_moment,), filler=True)
    else:
        move.arm(Timer.SLOW, move.timing.slow_ms)


def bridged(move: Move) -> None:
    """ "One moment" has been said, and there is still no answer."""
    if _bot_owes_an_answer(move):
        move.arm(Timer.SLOW, move.bridge_in(HURRY_MS))


def _bot_owes_an_answer(move: Move) -> bool:
    return move.state.awaiting or move.running(Timer.RECOGNITION)
