"""Start of turn: the customer's voice begins."""

from __future__ import annotations

from bot.call.core import barge_in, silence
from bot.call.core.commands import Timer
from bot.call.core.events import VoiceStarted
from bot.call.core.state import ECHO_MS, Move, Phase
from speech import end_of_turn
from speech.audio import TELEPHONE
from speech.end_of_turn import Words


def voice_started(move: Move, event: VoiceStarted) -> None:
    """A new turn, the rest of one after a pause, or the rest of one that was ended too soon."""
    state = move.state
    pause_ms = TELEPHONE.ms_for(max(0, event.position - state.voice_end))
    if move.running(Timer.END_OF_TURN):
        move.set(pauses=end_of_turn.remember(state.pauses, pause_ms, cut_off=False))
    else:
        if state.turn_ended:
            move.set(pauses=end_of_turn.remember(state.pauses, pause_ms, cut_off=True))
        _begin(move)
    if not move.running(Timer.TURN_LIMIT):
        silence.limit_turn(move)
    move.set(customer_speaking=True, turn_ended=False, talked_over=False)
    move.disarm(Timer.END_OF_TURN, Timer.NO_INPUT)
    if move.state.phase is Phase.SPEAKING and move.state.may_be_interrupted:
        barge_in.pause(move)


def _begin(move: Move) -> None:
    """While the mind still thinks about the turn before, this one counts as said before the next question."""
    state = move.state
    sounding = tuple(playing.prompt.text for playing in (*state.paused, *state.queue)[:2])
    tail = (state.last_heard,) if move.now - state.line_quiet_at <= ECHO_MS else ()
    move.set(premature=not state.asked or state.awaiting, words=Words.NONE, over=(*tail, *sounding))
