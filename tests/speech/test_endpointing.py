"""From windows to the start and the stop of a voice."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.endpointing import EndpointSettings, EndpointState, Phase, VoiceEvent, VoiceStarted, VoiceStopped, step
from speech.vad.port import VoiceWindow

pytestmark = pytest.mark.unit

WINDOW = 256  # 32 ms at 8 kHz
SETTINGS = EndpointSettings()


def events(probabilities: Sequence[float], settings: EndpointSettings = SETTINGS, first: int = 0) -> list[VoiceEvent]:
    state = EndpointState()
    found: list[VoiceEvent] = []
    for n, probability in enumerate(probabilities):
        start = first + n * WINDOW
        state, new = step(state, VoiceWindow(start, start + WINDOW, probability), settings)
        found.extend(new)
    return found


def test_positions_are_where_the_voice_was() -> None:
    assert events([0] * 5 + [1] * 10 + [0] * 10) == [VoiceStarted(5 * WINDOW), VoiceStopped(15 * WINDOW)]


def test_the_start_is_reported_after_the_shortest_voice() -> None:
    assert events([1] * 2) == []
    assert events([1] * 3) == [VoiceStarted(0)]  # 3 windows are 96 ms


def test_the_stop_is_reported_after_the_hangover() -> None:
    assert events([1] * 10 + [0] * 5) == [VoiceStarted(0)]
    assert events([1] * 10 + [0] * 6) == [VoiceStarted(0), VoiceStopped(10 * WINDOW)]  # 6 windows are 192 ms


def test_a_click_is_no_voice() -> None:
    assert events(([0.9] * 2 + [0.1] * 3) * 20) == []


def test_a_gap_within_the_hangover_belongs_to_the_voice() -> None:
    assert events(([1] * 6 + [0] * 5) * 4 + [0] * 9) == [VoiceStarted(0), VoiceStopped((3 * 11 + 6) * WINDOW)]


def test_between_the_thresholds_a_voice_goes_on_but_does_not_begin() -> None:
    between = 0.4
    assert events([between] * 50) == []
    assert events([0.6] + [between] * 50 + [0] * 7) == [VoiceStarted(0), VoiceStopped(51 * WINDOW)]


def heard_again(first: int, probabilities: Sequence[float]) -> tuple[VoiceWindow, ...]:
    """Windows from sample `first` on, as a second look gives them."""
    starts = range(first, first + len(probabilities) * WINDOW, WINDOW)
    return tuple(VoiceWindow(at, at + WINDOW, p) for at, p in zip(starts, probabilities, strict=True))


def test_a_voice_found_when_its_sound_was_heard_again_has_started_and_stopped() -> None:
    state = EndpointState(heard_to=20 * WINDOW)
    again = heard_again(5 * WINDOW + 100, [0, 0.9, 0.8, 0.7, 0])
    _, found = step(state, VoiceWindow(20 * WINDOW, 21 * WINDOW, 0.0, again), SETTINGS)
    assert found == (VoiceStarted(6 * WINDOW + 100), VoiceStopped(9 * WINDOW + 100))


def test_a_sound_heard_again_in_vain_is_no_voice() -> None:
    again = heard_again(0, [0.4] * 6)
    _, found = step(EndpointState(heard_to=20 * WINDOW), VoiceWindow(20 * WINDOW, 21 * WINDOW, 0.0, again), SETTINGS)
    assert found == ()


@pytest.mark.parametrize(
    "state",
    [
        EndpointState(heard_to=20 * WINDOW, reported_to=8 * WINDOW),
        EndpointState(Phase.VOICE, heard_to=20 * WINDOW, onset=7 * WINDOW, voiced_to=19 * WINDOW),
    ],
    ids=["over", "going on"],
)
def test_a_voice_that_was_reported_is_not_reported_again(state: EndpointState) -> None:
    again = heard_again(6 * WINDOW, [0.9] * 5)
    _, found = step(state, VoiceWindow(20 * WINDOW, 21 * WINDOW, 0.0, again), SETTINGS)
    assert found == ()


def test_a_stream_may_begin_anywhere() -> None:
    assert events([1] * 4, first=80_000) == [VoiceStarted(80_000)]


def test_a_window_from_the_past_is_refused() -> None:
    with pytest.raises(ValueError, match="overlaps what was heard up to 512"):
        step(EndpointState(heard_to=512), VoiceWindow(256, 512, 0.0), SETTINGS)


@pytest.mark.parametrize("wrong", [{"stop_threshold": 0.6}, {"start_threshold": 1.5}, {"hangover_ms": -1}])
def test_settings_that_make_no_sense(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="endpointing"):
        EndpointSettings(**wrong)  # type: ignore[arg-type]


@given(
    st.lists(st.floats(0, 1), max_size=200),
    st.floats(0.3, 1),
    st.floats(0.05, 0.3),
    st.integers(0, 300),
    st.integers(0, 400),
)
def test_in_any_stream(probabilities: list[float], start: float, stop: float, voice: int, hangover: int) -> None:
    settings = EndpointSettings(start_threshold=start, stop_threshold=stop, min_voice_ms=voice, hangover_ms=hangover)
    found = events(probabilities, settings)
    kinds = [type(event) for event in found]
    assert kinds == [VoiceStarted, VoiceStopped] * (len(kinds) // 2) + [VoiceStarted] * (len(kinds) % 2)
    positions = [event.position for event in found]
    assert positions == sorted(positions)
    for begun, ended in zip(found[::2], found[1::2], strict=False):
        assert ended.position - begun.position >= settings.format.samples_for_ms(voice)
    for event in found:
        before = event.position // WINDOW - (1 if isinstance(event, VoiceStopped) else 0)
        assert probabilities[before] >= (start if isinstance(event, VoiceStarted) else stop)


@given(st.lists(st.floats(0, 0.49), max_size=100))
def test_no_start_without_a_voice(probabilities: list[float]) -> None:
    assert events(probabilities) == []


@given(st.lists(st.floats(0, 1), max_size=60))
def test_silence_ends_every_voice(probabilities: list[float]) -> None:
    state = EndpointState()
    for n, probability in enumerate([*probabilities, *[0.0] * 8]):
        state, _ = step(state, VoiceWindow(n * WINDOW, (n + 1) * WINDOW, probability), SETTINGS)
    assert state.phase is Phase.SILENCE
