"""Hoarse: what was sent to the line does not begin to sound, because the voice or the switch is slow or gone.

The customer hears "one moment", which needs no voice, and the prompt is sent once more; what does not sound then
will not.
"""

from __future__ import annotations

from bot.call.core import failing, speaking
from bot.call.core.commands import StopSpeaking
from bot.call.core.state import Move
from bot.vocabulary import Failure


def waited(move: Move) -> None:
    """The silence has become long."""
    state = move.state
    if not state.queue:
        return  # it is not to be said any more
    if state.customer_speaking:
        speaking.await_sound(move)
    elif state.hoarse or state.failing:
        failing.broken(move, Failure.PLAYOUT)
    else:
        late = tuple(playing for playing in (*state.queue, *state.behind) if not playing.filler)
        move.do(StopSpeaking())
        move.set(queue=(), behind=(), hoarse=True)
        speaking.say(move, (state.safe.one_moment,), filler=True)
        speaking.put(move, late)
