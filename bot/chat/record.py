"""A chat as a scenario: what was typed as its steps, what was understood as what it expects. Pure, but for the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.chat.typist import Noted
from bot.rehearsal.line import Row, Said
from bot.rehearsal.scenario import Step
from bot.vocabulary import Outcome
from telephony_bridge.line_status import HandOverFailure


def scenario_of(
    name: str,
    script: str,
    language: str,
    contact: Mapping[str, str],
    noted: Sequence[Noted],
    said: Sequence[Said],
    rows: Sequence[Row],
    outcome: Outcome,
    hand_over: HandOverFailure | None,
) -> dict[str, Any]:
    """As `bot.rehearsal.scenario.Scenario` reads it. `contact`: what differs from the script's examples."""
    steps = [_written(one.step, _intent(noted, index, rows)) for index, one in enumerate(noted)]
    last = _last_words(noted, said)
    if last is not None:
        steps.append({"hear": last.prompt})
    talk = {**({"contact": dict(contact)} if contact else {}), "steps": steps}
    fails = {"hand_over": hand_over.value} if hand_over is not None else {}
    head = {"name": name, "script": script, "modes": ["text"], **fails, "expect_outcome": outcome.value}
    return {**head, "languages": {language: talk}}


def _written(step: Step, intent: str | None) -> dict[str, Any]:
    written = _cue_first(step.model_dump(mode="json", exclude_none=True))
    return {**written, "expect": {"intent": intent}} if intent is not None else written


def _cue_first(step: dict[str, Any]) -> dict[str, Any]:
    """As a person would write it: when, then what."""
    inner = {key: _cue_first(value) if isinstance(value, dict) else value for key, value in step.items()}
    return {key: inner[key] for key in ("ms", "hear") if key in inner} | inner


def _intent(noted: Sequence[Noted], index: int, rows: Sequence[Row]) -> str | None:
    """What the dialogue was told of this step, before the next one."""
    if not set(noted[index].step.acts) & {"say", "dtmf", "interrupt_at"}:
        return None
    until = noted[index + 1].began if index + 1 < len(noted) else float("inf")
    told = (row for row in rows if row["kind"] == "told" and noted[index].began - 1 <= row["t"] < until)
    return next((str(row["intent"]) for row in told), None)


def _last_words(noted: Sequence[Noted], said: Sequence[Said]) -> Said | None:
    """What the bot said to its end after the customer's last act."""
    began = noted[-1].began if noted else 0.0
    later = [one for one in said if one.completed and one.began >= began]
    return later[-1] if later else None


def write_scenario(path: Path, scenario: Mapping[str, Any]) -> None:
    """A step a line, as people write it. Raises `OSError`."""
    languages = {
        language: {**talk, "steps": [_in_a_line(step) for step in talk["steps"]]}
        for language, talk in scenario["languages"].items()
    }
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    modes = CommentedSeq(scenario["modes"])
    modes.fa.set_flow_style()
    with path.open("x", encoding="utf-8") as file:
        yaml.dump({**scenario, "modes": modes, "languages": languages}, file)


def _in_a_line(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    line = CommentedMap({key: _in_a_line(inner) for key, inner in value.items()})
    line.fa.set_flow_style()
    return line
