"""The end of a call: hang-up, the customer gone, and the outcome that stands."""

from __future__ import annotations

from bot.call.core.commands import EndCall, HangUpLeg, Timer
from bot.call.core.events import Gone
from bot.call.core.state import CallState, Move, Phase
from bot.vocabulary import Outcome
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus


def hang_up(move: Move) -> None:
    """The switch confirms it, or the timer does."""
    move.do(HangUpLeg())
    move.disarm(*move.state.timers)
    move.set(phase=Phase.LEAVING)
    move.arm(Timer.LEAVING, move.timing.leaving_ms)


def gone(move: Move, event: Gone) -> None:
    """Who hangs up in a queue has not been handed over. Where our switch goes down, nobody has hung up."""
    if move.state.phase is Phase.HANDING_OVER:
        move.set(outcome=not_handed_over(move.state))
    if event.line_status is LineStatus.NETWORK_FAILURE and event.fault is Fault.US:
        move.set(failing=True)
    end(move, by=event.by)


def not_handed_over(state: CallState) -> Outcome | None:
    """What stands when nobody took the call over: a promise or a denial, but not that a script handed it over."""
    wished = state.outcome is Outcome.HANDED_OVER and not state.failing
    return None if wished else state.outcome


def end(move: Move, by: HungUpBy = HungUpBy.UNKNOWN) -> None:
    """What the script concluded stands; without a conclusion the way the call ended is the outcome.

    Who talks into the sentence that would have concluded it, and says goodbye, left before there was an outcome.
    """
    state = move.state
    if state.outcome is not None:
        outcome = state.outcome
    elif state.failing:
        outcome = Outcome.TECHNICAL_FAILURE
    elif by is HungUpBy.CUSTOMER or state.cut_short:
        outcome = Outcome.HUNG_UP
    else:
        outcome = Outcome.UNCERTAIN
    move.disarm(*state.timers)
    move.set(phase=Phase.ENDED, outcome=outcome, queue=(), paused=(), behind=())
    move.do(EndCall(outcome))
