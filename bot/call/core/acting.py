"""Carrying out what the mind decided: prompts in order, and what follows when they have been heard."""

from __future__ import annotations

from dataclasses import replace

from bot.call.core import (
    barge_in,
    deciding,
    escalating,
    failing,
    handing_over,
    keypad,
    leaving,
    overlap,
    silence,
    speaking,
)
from bot.call.core.commands import Listen, RecordOutcome, Timer
from bot.call.core.events import Decided, PlayoutEnded, PlayoutStarted
from bot.call.core.state import Move, Phase, Playing
from bot.call.core.steps import HandOver, HangUp, Say, Step
from bot.vocabulary import Failure, Outcome
from speech.tts.trimming import BREATH_MS


def decided(move: Move, event: Decided) -> None:
    """What the customer said meanwhile was said before this reply, and cannot answer what it asks."""
    state = move.state
    if not state.awaiting or event.turn != state.turn:
        return
    move.disarm(Timer.SLOW, Timer.DECISION_LIMIT)
    move.set(awaiting=False)
    if escalating.asks_for_words(move, event.steps):
        escalating.give_up(move)
        return
    if event.steps:
        _reply(move, event.steps)
    elif state.farewell is not None:
        move.set(then=state.farewell, farewell=None)
        if state.phase is not Phase.OUT_OF_REACH:
            all_heard(move)
    elif state.phase is not Phase.OUT_OF_REACH and (state.paused or not state.queue):
        _go_on(move)
    use_kept(move)


def _reply(move: Move, steps: tuple[Step, ...]) -> None:
    """In place of what was to be said. What the law wants said is said first, if it was stopped."""
    if any(not playing.filler for playing in move.state.queue):
        barge_in.pause(move)
    barge_in.drop(move)
    move.set(farewell=None)
    if move.state.paused and move.state.phase is not Phase.OUT_OF_REACH:
        barge_in.say_on(move)
    perform(move, steps)


def _go_on(move: Move) -> None:
    """Nothing is to be answered. While the customer speaks again, what they stopped stays stopped."""
    if move.state.paused and move.state.customer_speaking and not move.state.talked_over:
        move.set(phase=Phase.LISTENING)
        move.arm(Timer.TALK_OVER, move.timing.talk_over_ms)
    else:
        barge_in.resume(move)


def use_kept(move: Move) -> None:
    """What was said or typed when it could not be considered is considered now, one thing after another.

    Not before all that must be heard out has been.
    """
    state = move.state
    heard_out = all(playing.gives_way for playing in state.queue)
    if state.awaiting or state.closing or not heard_out:
        return
    if state.held:
        move.set(held=state.held[1:])
        deciding.consider(move, state.held[0], premature=True)
    elif state.typed_ahead and state.phase is not Phase.OUT_OF_REACH:
        keypad.use_typed_ahead(move)


def perform(move: Move, steps: tuple[Step, ...]) -> None:
    """Prompts go to the line in order; a hand-over or hang-up waits until they have been heard.

    An outcome stands once the prompts before it have been heard.
    """
    playings: list[Playing] = []
    for step in steps:
        if isinstance(step, Say):
            playings.append(Playing("", step.prompt))
        elif isinstance(step, HandOver | HangUp):
            move.set(then=step)
        elif playings:
            playings[-1] = replace(playings[-1], concludes=step.outcome)
        else:
            _conclude(move, step.outcome)
    asked = [p.prompt.expectation for p in playings if p.prompt.expectation.answer is not None]
    if asked:  # otherwise the question that was open still is
        move.set(expectation=asked[-1], asked=False)
    move.set(question=tuple(p.prompt for p in playings), keys="")
    if move.state.phase is Phase.OUT_OF_REACH:  # said when the switch can be commanded again
        move.set(paused=(*move.state.paused, *playings))
        return
    overlap.say_in_turn(move, tuple(playings))
    move.do(Listen(move.state.expectation))
    if not move.state.queue and not move.state.paused:
        all_heard(move)


def _conclude(move: Move, outcome: Outcome) -> None:
    move.set(outcome=outcome)
    move.do(RecordOutcome(outcome))


