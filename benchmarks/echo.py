"""How surely our own voice is told from others when it comes back: the figures behind `bot.call.line_echo.ECHO_FROM`.

    python -m benchmarks.echo [--recordings FOLDER]

Copies are what a line gives back of a prompt that is stopped when it is heard: softer, late, through the telephone, and
on a poor line through a filter and reflections. The others, which must stay unlike, are people's recordings, and the
bot's own voice saying something else.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks import recordings
from bot.call.line_echo import ECHO_FROM
from bot.machine import machine
from bot.rehearsal.sound import synthetic
from speech import echo, wav
from speech.audio import TELEPHONE, Frame, Samples
from speech.engines import load_synthesiser
from speech.tts.port import Voice
from tests.needs import HUMAN_SPEECH

SENTENCES = (
    "May I ask you three short questions about our service?",
    "From one to five, how satisfied were you with our service? Five is the best.",
    "Did we solve your request? Please say yes or no.",
    "Please tell me the last four digits of your card, or type them on the keypad.",
    "On which day can you pay?",
    "Thank you. A colleague of ours will take over now.",
)
LEVELS_DB = (-21, -28, -35)
DELAYS_MS = (60, 140, 230, 400)
SOUNDS_MS = 600
"""Of an echo, before the prompt is stopped and it ends."""
BEFORE = TELEPHONE.samples_for_ms(echo.LATEST_MS)


def likenesses(folder: Path) -> Iterator[tuple[str, list[float]]]:
    """What was compared, and its likenesses; of people where their recordings are there."""
    speak = synthetic(load_synthesiser("espeak-ng"), Voice("en", "en-us"))
    prompts = [speak(sentence) for sentence in SENTENCES]
    for level in LEVELS_DB:
        cases = [(prompt, delay) for prompt in prompts for delay in DELAYS_MS]
        yield f"copies, {-level} dB softer", [_of_copy(prompt, level, delay, poor=False) for prompt, delay in cases]
        yield "the same on a poor line", [_of_copy(prompt, level, delay, poor=True) for prompt, delay in cases]
    yield "our voice, another sentence", [_of_other(other, played) for other, played in permutations(prompts, 2)]
    if folder.exists():
        said = [*recordings.sentences(folder), *recordings.commands(folder), *recordings.single_digits(folder)]
        heard = (recordings.over_the_telephone(wav.read(one.path), echo.LONGEST_MS).samples() for one in said)
        yield "people's recordings", [_of_other(one, prompts[n % len(prompts)]) for n, one in enumerate(heard)]


def _of_copy(prompt: Samples, level_db: float, delay_ms: float, *, poor: bool) -> float:
    sounds, late = TELEPHONE.samples_for_ms(SOUNDS_MS), TELEPHONE.samples_for_ms(delay_ms)
    copy = prompt[:sounds].astype(np.float64) * 10 ** (level_db / 20)
    line = _poor(copy) if poor else copy
    heard = recordings.over_the_telephone(Frame.of(np.rint(line).astype(np.int16), TELEPHONE.rate)).samples()
    lead = TELEPHONE.samples_for_ms(recordings.LEAD_MS)
    played = np.concatenate((np.zeros(BEFORE + lead - late, np.int16), prompt[:sounds]))
    return echo.likeness(heard, np.pad(played, (0, len(heard)))[: BEFORE + len(heard)])


def _poor(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reflections after 4, 9 and 23 ms and a weak upper half, as a cheap loudspeaker in a room has."""
    impulse = np.zeros(TELEPHONE.samples_for_ms(30))
    for ms, share in ((0, 1.0), (4, -0.6), (9, 0.45), (23, 0.3)):
        impulse[TELEPHONE.samples_for_ms(ms)] += share
    return np.convolve(np.convolve(sound, impulse)[: len(sound)], np.array((0.25, 0.5, 0.25)), "same")


def _of_other(heard: Samples, prompt: Samples) -> float:
    """While the prompt, said again and again, sounds."""
    heard = heard[: TELEPHONE.samples_for_ms(echo.LONGEST_MS)]
    return echo.likeness(heard, np.resize(prompt, BEFORE + len(heard)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Likeness of echoes and of other speech to what is played.")
    parser.add_argument("--recordings", type=Path, default=HUMAN_SPEECH)
    console = Console()
    console.print(machine(), style="dim", highlight=False)
    table = Table("heard", *("n", "least", "median", "most", f"taken for an echo (from {ECHO_FROM})"))
    for name, found in likenesses(parser.parse_args().recordings):
        figures = (min(found), float(np.median(found)), max(found))
        share = sum(one >= ECHO_FROM for one in found) / len(found)
        table.add_row(name, str(len(found)), *(f"{figure:.2f}" for figure in figures), f"{share:.0%}")
    console.print(table)


if __name__ == "__main__":
    main()
