"""All that a folder of tapes teaches about a script, for a terminal, a page or another program."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from bot.insight.calls import NothingToLearn, Reading, version_called, versions
from bot.insight.comparison import Compared, Comparison, compare
from bot.insight.findings import Finding, findings
from bot.insight.intervals import Rate
from bot.insight.summary import Percentiles, QuestionSummary, VersionSummary, summarise
from bot.insight.unanswered import Unanswered, unanswered
from bot.insight.worst_turns import WorstTurn, worst_turns
from bot.vocabulary import Outcome

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """`versions`: all of them, the one with the latest call first. Findings, turns and what was said in vain are those
    of `version`."""

    script: str
    versions: tuple[VersionSummary, ...]
    version: VersionSummary
    comparison: Comparison | None
    findings: tuple[Finding, ...]
    worst: tuple[WorstTurn, ...]
    unanswered: Unanswered
    left_out: tuple[str, ...]


def report(
    script: str,
    reading: Reading,
    version: str | None = None,
    against: str | None = None,
    goals: Container[Outcome] = (),
) -> Report:
    """Of the version with the latest call where none is named. `goals`: see `summarise`. Raises `NothingToLearn`."""
    all_calls = reading.calls
    names = versions(all_calls)
    summaries = [
        summarise(name, [c.measures for c in all_calls if c.measures.version == name], goals) for name in names
    ]
    of = {summary.version: summary for summary in summaries}
    chosen = of[names[0] if version is None else version_called(version, all_calls, "--version")]
    other = None if against is None else of[version_called(against, all_calls, "--against")]
    if other is not None and other.version == chosen.version:
        raise NothingToLearn(f"--against {against}: that is the version itself; these tapes have {', '.join(names)}")
    own = [call for call in all_calls if call.measures.version == chosen.version]
    return Report(
        script,
        tuple(of.values()),
        chosen,
        None if other is None else compare(chosen, other),
        tuple(findings(chosen)),
        tuple(worst_turns(own)),
        unanswered(call.measures for call in own),
        reading.left_out,
    )


def as_json(found: Report) -> Json:
    """For other programs: shares from 0 to 1, times in milliseconds of the call."""
    return {
        "report": 1,
        "script": found.script,
        "version": found.version.version,
        "versions": [_version(one) for one in found.versions],
        "comparison": None if found.comparison is None else _comparison(found.comparison),
        "findings": [
            {
                "question": one.state,
                "measure": one.measure.value,
                "rate": _rate(one.rate),
                "elsewhere": _rate(one.elsewhere),
                "calls": one.calls,
            }
            for one in found.findings
        ],
        "worst_turns": [_turn(one) for one in found.worst],
        "unanswered": {
            "turns": found.unanswered.turns,
            "unheard": found.unanswered.unheard,
            "groups": [
                {
                    "text": group.text,
                    "turns": group.turns,
                    "calls": group.calls,
                    "texts": dict(group.texts),
                    "questions": dict(group.states),
                }
                for group in found.unanswered.groups
            ],
        },
        "left_out": list(found.left_out),
    }


def _version(one: VersionSummary) -> Json:
    return {
        "version": one.version,
        "dialled": one.dialled,
        "picked_up": one.picked_up,
        "calls": one.calls,
        "first": None if one.first is None else one.first.isoformat(),
        "last": None if one.last is None else one.last.isoformat(),
        "rates": _rates(one.rates),
        "outcomes": _rates(one.outcomes),
        "duration_ms": _percentiles(one.duration),
        "questions": [_question(question) for question in one.questions],
    }


def _question(one: QuestionSummary) -> Json:
    return {
        "question": one.state,
        "reached": _rate(one.reached),
        "rates": _rates(one.rates),
        "waited_ms": _percentiles(one.waited),
        "hung_up_after": {after.value: count for after, count in one.left_after.items()},
    }


def _comparison(one: Comparison) -> Json:
    return {
        "version": one.version,
        "against": one.against,
        "same_time": one.same_time,
        "only": list(one.only),
        "only_against": list(one.only_against),
        "calls": [_compared(one, each) for each in one.calls],
        "questions": [_compared(one, each) for each in one.questions],
        "waits": [
            {
                "question": each.state,
                "difference_ms": each.difference.value,
                "low_ms": each.difference.low,
                "high_ms": each.difference.high,
                "level": each.difference.level,
            }
            for each in one.waits
        ],
    }


def _compared(comparison: Comparison, one: Compared) -> Json:
    return {
        "measure": one.measure.value,
        "question": one.state,
        "rate": _rate(one.rate),
        "against": _rate(one.against),
        "difference": one.difference.value,
        "low": one.difference.low,
        "high": one.difference.high,
        "level": one.difference.level,
        "verdict": one.verdict.value,
        "more_calls": one.more_calls,
        "sentence": comparison.sentence(one),
    }


def _turn(one: WorstTurn) -> Json:
    turn = one.turn
    return {
        "tape": one.recorded.tape.name,
        "turn": turn.turn,
        "began_ms": turn.began_ms,
        "ended_ms": turn.ended_ms,
        "question": turn.state,
        "text": turn.text,
        "understood_as": turn.intent,
        "why": [reason.value for reason in one.reasons],
    }


def _rates(rates: Mapping[Any, Rate]) -> Json:
    return {key.value: _rate(rate) for key, rate in rates.items()}


def _rate(rate: Rate) -> Json:
    low, high = rate.interval()
    return {"hits": rate.hits, "of": rate.of, "share": rate.share, "low": low, "high": high}


def _percentiles(found: Percentiles | None) -> Json | None:
    return None if found is None else {"p50": found.p50, "p95": found.p95, "p99": found.p99, "count": found.count}
