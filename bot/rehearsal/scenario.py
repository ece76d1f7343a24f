"""A scenario as data: what a customer does in a call, and what the bot must then do. Pure, but for reading files.

    name: pays on Friday
    script: repayment_reminder
    guards: a promise is read back before it is noted
    expect_outcome: promised
    languages:
      en:
        steps:
          - {hear: am i speaking with, say: yes speaking}
          - {hear: last four digits, dtmf: "4217"}
          - {hear: able to pay, say: i will pay on friday, expect: {intent: promise_to_pay}}
          - {hear: is that right, say: "yes"}
          - {hear: utter_promise_noted, within_ms: 2000}

`hear` and its like are the name of a prompt (`utter_...`) or a regular expression, searched in the bot's words: lower
case, without punctuation. docs/scripts_reference.md describes every step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.simulation.persona import plain as plain_words
from bot.vocabulary import Outcome
from dialogue.misread import problems_in
from dialogue.prompts import PromptCatalogue
from dialogue.script import ContactError, Script, load_script
from dialogue.worker.source import Problem, ScriptError, Source, line_of, plain, read
from nlu.inventory import Sentiment
from telephony_bridge.line_status import HandOverFailure


class ScenarioError(ScriptError):
    """Scenario files cannot be used; it carries every problem found."""


class Mode(StrEnum):
    """How a scenario is played: with words in place of sound, or through real ears and a real mouth."""

    TEXT = "text"
    SOUND = "sound"


def _is_cue(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"neither a prompt's name nor a regular expression: {error}") from None
    return value


def _are_keys(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9*#]+", value):
        raise ValueError('must be keys of a telephone in quotes, as in "0042#"')
    return value


Cue = Annotated[str, AfterValidator(_is_cue)]
Keys = Annotated[str, BeforeValidator(_are_keys)]


def is_prompt(cue: str) -> bool:
    """A prompt's name, and no pattern."""
    return cue.startswith("utter_")


def fits(cue: str, prompt: str, text: str) -> bool:
    """Whether a cue means this prompt."""
    return cue == prompt if is_prompt(cue) else re.search(cue, plain_words(text)) is not None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Act(_Part):
    """What a customer can do over the bot's words."""

    say: str | None = None
    sound: Literal["cough", "hum", "knock", "breath", "beep"] | None = None
    dtmf: Keys | None = None


class Interruption(Act):
    """An act that begins so many milliseconds after a prompt began to sound."""

    ms: int = Field(ge=0)
    hear: Cue

    @model_validator(mode="after")
    def _one_act(self) -> Self:
        if sum(act is not None for act in (self.say, self.sound, self.dtmf)) != 1:
            raise ValueError("needs one of say, sound, dtmf")
        return self


class Expected(_Part):
    """What the turn must have been understood as. `value`: one that was found in it, as "2026-11-27" or "5"."""

    intent: str | None = None
    sentiment: Sentiment | None = None
    value: str | None = None


class Step(Act):
    """One line of a scenario: what to wait for, one thing to do, and what must then hold."""

    hear: Cue | None = None
    within_ms: int | None = Field(default=None, gt=0)
    pause_ms: int | None = Field(default=None, gt=0)
    silence: Literal[True] | None = None
    hang_up: Literal[True] | None = None
    interrupt_at: Interruption | None = None
    expect: Expected | None = None
    stopped_within_ms: int | None = Field(default=None, gt=0)
    absent: Cue | None = None
    said_once: Cue | None = None
    heard_to_end: Cue | None = None
    resumed: Cue | None = None

    @property
    def acts(self) -> tuple[str, ...]:
        """The names of what the customer does in it."""
        names = ("say", "sound", "dtmf", "pause_ms", "silence", "hang_up", "interrupt_at")
        return tuple(name for name in names if getattr(self, name) is not None)

    @property
    def cues(self) -> Iterator[tuple[str, str]]:
        """The keys that hold a cue, and their cues."""
        for key in ("hear", "absent", "said_once", "heard_to_end", "resumed"):
            if getattr(self, key) is not None:
                yield key, getattr(self, key)
        if self.interrupt_at is not None:
            yield "interrupt_at", self.interrupt_at.hear

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("an empty step")
        if len(self.acts) > 1:
            raise ValueError(f"{' and '.join(self.acts)} in one step: make them two steps")
        if self.interrupt_at is not None and self.hear is not None:
            raise ValueError("interrupt_at has a hear of its own: take out the other one")
        if self.within_ms is not None and (self.hear is None) == (self.absent is None):
            raise ValueError("within_ms belongs to either a hear or an absent")
        if self.expect is not None and not set(self.acts) & {"say", "sound", "dtmf", "interrupt_at"}:
            raise ValueError("expect belongs to a step in which the customer says or keys something")
        return self


