"""One step of a call: an event comes in, the next state and the commands for the shell come out."""

from __future__ import annotations

from bot.call.core import (
    acting,
    answering,
    barge_in,
    deciding,
    failing,
    handing_over,
    hoarse,
    keypad,
    leaving,
    silence,
    turn_end,
    turn_start,
)
from bot.call.core.commands import Absence, Command, Timer
from bot.call.core.events import (
    Answered,
    Broken,
    ControlRestored,
    Decided,
    Event,
    Gone,
    HandedOver,
    HandOverFailed,
    Heard,
    KeyPressed,
    Partial,
    PlayoutEnded,
    PlayoutStarted,
    TimerFired,
    VoiceStarted,
    VoiceStopped,
)
from bot.call.core.state import CallState, Move, Phase, Timing
from bot.call.weighing import Bearing
from bot.vocabulary import Failure


def step(state: CallState, event: Event, now: float, timing: Timing) -> tuple[CallState, tuple[Command, ...]]:
    """`now` is a monotonic time in milliseconds. After `EndCall` nothing changes any more."""
    if state.phase is Phase.ENDED:
        return state, ()
    move = Move(state, now, timing)
    if isinstance(event, TimerFired):
        _fire(move, event)
    elif isinstance(event, Gone):
        leaving.gone(move, event)
    elif state.phase is Phase.LEAVING:
        pass  # the end is under way; only its confirmation matters
    elif state.phase is Phase.HANDING_OVER:
        _while_handing_over(move, event)
    else:
        _talk(move, event)
    return move.state, tuple(move.commands)


def _talk(move: Move, event: Event) -> None:
    """Who answered may come to light with any event, and settle what the event means."""
    if not move.state.answerer.decided and move.state.phase is not Phase.OUT_OF_REACH:
        answering.look(move, event)
    if move.state.keys_only and isinstance(event, VoiceStarted | VoiceStopped | Partial):
        return
    if isinstance(event, Answered):
        _begin(move, event)
    elif isinstance(event, Broken):
        failing.broken(move, event.failure)
    elif isinstance(event, ControlRestored):
        failing.restored(move)
    elif move.state.phase is Phase.OUT_OF_REACH:
        _while_out_of_reach(move, event)
    elif move.state.at_machine is not None:
        answering.at_machine(move, event)
    elif move.state.phase is not Phase.LEAVING:
        _react(move, event)


def _begin(move: Move, event: Answered) -> None:
    move.set(opening=event.opening, answered_at=move.now, last_sound_at=move.now)
    move.arm(Timer.CALL_LIMIT, move.timing.call_limit_ms)
    move.arm(Timer.ANSWERER, move.timing.answerer_ms)
    acting.perform(move, event.opening)


def _react(move: Move, event: Event) -> None:
    match event:
        case VoiceStarted():
            turn_start.voice_started(move, event)
        case VoiceStopped():
            turn_end.voice_stopped(move, event)
        case Partial():
            turn_end.partial(move, event)
        case Heard(utterance, bearing):
            turn_end.heard(move, utterance, bearing)
        case KeyPressed(digit, _):
            keypad.pressed(move, digit)
        case Decided():
            acting.decided(move, event)
        case PlayoutStarted():
            acting.playout_started(move, event)
        case PlayoutEnded():
            acting.playout_ended(move, event)
        case _:
            pass


def _while_out_of_reach(move: Move, event: Event) -> None:
    """Nothing can be said; what the mind decides is said when the switch is back.

    What was on the line is told of all the same: how far it was heard, if it was cut off with a media link.
    """
    talking = move.state.at_machine is None and not move.state.failing
    match event:
        case VoiceStarted() if talking:
            turn_start.voice_started(move, event)
        case VoiceStopped() if talking:
            turn_end.voice_stopped(move, event)
        case Partial() if talking:
            turn_end.partial(move, event)
        case Heard(utterance, bearing) if talking:
            turn_end.heard(move, utterance, bearing)
        case VoiceStarted():
            move.set(customer_speaking=True)
        case VoiceStopped():
            move.set(customer_speaking=False)
        case KeyPressed(digit, _) if talking:
            keypad.keep(move, digit)
        case Decided():
            acting.decided(move, event)
        case PlayoutEnded():
            acting.playout_ended(move, event)
        case _:
            pass


def _while_handing_over(move: Move, event: Event) -> None:
    """The switch has the word, and keeps it even when it cannot be commanded."""
    match event:
        case HandedOver():
            handing_over.taken(move)
        case HandOverFailed(reason):
            handing_over.failed(move, reason)
        case Heard(utterance, Bearing.MEANT):  # of a turn that ended before the hand-over
            turn_end.keep(move, utterance)
        case Broken(Failure.MEDIA, _):
            move.set(deaf=True)
        case _:
            pass


def _fire(move: Move, event: TimerFired) -> None:
    timer = Timer(event.timer)
    if move.state.timers.get(timer) != event.token:
        return  # cancelled or set anew while the event was under way
    move.disarm(timer)
    match timer:
        case Timer.NO_INPUT:
            deciding.consider_absence(move, Absence.SILENCE)
        case Timer.END_OF_TURN | Timer.TURN_LIMIT:
            turn_end.ended(move)
        case Timer.TALK_OVER:
            barge_in.talk_over(move)
        case Timer.KEY_PAUSE:
            keypad.paused(move)
        case Timer.SLOW:
            silence.bridge(move)
        case Timer.HOARSE:
            hoarse.waited(move)
        case Timer.DECISION_LIMIT:
            failing.broken(move, Failure.DIALOGUE)
        case Timer.CONTROL:
            failing.lost(move)
        case Timer.CALL_LIMIT:
            failing.apologise(move)
        case Timer.PLAYOUT:
            failing.broken(move, Failure.PLAYOUT)
        case Timer.RECOGNITION:
            failing.broken(move, Failure.RECOGNITION)
        case Timer.LEAVING:
            leaving.end(move)
        case Timer.HAND_OVER:
            handing_over.lost_sight(move)
        case Timer.FAREWELL:
            acting.farewell_over(move)
        case Timer.ANSWERER:
            answering.look_again(move)
        case Timer.MACHINE_QUIET:
            answering.speak(move)
        case Timer.MACHINE_LIMIT:
            answering.gave_up(move)
