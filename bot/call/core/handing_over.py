"""Hand-over: the leg goes to a queue of the switch, and comes back if nobody there takes it."""

from __future__ import annotations

from bot.call.core import deciding, failing, leaving
from bot.call.core.commands import Discard, RecordOutcome, Timer, TransferLeg
from bot.call.core.state import Move, Phase
from bot.vocabulary import Failure, Outcome
from telephony_bridge.line_status import HandOverFailure


def begin(move: Move, queue: str) -> None:
    """The queue has limits of its own; the bot's longest call does not count there."""
    move.do(TransferLeg(queue))
    move.disarm(*move.state.timers)
    move.set(phase=Phase.HANDING_OVER, with_switch=True)
    move.arm(Timer.HAND_OVER, move.timing.hand_over_ms)


def taken(move: Move) -> None:
    """A colleague is on the line, whatever the bot thought meanwhile."""
    move.set(with_switch=True)
    if move.state.failing:  # the script has not foreseen it
        move.set(outcome=Outcome.HANDED_OVER)
        move.do(RecordOutcome(Outcome.HANDED_OVER))
    leaving.end(move)


def lost_sight(move: Move) -> None:
    """The switch has not said for very long what became of the customer, who may still wait: leave them to it."""
    move.set(outcome=leaving.not_handed_over(move.state) or Outcome.UNCERTAIN)
    leaving.end(move)


def failed(move: Move, reason: HandOverFailure) -> None:
    """The customer has waited in vain. The script says what is concluded now, if it still can."""
    move.disarm(Timer.HAND_OVER)
    move.do(Discard())
    move.set(phase=Phase.THINKING, then=None, outcome=leaving.not_handed_over(move.state), keys="", typed_ahead="")
    move.set(last_sound_at=move.now, with_switch=False, customer_speaking=False)
    move.arm(Timer.CALL_LIMIT, move.timing.call_limit_ms)
    if move.state.failing:
        failing.apologise(move)
        return
    if move.state.deaf:
        failing.broken(move, Failure.MEDIA)
        return
    deciding.consider_hand_over_failure(move, reason)
