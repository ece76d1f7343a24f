"""Prompts on the line: sending them, and what their marks mean."""

from __future__ import annotations

from dataclasses import replace

from bot.call.core.commands import Listen, Speak, Timer
from bot.call.core.state import Move, Phase, Playing
from dialogue.prompts import Prompt
from speech.audio import TELEPHONE

START_MS = 300
"""What a prompt is given to begin, however long the customer's silence was before: a switch takes up to 0.2 s."""


def say(move: Move, prompts: tuple[Prompt, ...], *, filler: bool = False) -> None:
    """Queue prompts on the line behind what is playing."""
    put(move, tuple(Playing("", prompt, filler) for prompt in prompts))


def put(move: Move, playings: tuple[Playing, ...]) -> None:
    """Send prompts to the line, each from its `start` on, under a new playout id.

    What gives way to a customer stays behind one that does not: on the line it would sound before it can be stopped.
    """
    if not playings:
        return
    quiet = not move.state.queue
    for playing in playings:
        state = move.state
        if state.behind or (playing.gives_way and not all(before.gives_way for before in state.queue)):
            move.set(behind=(*state.behind, playing))
        else:
            _send(move, playing)
    move.disarm(Timer.NO_INPUT)
    move.set(phase=Phase.SPEAKING)
    if quiet:
        await_sound(move)


def _send(move: Move, playing: Playing) -> None:
    sent = replace(playing, playout_id=f"p{move.state.next_playout}", heard=playing.start)
    move.set(queue=(*move.state.queue, sent), next_playout=move.state.next_playout + 1)
    move.do(Speak(sent.playout_id, sent.prompt, sent.start, sent.filler))


def await_sound(move: Move) -> None:
    """Nothing sounds, and something has been sent to the line. An apology is given all the time there is."""
    move.arm(Timer.HOARSE, move.timing.slow_ms if move.state.failing else move.bridge_in(START_MS))
    text = move.state.queue[0].prompt.text
    move.arm(Timer.PLAYOUT, move.timing.playout_ms + len(text) * move.timing.playout_ms_per_character)


def await_end(move: Move, playing: Playing, samples: int) -> None:
    """It sounds, and is so long: a switch that does not say when it ends has lost it."""
    if playing is move.state.queue[0]:
        move.arm(Timer.PLAYOUT, TELEPHONE.ms_for(samples) + move.timing.playout_late_ms)


def ask_again(move: Move) -> None:
    """Say the open question once more, without what came before it."""
    say(move, move.state.question[-1:])
    move.do(Listen(move.state.expectation))
