"""What the switch tells of the leg, in the words of the turn-taking core."""

from __future__ import annotations

from collections.abc import Mapping

from bot.call.core import events
from bot.vocabulary import Failure
from speech.audio import TELEPHONE
from speech.tts.trimming import BREATH_MS
from telephony_bridge import leg as line


def in_the_cores_words(event: line.LegEvent, position: int | None, lengths: Mapping[str, int]) -> events.Event:
    """`position`: the sample of the customer's audio that is heard now.

    `lengths`: samples of each prompt whose length is known: not of one in text, nor of one that is still being sent.
    """
    match event:
        case line.PlayoutStarted(playout_id):
            return events.PlayoutStarted(playout_id, lengths.get(playout_id))
        case line.PlayoutEnded(playout_id, heard, completed, problem):
            whole = completed or _heard_out(heard, lengths.get(playout_id))
            return events.PlayoutEnded(playout_id, heard, whole, problem)
        case line.Dtmf(digit):
            return events.KeyPressed(digit, position)
        case line.HungUp(by, status, fault, cause):
            return events.Gone(by, status, fault, cause)
        case line.MediaStopped(reason):
            return events.Broken(Failure.MEDIA, reason)
        case line.ControlLost(reason):
            return events.Broken(Failure.CONTROL, reason)
        case line.ControlRestored():
            return events.ControlRestored()
        case line.HandedOver():
            return events.HandedOver()
        case line.HandOverFailed(reason):
            return events.HandOverFailed(reason)


def _heard_out(heard: int, samples: int | None) -> bool:
    """Stopped in the quiet after its last sound: who answers so soon has interrupted nothing."""
    return samples is not None and heard >= samples - TELEPHONE.samples_for_ms(BREATH_MS)
