"""Where customers hang up, for the picture of a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.insight.calls import Reading, version_called, versions
from bot.insight.summary import QuestionMeasure, summarise
from dialogue.picture.drop_outs import DropOut


@dataclass(frozen=True, slots=True)
class HangUps:
    """Of the `calls` with a person that were held with one version; `questions` by the prompt that asks."""

    version: str
    calls: int
    questions: Mapping[str, DropOut]


def hang_ups(reading: Reading, version: str | None) -> HangUps:
    """Of the version with the latest call where none is named. Raises `NothingToLearn`."""
    name = versions(reading.calls)[0] if version is None else version_called(version, reading.calls, "--version")
    summary = summarise(name, [call.measures for call in reading.calls if call.measures.version == name])
    questions = {
        one.state: DropOut(one.reached.hits, one.rates[QuestionMeasure.HUNG_UP].hits) for one in summary.questions
    }
    return HangUps(name, summary.calls, questions)
