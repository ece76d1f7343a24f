"""What the line gives back of the bot's own prompts: told by its wave, then kept from the voice detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.call.line_echo import LineEcho
from bot.call.playout_log import PlayoutLog
from speech import wav
from speech.audio import TELEPHONE, Frame

pytestmark = pytest.mark.unit

ORIGIN = 100.0  # seconds on the call's clock
SECOND = TELEPHONE.rate


@pytest.fixture
def prompts(tmp_path: Path) -> dict[str, Path]:
    """Two seconds of a sound of its own each."""
    files = {}
    for number, name in enumerate(("p1", "p2")):
        noise = np.random.default_rng(number).normal(0, 4000, 2 * SECOND).astype(np.int16)
        files[name] = tmp_path / f"{name}.wav"
        wav.write(files[name], Frame.of(noise, SECOND))
    return files


def coming_back(file: Path, first: int, position: int, length: int = SECOND // 2) -> Frame:
    """Some of a prompt, a tenth as loud, on the customer's side of the line at `position`."""
    return Frame.of(wav.read(file).samples()[first : first + length] // 10, SECOND, position)


@pytest.fixture
def log() -> PlayoutLog:
    """The first prompt began three seconds into the call."""
    log = PlayoutLog()
    log.started("p1", ORIGIN + 3)
    return log


def test_a_prompt_comes_back_while_it_sounds_and_soon_after(prompts: dict[str, Path], log: PlayoutLog) -> None:
    line = LineEcho(log)
    echo = coming_back(prompts["p1"], 4000, 3 * SECOND + 4000 + 1600)
    assert line.is_echo(echo, ORIGIN, prompts)
    log.ended("p1", heard=SECOND)
    assert line.is_echo(echo, ORIGIN, prompts)


def test_what_was_not_played_there_does_not_come_back(prompts: dict[str, Path], log: PlayoutLog) -> None:
    log.ended("p1", heard=SECOND)
    log.started("p2", ORIGIN + 6)
    line = LineEcho(log)
    assert not line.is_echo(coming_back(prompts["p2"], 0, 3 * SECOND + 4000), ORIGIN, prompts)
    assert not line.is_echo(coming_back(prompts["p1"], SECOND, 4 * SECOND + 1600), ORIGIN, prompts), "it was stopped"
    assert not line.is_echo(coming_back(prompts["p1"], 0, 9 * SECOND), ORIGIN, prompts), "it is long over"


def test_before_anything_was_heard_or_played_nothing_comes_back(prompts: dict[str, Path], log: PlayoutLog) -> None:
    sound = coming_back(prompts["p1"], 0, 3 * SECOND)
    assert not LineEcho(PlayoutLog()).is_echo(sound, ORIGIN, prompts)
    assert not LineEcho(log).is_echo(sound, None, prompts)
    assert LineEcho(log).suppressed(sound, None, prompts) is sound


def test_a_line_that_gave_nothing_back_yet_is_heard_as_it_is(prompts: dict[str, Path], log: PlayoutLog) -> None:
    frame = coming_back(prompts["p1"], 4000, 3 * SECOND + 4000 + 1600, length=160)
    assert LineEcho(log).suppressed(frame, ORIGIN, prompts) is frame


def test_once_it_did_its_echoes_are_silence_and_louder_sounds_are_not(
    prompts: dict[str, Path], log: PlayoutLog
) -> None:
    line = LineEcho(log)
    assert line.is_echo(coming_back(prompts["p1"], 4000, 3 * SECOND + 4000 + 1600), ORIGIN, prompts)
    echo = coming_back(prompts["p1"], 9000, 3 * SECOND + 9000 + 1600, length=160)
    voice = Frame.of(echo.samples() * 4, SECOND, echo.position)
    assert line.suppressed(echo, ORIGIN, prompts) == Frame(TELEPHONE, bytes(320), echo.position)
    assert line.suppressed(voice, ORIGIN, prompts) is voice
    later = Frame(TELEPHONE, echo.data, 9 * SECOND)
    assert line.suppressed(later, ORIGIN, prompts) is later, "nothing has been played for long"


def test_a_prompt_that_cannot_be_read_any_more_counts_as_silence(prompts: dict[str, Path], log: PlayoutLog) -> None:
    sound = coming_back(prompts["p1"], 4000, 3 * SECOND + 4000)
    prompts["p1"].unlink()
    assert not LineEcho(log).is_echo(sound, ORIGIN, prompts)
