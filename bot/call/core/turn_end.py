"""End of turn: how long a silence ends the customer's turn, and what becomes of what they said.

How long is decided in `speech.end_of_turn` from the answer that is expected, the words so far and the pauses
this customer makes.
"""

from __future__ import annotations

from bot.call.core import acting, barge_in, deciding, silence
from bot.call.core.commands import Absence, Finalise, Timer
from bot.call.core.events import Partial, Utterance, VoiceStopped
from bot.call.core.state import Move, Phase
from bot.call.weighing import Bearing
from dialogue.protocol import Answer
from speech.audio import TELEPHONE
from speech.end_of_turn import Words, once_settled, patience_ms, remember

WORDLESS_ANSWER_MS = 600
"""A shorter sound is a cough or a click."""


def voice_stopped(move: Move, event: VoiceStopped) -> None:
    stopped_at = move.now - event.silence_ms
    move.set(customer_speaking=False, voice_stopped_at=stopped_at, last_sound_at=stopped_at, voice_end=event.position)
    _await_end(move)


def partial(move: Move, event: Partial) -> None:
    """Words so far. Once the voice has stopped, they also tell whether a barge-in meant anything."""
    words = once_settled(move.state.words, event.words, event.confidence) if event.settled else event.words
    move.set(words=words)
    if move.running(Timer.END_OF_TURN):
        _await_end(move)
    if event.bearing is Bearing.MEANT and move.running(Timer.TALK_OVER):
        move.arm(Timer.TALK_OVER, move.timing.turn_limit_ms)
    settled = event.settled and not move.state.customer_speaking and move.state.phase is not Phase.OUT_OF_REACH
    if settled and move.state.paused and event.bearing is not Bearing.MEANT and not move.state.awaiting:
        barge_in.resume(move)


def _await_end(move: Move) -> None:
    expectation = move.state.expectation
    answer = expectation.answer.value if expectation.answer is not None else None
    patience = patience_ms(answer, move.state.words, move.state.pauses)
    move.arm(Timer.END_OF_TURN, move.state.voice_stopped_at + patience - move.now)


def ended(move: Move) -> None:
    """The silence was long enough, or the turn too long."""
    move.disarm(Timer.END_OF_TURN, Timer.TURN_LIMIT)
    move.do(Finalise())
    move.set(turn_ended=not move.state.customer_speaking, pauses=remember(move.state.pauses, 0, cut_off=False))
    move.arm(Timer.RECOGNITION, move.timing.recognition_ms)
    silence.watch(move)
    if move.state.phase is Phase.LISTENING:
        move.set(phase=Phase.THINKING)


def heard(move: Move, utterance: Utterance, bearing: Bearing) -> None:
    """The recogniser is done with the turn."""
    move.set(words=Words.NONE)
    move.disarm(Timer.RECOGNITION)
    if not move.state.awaiting:
        move.disarm(Timer.SLOW)
    state = move.state
    if state.failing:
        return
    out_of_reach = state.phase is Phase.OUT_OF_REACH
    speaking = any(not playing.filler for playing in state.queue)
    if state.awaiting or state.closing or (speaking and not state.may_be_interrupted):
        if bearing is Bearing.MEANT:
            keep(move, utterance)
        if state.closing and not state.queue and not out_of_reach:
            acting.all_heard(move)
    elif out_of_reach and bearing is not Bearing.MEANT:
        pass  # the question is asked again when the switch is back
    elif bearing is Bearing.MEANT:
        if speaking:
            barge_in.pause(move)
        deciding.consider(move, utterance, premature=state.premature)
    elif state.paused:
        barge_in.resume(move)
    elif not speaking:
        _answered_oddly(move, utterance, bearing)


def keep(move: Move, utterance: Utterance) -> None:
    """It cannot be considered now; it will be."""
    move.set(held=(*move.state.held, utterance))


def _answered_oddly(move: Move, utterance: Utterance, bearing: Bearing) -> None:
    """The bot was listening, and this is no plain answer."""
    if bearing in {Bearing.BACKCHANNEL, Bearing.ASIDE}:
        deciding.consider(move, utterance, premature=move.state.premature)
    elif bearing is Bearing.NOTHING and (utterance.text or _wordless_answer(move, utterance)):
        deciding.consider_absence(move, Absence.NO_MATCH)
    else:
        silence.take_up_waiting(move)


def _wordless_answer(move: Move, utterance: Utterance) -> bool:
    """A free answer that the recogniser found no words in: it is on the recording, and the script must know."""
    free = move.state.expectation.answer is Answer.FREE
    return free and TELEPHONE.ms_for(utterance.end - utterance.start) >= WORDLESS_ANSWER_MS
