"""Overlap: the bot has an answer while the customer is speaking again. The answer waits; nobody is talked over."""

from __future__ import annotations

from bot.call.core import silence, speaking
from bot.call.core.commands import Timer
from bot.call.core.state import Move, Phase, Playing


def say_in_turn(move: Move, playings: tuple[Playing, ...]) -> None:
    """Say them now; or, where the customer speaks and they may be interrupted, as if that had stopped them already."""
    state = move.state
    polite = all(playing.gives_way for playing in playings[:1]) and not state.closing
    speaks = state.customer_speaking and not state.talked_over
    if not (playings and polite and speaks and not state.queue):
        speaking.put(move, playings)
        return
    move.set(paused=(*state.paused, *playings))
    let_speak(move)


def let_speak(move: Move) -> None:
    """What is to be said waits until the customer has spoken, or has said nothing to the bot for long."""
    move.set(phase=Phase.LISTENING)
    move.arm(Timer.TALK_OVER, move.timing.talk_over_ms)
    if move.running(Timer.RECOGNITION):
        silence.watch(move)