class Talk(_Part):
    """A scenario in one language.

    `contact` overrides fields of the script's example contact. `known_problem` says why it fails for now, which it
    then must.
    """

    contact: dict[str, str] = {}
    known_problem: str = ""
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _something_to_stop(self) -> Self:
        interrupted = False
        for step in self.steps:
            interrupted = interrupted or step.interrupt_at is not None
            if step.stopped_within_ms is not None and not interrupted:
                raise ValueError("stopped_within_ms needs an interrupt_at in the same step or before it")
        return self


class Scenario(_Part):
    """`guards` says what would be lost if it failed."""

    name: str
    script: str
    guards: str = ""
    modes: frozenset[Mode] = frozenset(Mode)
    hand_over: HandOverFailure | None = None
    expect_outcome: Outcome
    languages: dict[str, Talk] = Field(min_length=1)


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario and where it was read from."""

    scenario: Scenario
    source: Source

    @property
    def path(self) -> Path:
        return self.source.path

    def line_of(self, language: str, step: int | None) -> int | None:
        """Where a step, or the outcome that is expected, stands in the file."""
        if step is None:
            return line_of(self.source.data, "expect_outcome")
        return line_of(self.source.data["languages"][language]["steps"], step)


def load_scenario(path: Path) -> ScenarioFile:
    """Raises `ScenarioError` with file and line of every mistake."""
    try:
        source = read(path)
    except ScriptError as error:
        raise ScenarioError(error.problems) from None
    except OSError as error:
        raise ScenarioError([Problem(str(path), None, f"cannot be read: {error.strerror}")]) from None
    try:
        return ScenarioFile(Scenario.model_validate(plain(source.data)), source)
    except ValidationError as error:
        parts = (Scenario, Talk, Step, Interruption, Expected)
        raise ScenarioError(problems_in(source, error, parts)) from None


def load_scenarios(paths: Sequence[Path]) -> tuple[ScenarioFile, ...]:
    """Files, and all `*.yml` of folders, in the order of their names. Raises one `ScenarioError` for all of them."""
    problems: list[Problem] = []
    found: list[ScenarioFile] = []
    for path in paths:
        files = sorted(path.glob("*.yml")) if path.is_dir() else [path]
        if not path.exists():
            problems.append(Problem(str(path), None, "there is no such file or folder; name a scenario or a folder"))
        elif not files:
            problems.append(Problem(str(path), None, "the folder holds no scenario (*.yml)"))
        for file in files if path.exists() else ():
            try:
                found.append(load_scenario(file))
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


def require_fit(files: Iterable[ScenarioFile], scripts: Path) -> None:
    """Check scenarios against the scripts they name. Raises `ScenarioError`, and `ScriptError` for a broken script."""

    @cache
    def fitting(folder: Path) -> tuple[Script, set[str]]:
        """A script and the names of its prompts, read once for all its scenarios."""
        catalogue = PromptCatalogue.load(folder, scripts / "shared")
        return load_script(folder), {template.name for template in catalogue.prompts()}

    problems: list[Problem] = []
    for file in files:
        folder = scripts / file.scenario.script
        if not (folder / "script.yml").is_file():
            known = ", ".join(sorted(path.parent.name for path in scripts.glob("*/script.yml")))
            message = f"there is no script {file.scenario.script}; there are {known}"
            problems.append(file.source.problem(message, file.source.data, "script"))
            continue
        problems += _misfits(file, *fitting(folder))
    if problems:
        raise ScenarioError(problems)


OF_THE_CALL = {Outcome.HUNG_UP, Outcome.ANSWERED_BY_MACHINE, Outcome.MESSAGE_LEFT, Outcome.TECHNICAL_FAILURE}
"""Outcomes that the call itself sets, whatever the script."""


def _misfits(file: ScenarioFile, script: Script, prompts: set[str]) -> Iterator[Problem]:
    data, scenario = file.source.data, file.scenario
    if scenario.expect_outcome not in OF_THE_CALL and scenario.expect_outcome.value not in script.outcomes:
        message = f"{script.name} has no outcome {scenario.expect_outcome}; it has {', '.join(script.outcomes)}"
        yield file.source.problem(message, data, "expect_outcome")
    for language, talk in scenario.languages.items():
        if language not in script.languages:
            message = f"{script.name} speaks {', '.join(script.languages)}, not {language}"
            yield file.source.problem(message, data["languages"], language)
            continue
        try:
            script.validate_contact({**script.example_contact(language), **talk.contact})
        except ContactError as error:
            yield file.source.problem(str(error), data["languages"][language], "contact")
        for index, step in enumerate(talk.steps):
            for key, cue in step.cues:
                if is_prompt(cue) and cue not in prompts:
                    line = file.line_of(language, index)
                    yield Problem(str(file.path), line, f"{key}: {script.name} has no prompt {cue}")
