"""Walks through built scripts: what a customer does, and what the bot answers, played by a process with Rasa."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dialogue.dialogue_python import find_dialogue_python
from dialogue.prompts import PromptCatalogue
from dialogue.protocol import HangUp, Reply, Say, SetOutcome, Signal, Transfer
from dialogue.script import Script, load_script
from nlu.inventory import Intent
from tests.dialogue.child import child

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "dialogue" / "scripts"
REPAYMENT, SURVEY = "repayment_reminder", "satisfaction_survey"
TRANSACTION, OVERDUE = "suspicious_transaction", "overdue_reminder"
INVITATION, ACTIVATION = "event_invitation", "activation_care"
NAMES = (REPAYMENT, SURVEY, TRANSACTION, OVERDUE, INVITATION, ACTIVATION)
TODAY = "2026-11-21"

JsonTurn = dict[str, Any]


def said(intent: str, **entities: str | float) -> JsonTurn:
    return {"intent": intent, "entities": [{"type": kind, "value": value} for kind, value in entities.items()]}


YES, NO = said("affirm"), said("deny")
RIGHT_DIGITS, WRONG_DIGITS = said("inform", digits="4217"), said("inform", digits="9999")
PAYS_FRIDAY = said("promise_to_pay", date="2026-11-27")
SATURDAY = "2026-11-28"

EVERY_TURN = [
    *(said(intent.value) for intent in Intent),
    *(said(signal.value) for signal in Signal),
    RIGHT_DIGITS,
    WRONG_DIGITS,
    PAYS_FRIDAY,
    *(said("inform", rating=rating) for rating in (4, 9)),
    *(said(intent, date=SATURDAY) for intent in ("inform", "affirm", "deny", "correct", "request_extension")),
    *(said("inform", date=day) for day in ("2026-11-01", "2027-11-01")),
    said("inform", text="the app is slow"),
]


OF_THE_CUSTOMER = [turn for turn in EVERY_TURN if turn != said(Signal.HAND_OVER_FAILED.value)]
"""What a customer can do over and over; a hand-over fails once for each that was tried."""


class Walks:
    """A walk's replies, the opening first, played by a process (`walking`)."""

    def __init__(self, process: subprocess.Popen[str], scripts: Path, names: Sequence[str]) -> None:
        self._process = process
        self.scripts: dict[str, Script] = {name: load_script(scripts / name) for name in names}
        self.prompts = {name: PromptCatalogue.load(scripts / name, scripts / "shared") for name in self.scripts}

    def play(
        self, name: str, turns: Sequence[JsonTurn], language: str = "en", contact: Mapping[str, str] | None = None
    ) -> list[Reply]:
        """`contact`: what differs from the examples of script.yml."""
        script = self.scripts[name]
        slots = script.validate_contact({**script.example_contact(language), **(contact or {})})
        request = {"script": name, "language": language, "day": TODAY, "slots": slots, "turns": list(turns)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process that plays the walks ended; what it said is above"
        answer = json.loads(line)
        assert "problem" not in answer, (answer.get("problem"), turns)
        return [Reply.model_validate(reply) for reply in answer["replies"]]


@contextmanager
def walking(models: Path, scripts: Path, names: Sequence[str]) -> Iterator[Walks]:
    with child(
        [str(find_dialogue_python()), str(Path(__file__).with_name("walk_scripts.py")), str(models)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        yield Walks(process, scripts, names)


def has_ended(reply: Reply) -> bool:
    return isinstance(reply.steps[-1], HangUp | Transfer)


def outcome_of(replies: Sequence[Reply]) -> str | None:
    outcomes = [step.outcome for reply in replies for step in reply.steps if isinstance(step, SetOutcome)]
    return outcomes[-1] if outcomes else None


def names(reply: Reply) -> list[str]:
    return [step.prompt.removeprefix("utter_") for step in reply.steps if isinstance(step, Say)]
