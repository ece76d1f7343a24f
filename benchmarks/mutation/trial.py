"""Puts one mutant after the other in the place of its script, and lets `check` and `test` say what they find."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.mutation.mutants import Mutant
from bot.call.equipment import Equipment
from bot.call.service import CallService
from bot.rehearsal.playing import DAY, Case, Verdict, cases, play
from bot.rehearsal.scenario import Mode, ScenarioFile, load_scenarios, require_fit
from bot.script_check import read_findings
from bot.settings import ROOT, SCENARIOS, FolderSettings, Settings
from bot.spoken_length import Stopwatch
from dialogue.protocol import Signal
from dialogue.script import load_script
from dialogue.supervisor import DialogueWorkers, find_dialogue_python
from nlu.inventory import Intent

Json = dict[str, Any]
TURN_TIMEOUT_S = 60.0  # a machine that is busy is no finding


class Catch(StrEnum):
    CHECK = "check"
    TRAINING = "check, by training"
    TEST = "test"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """`by`: the rule that was broken, or the scenario that failed. `heard`: False for what nobody caught and no way
    that was walked through the script tells from the script as it was.
    """

    mutant: Mutant
    catch: Catch
    by: str = ""
    heard: bool = True


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
        self._walked: dict[str, Json] = {}

    @cached_property
    def _scenarios(self) -> tuple[ScenarioFile, ...]:
        return load_scenarios([SCENARIOS])

    async def of(self, mutant: Mutant) -> Verdicts:
        with self._in_place(mutant):
            verdicts = await self._judge(mutant)
        if verdicts.catch is Catch.NOBODY and mutant.path.name in {"rules.yml", "domain.yml"}:
            return replace(verdicts, heard=self._heard(mutant))
        return verdicts

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

    def _heard(self, mutant: Mutant) -> bool:
        """Both are trained already; building them again makes each the current one."""
        script = mutant.script
        if script not in self._walked:
            self.build(script)
            self._walked[script] = self._walk(script, None)
        with self._in_place(mutant):
            self.build(script)
            return self._walk(script, self._walked[script]["ways"]) != self._walked[script]

    def _walk(self, script: str, ways: Sequence[Any] | None) -> Json:
        folders = self._settings.folders
        loaded = load_script(folders.scripts / script)
        language = loaded.languages[0]
        files = (file for file in self._scenarios if file.scenario.script == script)
        given = [file.scenario.languages[language].contact for file in files if language in file.scenario.languages]
        contacts = [{}, *(contact for contact in given if contact)]
        distinct = {json.dumps(one, sort_keys=True): one for one in contacts}.values()
        example = loaded.example_contact(language)
        request = {
            "walk": script,
            "models": str(folders.models / "dialogue"),
            "day": DAY.isoformat(),
            "language": language,
            "contacts": [loaded.validate_contact({**example, **one}) for one in distinct],
            "turns": TURNS,
            "ways": ways,
        }
        return self._side.ask(request)


async def _fails(service: CallService, case: Case) -> bool:
    played = await play(service, case)
    played.tape.unlink()
    return played.verdict is not Verdict.PASSED if not case.talk.known_problem else played.verdict is Verdict.SOLVED


def _turn(intent: str, **entities: str | float) -> Json:
    return {"intent": intent, "entities": [{"type": kind, "value": value} for kind, value in entities.items()]}


TURNS = [
    *(_turn(name) for name in [*(intent.value for intent in Intent), *(signal.value for signal in Signal)]),
    *(_turn("inform", digits=digits) for digits in ("4217", "9999")),
    *(_turn("inform", rating=rating) for rating in (4, 9)),
    *(_turn("inform", date=day) for day in ("2026-11-01", "2026-11-27", "2026-12-06", "2027-11-01")),
    *(_turn(intent, date="2026-11-27") for intent in ("promise_to_pay", "affirm", "deny", "correct")),
    *(_turn("hand_over_failed", reason=reason) for reason in ("nobody_free", "closed")),
    _turn("inform", text="the app is slow"),
]
"""What a customer may do at any question, when ways through a script are walked."""


@asynccontextmanager
async def trial(settings: Settings, scripts: Sequence[str], folder: Path) -> AsyncIterator[Trial]:
    """Copies of the scripts, trained and known. Raises what is missing, as `platform` does."""
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
    equipment = Equipment.load(settings)
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
