"""What the switch tells of the leg, in the words of the turn-taking core."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.call.core import events
from bot.vocabulary import Failure
from speech.audio import TELEPHONE
from speech.tts.trimming import BREATH_MS
from telephony_bridge import leg as line
from telephony_bridge.wav import BadPrompt, prompt_length


def in_the_cores_words(event: line.LegEvent, position: int | None, sent: Mapping[str, Path]) -> events.Event:
    """`position`: the sample of the customer's audio that is heard now. `sent`: the audio file of each playout.

    One that is still being sent is not among them, for its length is not known.
    """
    match event:
        case line.PlayoutStarted(playout_id):
            return events.PlayoutStarted(playout_id, _samples(sent.get(playout_id)))
        case line.PlayoutEnded(playout_id, heard, completed, problem):
            whole = completed or _heard_out(heard, _samples(sent.get(playout_id)))
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


def _samples(audio: Path | None) -> int | None:
    """Of a playout in text, and of a file that is not what it should be, nobody knows the length."""
    try:
        return prompt_length(audio) if audio is not None else None
    except BadPrompt:
        return None
