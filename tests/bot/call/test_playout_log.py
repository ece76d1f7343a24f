"""What the line gives back of the bot's own prompts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

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


def test_a_prompt_comes_back_while_it_sounds_and_soon_after(prompts: dict[str, Path]) -> None:
    log = PlayoutLog()
    log.started("p1", ORIGIN + 3)
    assert log.comes_back(coming_back(prompts["p1"], 4000, 3 * SECOND + 4000 + 1600), ORIGIN, prompts)
    log.ended("p1", heard=SECOND)
    assert log.comes_back(coming_back(prompts["p1"], 4000, 3 * SECOND + 4000 + 1600), ORIGIN, prompts)


def test_what_was_not_played_there_does_not_come_back(prompts: dict[str, Path]) -> None:
    log = PlayoutLog()
    log.started("p1", ORIGIN + 3)
    log.ended("p1", heard=SECOND)
    log.started("p2", ORIGIN + 6)
    assert not log.comes_back(coming_back(prompts["p2"], 0, 3 * SECOND + 4000), ORIGIN, prompts)
    assert not log.comes_back(coming_back(prompts["p1"], SECOND, 4 * SECOND + 1600), ORIGIN, prompts), "it was stopped"
    assert not log.comes_back(coming_back(prompts["p1"], 0, 9 * SECOND), ORIGIN, prompts), "it is long over"


def test_before_anything_was_played_nothing_comes_back(prompts: dict[str, Path]) -> None:
    assert not PlayoutLog().comes_back(coming_back(prompts["p1"], 0, 0), ORIGIN, prompts)
