"""Something the call depends on broke: say so in a safe sentence, then end; never leave silence.

The script cannot be asked any more, so what is said then is rendered before the dial. What is tried before the end is
the script's policy: `escalating`.

While the switch cannot be commanded nothing can be said: a prompt that plays goes on, but no other can be sent, for the
command and the sound go the same way. That silence lasts until the connection is back (tried again after 0.25 s, then
twice as long each time) or the call is given up, `Timing.control_ms`. To give up sooner would not shorten it, as the
leg cannot be hung up either; it would only lose the calls that can still be saved.
"""

from __future__ import annotations

from bot.call.core import answering, barge_in, escalating, handing_over, keypad, leaving, speaking
from bot.call.core.commands import Discard, RecordFailure, RecordOutcome, StopSpeaking, Timer
from bot.call.core.state import HEARING, Move, Phase
from bot.call.core.steps import HandOver, HangUp
from bot.vocabulary import Failure, Outcome


def broken(move: Move, failure: Failure) -> None:
    if failure is Failure.CONTROL:
        out_of_reach(move)
    elif move.state.failing:
        if failure in {Failure.PLAYOUT, Failure.SYNTHESIS}:
            _end_unsaid(move)
    elif failure is Failure.RECOGNITION and move.state.keys_only:
        pass  # it is known, and nobody listens
    elif move.state.phase is not Phase.LEAVING:
        move.do(RecordFailure(failure))
        escalating.escalate(move, failure)


def _end_unsaid(move: Move) -> None:
    """Not even the last sentence can be said."""
    if isinstance(move.state.then, HandOver):
        handing_over.begin(move, move.state.then.queue)
    else:
        leaving.hang_up(move)


def apologise(move: Move) -> None:
    """Drop what is being said, say sorry, hang up. A conclusion the script has reached still stands."""
    stop_conversing(move, HangUp())
    if move.state.outcome is None:
        move.set(outcome=Outcome.TECHNICAL_FAILURE)
        move.do(RecordOutcome(Outcome.TECHNICAL_FAILURE))
    if move.state.phase is not Phase.OUT_OF_REACH:  # otherwise it is said when the switch is back
        escalating.say_last_words(move)


def stop_conversing(move: Move, then: HandOver | HangUp) -> None:
    """Nothing that was said or is to be said matters any more."""
    if move.state.queue:
        move.do(StopSpeaking())
    move.do(Discard())
    move.disarm(*(timer for timer in move.state.timers if timer not in {Timer.CALL_LIMIT, Timer.CONTROL}))
    move.set(queue=(), paused=(), behind=(), failing=True, awaiting=False, then=then, at_machine=None)


def out_of_reach(move: Move) -> None:
    """The switch cannot be commanded: what plays goes on by itself, and nothing else can be said.

    The customer is heard all the same: their audio comes on a connection of its own, and the mind needs no switch.
    """
    state = move.state
    if state.phase in {Phase.OUT_OF_REACH, Phase.RINGING}:
        return
    hearing = HEARING if state.at_machine is None and not state.failing else frozenset()
    move.disarm(*(timer for timer in state.timers if timer not in {Timer.CALL_LIMIT, *hearing}))
    cut = tuple(playing for playing in (*state.paused, *state.queue, *state.behind) if not playing.filler)
    move.set(phase=Phase.OUT_OF_REACH, queue=(), behind=(), paused=cut)
    if state.at_machine is not None:
        move.do(Discard())
    move.arm(Timer.CONTROL, move.timing.control_ms)


def restored(move: Move) -> None:
    """Within reach again: excuse the gap and take up the prompt, the question or the farewell that was open."""
    if move.state.phase is not Phase.OUT_OF_REACH:
        return
    move.disarm(Timer.CONTROL)
    if move.state.failing:
        move.set(paused=())
        escalating.say_last_words(move)
        return
    if move.state.awaiting:
        move.arm(Timer.DECISION_LIMIT, move.timing.decision_limit_ms)
        speaking.say(move, (move.state.safe.one_moment,), filler=True)
        return
    if move.state.at_machine is not None:
        answering.wait_again(move)
        return
    if keypad.take_up(move):
        if move.state.awaiting:
            speaking.say(move, (move.state.safe.one_moment,), filler=True)
        return
    speaking.say(move, (move.state.safe.one_moment,))
    if move.state.paused:
        barge_in.say_on(move)
    else:
        speaking.ask_again(move)


def lost(move: Move) -> None:
    """The switch stayed out of reach: for us the call is over."""
    move.set(failing=True)
    leaving.end(move)
