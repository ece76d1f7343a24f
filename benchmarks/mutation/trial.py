"""Puts one mutant after the other in the place of its script, and lets `check` and `test` say what they find."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.mutation.mutants import Mutant
from bot.call.equipment import Equipment
from bot.call.service import CallService
from bot.rehearsal.playing import Case, Verdict, cases, play
from bot.rehearsal.scenario import Mode, ScenarioFile, load_scenarios, require_fit
from bot.script_check import read_findings
from bot.settings import ROOT, SCENARIOS, FolderSettings, Settings
from bot.spoken_length import Stopwatch
from dialogue.supervisor import DialogueWorkers, find_dialogue_python

Json = dict[str, Any]
TURN_TIMEOUT_S = 60.0  # a machine that is busy is no finding


class Catch(StrEnum):
    CHECK = "check"
    TRAINING = "check, by training"
    TEST = "test"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """`by`: the rule that was broken, or the scenario that failed."""

    mutant: Mutant
    catch: Catch
    by: str = ""


class RasaSide:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, request: Json) -> Json:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the process with Rasa ended; what it said is above")
        answer: Json = json.loads(line)
        return answer


@contextmanager
def rasa_side(python: Path) -> Iterator[RasaSide]:
    command = [str(python), str(Path(__file__).with_name("rasa_side.py"))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield RasaSide(process)
        finally:
            process.kill()


class Trial:
    """`folder` is for copies of the scripts, what is trained of them, and the tapes. Use `trial`."""

    def __init__(self, settings: Settings, equipment: Equipment, workers: DialogueWorkers, side: RasaSide) -> None:
        self._settings = settings
        self._equipment = equipment
        self._workers = workers
        self._side = side
        self._watch = Stopwatch(settings)

    @cached_property
    def _scenarios(self) -> tuple[ScenarioFile, ...]:
        return load_scenarios([SCENARIOS])

    async def of(self, mutant: Mutant) -> Verdicts:
        with self._in_place(mutant):
            return await self._judge(mutant)

    @contextmanager
    def _in_place(self, mutant: Mutant) -> Iterator[None]:
        path = self._settings.folders.scripts / mutant.script / mutant.path.name
        whole = path.read_text(encoding="utf-8")
        path.write_text(mutant.text(), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(whole, encoding="utf-8")

    async def _judge(self, mutant: Mutant) -> Verdicts:
        if findings := read_findings(self._settings, mutant.script, self._watch).findings:
            return Verdicts(mutant, Catch.CHECK, findings[0].rule.value)
        if self.build(mutant.script):
            return Verdicts(mutant, Catch.TRAINING, "training")
        if failing := await self._failing(mutant.script):
            return Verdicts(mutant, Catch.TEST, failing)
        return Verdicts(mutant, Catch.NOBODY)

    def build(self, script: str) -> list[str]:
        """Train the script as it lies there; what Rasa or the worker say against it."""
        folders = self._settings.folders
        request = {"build": script, "scripts": str(folders.scripts), "models": str(folders.models / "dialogue")}
        return list(self._side.ask(request)["problems"])

    async def _failing(self, script: str) -> str:
        """The first scenario that does not go as it should; empty where all do."""
        files = [file for file in self._scenarios if file.scenario.script == script]
        mine = self._equipment
        equipment = Equipment(
            self._settings, mine.recogniser, mine.synthesiser, mine.meaning, mine.voice_activity, mine.turn_model
        )
        service = CallService(equipment, self._workers, None, None)
        try:
            require_fit(files, self._settings.folders.scripts)
            for case in cases(files, {Mode.TEXT}, ()):
                if await _fails(service, case):
                    return case.file.path.stem
        except Exception as error:  # a command that ends with an error has noticed something
            return type(error).__name__
        finally:
            equipment.close()
        return ""


async def _fails(service: CallService, case: Case) -> bool:
    played = await play(service, case)
    played.tape.unlink()
    return played.verdict is not Verdict.PASSED if not case.talk.known_problem else played.verdict is Verdict.SOLVED


@asynccontextmanager
async def trial(settings: Settings, scripts: Sequence[str], folder: Path) -> AsyncIterator[Trial]:
    """Copies of the scripts, trained. Raises what is missing, as `platform` does."""
    shutil.copytree(settings.folders.scripts, folder / "scripts")
    folders = FolderSettings(
        scripts=folder / "scripts",
        models=folder / "models",
        prompts=settings.folders.prompts,
        tapes=folder / "tapes",
        runtime=folder / "run",
        training_data=settings.folders.training_data,
    )
    python = find_dialogue_python(settings.dialogue.python)
    equipment = Equipment.load(settings, for_calls=False)
    with rasa_side(python) as side:
        for script in scripts:
            request = {"build": script, "scripts": str(folders.scripts), "models": str(folders.models / "dialogue")}
            if problems := side.ask(request)["problems"]:
                raise RuntimeError("\n".join(problems))
        workers = DialogueWorkers(
            python, folders.models / "dialogue", scripts, 1, folders.runtime, timeout=TURN_TIMEOUT_S
        )
        async with workers:
            yield Trial(settings.model_copy(update={"folders": folders}), equipment, workers, side)
    equipment.close()
