"""Who answered: found out while the bot already speaks, and what the script wants done when it is no person.

The greeting never waits for it. A machine is left its message after the beep, a screener is told who is calling,
and whoever comes after the screener is greeted from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.call.answerer import classifier
from bot.call.answerer.classifier import AnswererState, Detection
from bot.call.core import acting, leaving, speaking
from bot.call.core.commands import Discard, Listen, RecordAnswerer, RecordOutcome, StopSpeaking, Timer
from bot.call.core.events import (
    Event,
    Heard,
    KeyPressed,
    Partial,
    PlayoutEnded,
    PlayoutStarted,
    ToneHeard,
    VoiceStarted,
    VoiceStopped,
)
from bot.call.core.state import AtMachine, Move, Phase, Playing
from bot.call.core.steps import HangUp
from bot.call.weighing import Bearing
from bot.vocabulary import Answerer, Outcome
from dialogue.script import Treatment
from speech.tones import Tone

SURE = 0.9
"""Below it nobody is treated as a machine: to hang up on a person is the expensive error."""

KEYS_ARE_A_PERSONS = 0.95
"""No machine presses keys; but the tones can be a sound on the line, mistaken for a key by the switch."""

Look = Callable[[AnswererState, float], tuple[AnswererState, Detection | None]]


def look(move: Move, event: Event) -> None:
    """Evidence in an event: voices, words, tones."""
    language = move.state.language
    match event:
        case VoiceStarted():
            _look(move, classifier.voice_started)
        case VoiceStopped(_, silence_ms):
            end = move.now - silence_ms - move.state.answered_at
            _look(move, lambda state, now: classifier.voice_stopped(state, end, now))
        case Partial(text, _, bearing) if bearing is not Bearing.NOTHING:
            _look(move, lambda state, now: classifier.words(state, text, language, False, now))
        case Heard(utterance):
            text = utterance.text if utterance.accepted else ""
            _look(move, lambda state, now: classifier.words(state, text, language, True, now))
        case ToneHeard(tone):
            _look(move, lambda state, now: classifier.tone(state, tone, now))
        case KeyPressed():
            _look(move, _key_pressed)
        case _:
            pass


def _key_pressed(state: AnswererState, now: float) -> tuple[AnswererState, Detection | None]:
    """Whoever answers with keys is a person."""
    return replace(state, decided=True), Detection(Answerer.HUMAN, KEYS_ARE_A_PERSONS, "a key was pressed", now)


def look_again(move: Move) -> None:
    """Silence is evidence too."""
    _look(move, classifier.time_passed)
    if not move.state.answerer.decided:
        move.arm(Timer.ANSWERER, move.timing.answerer_ms)


def _look(move: Move, at: Look) -> None:
    answerer, found = at(move.state.answerer, move.now - move.state.answered_at)
    move.set(answerer=answerer)
    if found is not None:
        move.disarm(Timer.ANSWERER)
        move.do(RecordAnswerer(found))
        move.do(Listen(move.state.expectation))  # what machines and people say when they pick up is not expected now
        if not (move.state.closing or move.state.phase is Phase.OUT_OF_REACH):
            _treat(move, found.answerer if found.confidence >= SURE else Answerer.UNCERTAIN)


def _treat(move: Move, answerer: Answerer) -> None:
    policy = move.state.answering
    match policy.treatments.get(answerer, Treatment.GO_ON):
        case Treatment.HANG_UP:
            _fall_silent(move)
            _conclude(move, Outcome.ANSWERED_BY_MACHINE)
            leaving.hang_up(move)
        case Treatment.LEAVE_MESSAGE if policy.message is not None:
            _conclude(move, Outcome.ANSWERED_BY_MACHINE)
            _wait(move, AtMachine.BEEP)
        case Treatment.SAY_WHO if policy.who_is_calling is not None:
            _wait(move, AtMachine.SCREENER)
        case _:
            pass


def _wait(move: Move, at_machine: AtMachine) -> None:
    _fall_silent(move)
    move.set(at_machine=at_machine)
    wait_again(move)


def wait_again(move: Move) -> None:
    """For the machine to fall silent, or to beep."""
    move.set(phase=Phase.LISTENING, paused=())
    move.arm(Timer.MACHINE_LIMIT, move.timing.machine_limit_ms)
    if move.state.at_machine is not AtMachine.SCREENED:
        _await_quiet(move)


def at_machine(move: Move, event: Event) -> None:
    """While a machine has the word."""
    state = move.state
    match event:
        case ToneHeard(Tone.BEEP) if state.at_machine is AtMachine.BEEP:
            speak(move)
        case KeyPressed():  # machines press none
            _somebody_comes(move)
        case VoiceStarted():
            move.set(customer_speaking=True)
            move.disarm(Timer.MACHINE_QUIET)
        case VoiceStopped():
            move.set(customer_speaking=False, last_sound_at=move.now)
            move.do(Discard())
            if state.at_machine is AtMachine.SCREENED and not state.queue:
                _somebody_comes(move)
            elif state.at_machine is AtMachine.SCREENED:
                move.set(somebody_came=True)
            elif not state.queue:
                _await_quiet(move)
        case PlayoutStarted():
            acting.playout_started(move, event)
        case PlayoutEnded():
            acting.playout_ended(move, event)
            if move.state.somebody_came and not move.state.queue:
                _somebody_comes(move)
        case _:
            pass


def speak(move: Move) -> None:
    """It has beeped, or is silent: leave the message, or say who is calling. A late beep begins the message anew."""
    policy = move.state.answering
    move.disarm(Timer.MACHINE_QUIET, Timer.MACHINE_LIMIT)
    if move.state.at_machine is AtMachine.BEEP and policy.message is not None:
        if move.state.queue:
            move.do(StopSpeaking())
            move.set(queue=())
        move.set(then=HangUp(), question=(policy.message,))
        speaking.put(move, (Playing("", policy.message, concludes=Outcome.MESSAGE_LEFT),))
    elif policy.who_is_calling is not None:
        move.set(at_machine=AtMachine.SCREENED, question=(policy.who_is_calling,))
        move.arm(Timer.MACHINE_LIMIT, move.timing.machine_limit_ms)
        speaking.say(move, (policy.who_is_calling,))


def _somebody_comes(move: Move) -> None:
    """After a screener, a voice: greet it as if it had just answered."""
    _fall_silent(move)
    move.set(at_machine=None, somebody_came=False, then=None, outcome=None)
    acting.perform(move, move.state.opening)


def gave_up(move: Move) -> None:
    """No beep, or nobody behind the screener."""
    _conclude(move, Outcome.ANSWERED_BY_MACHINE)
    leaving.hang_up(move)


def _await_quiet(move: Move) -> None:
    if not move.state.customer_speaking:
        beep = move.state.at_machine is AtMachine.BEEP
        move.arm(Timer.MACHINE_QUIET, move.timing.machine_quiet_ms if beep else move.timing.screener_quiet_ms)


def _fall_silent(move: Move) -> None:
    """What the bot has said was said to nobody."""
    if move.state.queue:
        move.do(StopSpeaking())
    move.do(Discard())
    move.disarm(*(timer for timer in move.state.timers if timer is not Timer.CALL_LIMIT))
    move.set(queue=(), paused=(), behind=(), awaiting=False, held=(), keys="", typed_ahead="")


def _conclude(move: Move, outcome: Outcome) -> None:
    move.set(outcome=outcome)
    move.do(RecordOutcome(outcome))
