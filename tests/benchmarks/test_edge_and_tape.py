"""The call's own clocks against the recording of its line: one call, real engines and sockets.

Of a single response the two cannot agree to the frame: the ears know the end of a voice to a window of the voice
detector (32 ms), and hold a fading last sound for voice or not. What must agree within a frame is the middle of several
responses: there, no delay is left unseen. Nor can they agree while this machine is busy, for events are then handled
late; so another call is held where they do not. A delay that the tape does not see would be in all of them.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.talk.answered import Answered, answered
from benchmarks.talk.caller import Caller
from benchmarks.talk.corpus import BANK, COMMENT, BenchmarkCall
from benchmarks.talk.live import hold_all
from bot.preparation import prepare
from bot.progress import step
from bot.settings import FolderSettings, load_settings

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]

FRAME_MS = 20
CALLS = 3
ANSWERED = 3
"""So many responses make a middle."""
SCRIPT = "satisfaction_survey"
ANSWERS = {
    "utter_ask_survey_consent": "yes",
    "utter_ask_rating": "five",
    "utter_ask_resolved": "yes",
    "utter_ask_comment": COMMENT,
}


async def answers_the_survey(caller: Caller) -> None:
    while True:
        question = await caller.question()
        await caller.say_in_turn(ANSWERS.get(question.prompt, COMMENT))


async def responses_of_a_call(folder: Path) -> list[Answered]:
    settings = load_settings()
    folders: FolderSettings = settings.folders.model_copy(update={"runtime": folder / "run"})
    settings = settings.model_copy(update={"folders": folders})
    prepare(settings, [SCRIPT], Console(stderr=True))
    call = BenchmarkCall("7001", SCRIPT, BANK, answers_the_survey, seed=1)
    with step("call", 1) as progress:
        held, _ = await hold_all(settings, [call], "en", 1, folder, progress)
    return answered(held[0])


async def test_response_times_at_the_edge_and_on_the_tape_agree_within_a_frame(tmp_path: Path) -> None:
    seen = []
    for number in range(CALLS):
        found = await responses_of_a_call(tmp_path / str(number))
        differences = [one.ms - one.on_tape for one in found]
        seen.append([round(ms) for ms in differences])
        print("edge less tape, ms:", seen[-1], file=sys.stderr)
        if len(found) >= ANSWERED and abs(statistics.median(differences)) <= FRAME_MS:
            return
    pytest.fail(f"in no call do the edge and the tape agree; edge less tape, ms: {seen}")
