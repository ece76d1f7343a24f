"""When a voice starts and when it stops, out of the windows of a detector. Pure.

A voice has *started* once it lasted `min_voice_ms`, and has *stopped* once it was gone for `hangover_ms`; both
events carry the position where it really began and ended, which lies before the moment of the report. A voice that was
only found when its sound was heard again has started and stopped at once. How long a silence ends the customer's turn
is not decided here but in `speech.end_of_turn`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from speech.audio import TELEPHONE, AudioFormat
from speech.vad.port import VoiceWindow


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Thresholds are probabilities, times milliseconds of sound."""

    format: AudioFormat = TELEPHONE
    """What the positions of the windows count in."""
    start_threshold: float = 0.5
    """A voice can begin in a window at least this sure."""
    stop_threshold: float = 0.35
    """It goes on while windows are at least this sure: lower, so that a weak syllable does not split a word."""
    min_voice_ms: int = 96
    """Shorter is a click or a breath: three windows of the detector. Of 90 isolated digits of people,
    120 ms leave 6 unheard and 96 ms leave 4."""
    hangover_ms: int = 180
    """Gaps up to this long belong to the voice: closures within a word, the breath between letters. In windows of
    32 ms a stop is reported 192 ms after the voice. Of 74 spoken commands, letters and digits this splits 14; 120 ms
    split 19 and 200 ms split 12."""
    pause_ms: int = 90
    """A voice quiet for so long has perhaps ended: time to work ahead. Three windows; most closures within a word are
    shorter."""

    def __post_init__(self) -> None:
        if not 0 < self.stop_threshold <= self.start_threshold <= 1:
            raise ValueError(
                f"endpointing needs 0 < stop_threshold <= start_threshold <= 1, "
                f"not {self.stop_threshold} and {self.start_threshold}"
            )
        if self.min_voice_ms < 0 or self.hangover_ms < 0:
            raise ValueError("endpointing: min_voice_ms and hangover_ms must not be negative")


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """`position`: the first voiced sample."""

    position: int


@dataclass(frozen=True, slots=True)
class VoiceStopped:
    """`position`: the first sample after the voice."""

    position: int


VoiceEvent = VoiceStarted | VoiceStopped


class Phase(StrEnum):
    SILENCE = "silence"
    ONSET = "onset"  # perhaps a voice, too short yet to say
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class EndpointState:
    """`onset` and `voiced_to` bound the voice so far; both are meaningless in silence. `reported_to`: where the last
    voice that was reported ended."""

    phase: Phase = Phase.SILENCE
    heard_to: int = 0
    onset: int = 0
    voiced_to: int = 0
    reported_to: int = 0


def step(
    state: EndpointState, window: VoiceWindow, settings: EndpointSettings
) -> tuple[EndpointState, tuple[VoiceEvent, ...]]:
    """Take the next window. Raises `ValueError` for one that begins before the last one ended."""
    if window.start < state.heard_to:
        raise ValueError(f"window at {window.start} overlaps what was heard up to {state.heard_to}")
    state = replace(state, heard_to=window.end)
    if state.phase is Phase.VOICE:
        return _in_voice(state, window, settings)
    state, events = _before_voice(state, window, settings)
    if window.again and state.phase is Phase.SILENCE and window.again[0].start >= state.reported_to:
        return _overlooked(state, window.again, settings)
    return state, events


def paused_at(state: EndpointState, settings: EndpointSettings) -> int | None:
    """Where a voice that goes on, as far as one can tell, has perhaps ended."""
    quiet = state.heard_to - state.voiced_to
    pausing = state.phase is Phase.VOICE and quiet >= settings.format.samples_for_ms(settings.pause_ms)
    return state.voiced_to if pausing else None


def _overlooked(
    state: EndpointState, windows: tuple[VoiceWindow, ...], settings: EndpointSettings
) -> tuple[EndpointState, tuple[VoiceEvent, ...]]:
    """A sound that is over, heard again: if there is a voice in it, from where to where."""
    voice = EndpointState(heard_to=windows[0].start)
    begun: tuple[VoiceEvent, ...] = ()
    for window in windows:
        voice, events = step(voice, window, settings)
        begun = begun or events
    if not begun:
        return state, ()
    return replace(state, reported_to=voice.voiced_to), (begun[0], VoiceStopped(voice.voiced_to))


def _before_voice(
    state: EndpointState, window: VoiceWindow, settings: EndpointSettings
) -> tuple[EndpointState, tuple[VoiceEvent, ...]]:
    onset = state.phase is Phase.ONSET
    if window.probability < (settings.stop_threshold if onset else settings.start_threshold):
        return replace(state, phase=Phase.SILENCE), ()
    state = replace(state, phase=Phase.ONSET, onset=state.onset if onset else window.start, voiced_to=window.end)
    if state.voiced_to - state.onset < settings.format.samples_for_ms(settings.min_voice_ms):
        return state, ()
    return replace(state, phase=Phase.VOICE), (VoiceStarted(state.onset),)


def _in_voice(
    state: EndpointState, window: VoiceWindow, settings: EndpointSettings
) -> tuple[EndpointState, tuple[VoiceEvent, ...]]:
    if window.probability >= settings.stop_threshold:
        return replace(state, voiced_to=window.end), ()
    if window.end - state.voiced_to < settings.format.samples_for_ms(settings.hangover_ms):
        return state, ()
    return replace(state, phase=Phase.SILENCE, reported_to=state.voiced_to), (VoiceStopped(state.voiced_to),)
