"""Barge-in: a voice stops the bot at once; whether it meant the bot is decided when it has been understood.

Then what was stopped is dropped, or said on from where it stopped.
"""

from __future__ import annotations

from dataclasses import replace

from bot.call.core import silence, speaking
from bot.call.core.commands import StopSpeaking, Timer
from bot.call.core.events import PlayoutEnded
from bot.call.core.state import Move, Phase
from speech.audio import TELEPHONE

REWIND = TELEPHONE.samples_for_ms(250)
"""The word that was cut is said again: about a syllable and a half."""


def pause(move: Move) -> None:
    """Silence the line; what was on it waits."""
    move.do(StopSpeaking())
    move.disarm(Timer.PLAYOUT, Timer.HOARSE)
    stopped = tuple(playing for playing in (*move.state.queue, *move.state.behind) if not playing.filler)
    move.set(queue=(), behind=(), paused=(*move.state.paused, *stopped))
    move.set(phase=Phase.LISTENING, line_quiet_at=move.now)
    move.arm(Timer.TALK_OVER, move.timing.talk_over_ms)


def stopped(move: Move, event: PlayoutEnded) -> None:
    """The switch says how far a stopped prompt was heard; one that had just ended need not be said on."""
    paused = tuple(
        replace(playing, heard=playing.start + event.heard) if playing.playout_id == event.playout_id else playing
        for playing in move.state.paused
        if not (event.completed and playing.playout_id == event.playout_id)
    )
    move.set(paused=paused)


def resume(move: Move) -> None:
    """The voice meant nothing: say on what it stopped, or leave the customer the turn."""
    if not move.state.paused:
        move.disarm(Timer.TALK_OVER)
        silence.give_turn(move)
    else:
        say_on(move)


def say_on(move: Move) -> None:
    """What was stopped, each from where it stopped."""
    move.disarm(Timer.TALK_OVER)
    paused = move.state.paused
    move.set(paused=())
    speaking.put(move, tuple(replace(p, start=max(0, p.heard - REWIND) if p.heard else 0) for p in paused))


def drop(move: Move) -> None:
    """The voice meant the bot, which has an answer: what was stopped is not said any more, unless the law wants it."""
    move.disarm(Timer.TALK_OVER)
    dropped = tuple(playing for playing in move.state.paused if not playing.prompt.legal)
    move.set(paused=tuple(playing for playing in move.state.paused if playing.prompt.legal))
    if any(playing.concludes is not None for playing in dropped):
        move.set(cut_short=True)


def talk_over(move: Move) -> None:
    """The voice has gone on for long without a word to the bot."""
    if move.state.paused and not move.state.awaiting:
        move.set(talked_over=True)
        say_on(move)