def playout_started(move: Move, event: PlayoutStarted) -> None:
    """From now on words can answer the question that this prompt asks. Who is speaking already is not talked over."""
    playing = next((p for p in move.state.queue if p.playout_id == event.playout_id), None)
    if playing is None:
        return
    move.disarm(Timer.HOARSE)
    if event.samples is not None:
        speaking.await_end(move, playing, event.samples)
    if playing.filler:
        return
    move.set(turn_ended=False, hoarse=False)
    if playing.prompt.expectation == move.state.expectation:
        move.set(asked=True)
    if move.state.customer_speaking and move.state.may_be_interrupted and not move.state.talked_over:
        barge_in.pause(move)


def playout_ended(move: Move, event: PlayoutEnded) -> None:
    """One that is no longer in the queue was stopped by us."""
    if event.heard:
        move.set(last_sound_at=move.now - (BREATH_MS if event.completed else 0.0))
    ended = next((p for p in (*move.state.queue, *move.state.paused) if p.playout_id == event.playout_id), None)
    if ended is not None and ended.concludes is not None and event.completed:
        _conclude(move, ended.concludes)
    finished = ended if ended in move.state.queue else None
    if finished is None:
        barge_in.stopped(move, event)
        return
    move.set(queue=tuple(playing for playing in move.state.queue if playing is not finished))
    move.set(last_heard=finished.prompt.text, line_quiet_at=move.now)
    if move.state.queue:
        speaking.await_sound(move)
    else:
        move.disarm(Timer.PLAYOUT, Timer.HOARSE)
    if event.problem is not None:
        failing.broken(move, Failure.PLAYOUT)
    else:
        _settle(move)
    if finished.filler:
        silence.bridged(move)
    if not move.state.queue and move.state.phase is Phase.SPEAKING:
        all_heard(move)


def _settle(move: Move) -> None:
    """What was kept is used; then what stayed behind is said, unless the customer is saying something."""
    behind = move.state.behind
    if move.state.queue or not behind:
        use_kept(move)
        return
    move.set(behind=(), paused=(*move.state.paused, *behind))
    use_kept(move)
    if not move.state.closing:
        keypad.heard_out(move)
    if move.state.awaiting:
        return
    if _still_talking(move) and not move.state.closing:
        overlap.let_speak(move)
    else:
        barge_in.say_on(move)


def all_heard(move: Move) -> None:
    """Leave, go on waiting for the mind, or give the customer the turn."""
    state = move.state
    if state.then is not None:
        _leave(move, state.then)
    elif state.at_machine is not None:
        move.set(phase=Phase.LISTENING)
    elif state.awaiting or move.running(Timer.RECOGNITION):
        move.set(phase=Phase.THINKING)
    else:
        silence.give_turn(move)


def _leave(move: Move, then: HandOver | HangUp) -> None:
    """Unless the customer said something during the farewell, or is saying it: that is heard first.

    A hand-over waits for nothing: whoever has been promised a colleague tells that colleague the rest.
    """
    state = move.state
    if state.failing or state.at_machine is not None or isinstance(then, HandOver):
        pass
    elif state.held or "0" in state.typed_ahead:
        move.set(then=None, farewell=then, phase=Phase.LISTENING)
        use_kept(move)
        return
    elif not move.running(Timer.FAREWELL) and _still_talking(move):
        move.set(phase=Phase.LISTENING)
        move.arm(Timer.FAREWELL, move.timing.farewell_ms)
        return
    if isinstance(then, HandOver):
        handing_over.begin(move, then.queue)
    else:
        leaving.hang_up(move)


def _still_talking(move: Move) -> bool:
    turn = move.running(Timer.END_OF_TURN) or move.running(Timer.RECOGNITION)
    return (move.state.customer_speaking and not move.state.talked_over) or turn


def farewell_over(move: Move) -> None:
    """Waited long enough for what the customer was saying at the end."""
    if move.state.then is not None and not move.state.queue:
        move.set(customer_speaking=False)
        move.disarm(Timer.END_OF_TURN, Timer.RECOGNITION, Timer.SLOW)
        _leave(move, move.state.then)
