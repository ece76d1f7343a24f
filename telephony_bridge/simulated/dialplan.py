"""What happens when a number is dialled: data, from code or a YAML file.

    numbers:                        # the first pattern that matches decides; * and ? as in file names
      - {number: "+441632960001", answers_after_ms: 1500}
      - {number: "*7", refused_with: 503, reason_q850: 34, after_ms: 300}
      - {number: "*8", rings_out: true}
      - {number: "*9", dead: true}   # no sign from the network at all
    default: {answers_after_ms: 800, ringing_after_ms: 200, early_media: false}

Without a table, `DialPlan()` goes by the last three digits: a SIP status of the cause table refuses with it,
199 rings out, 198 gives no sign of life, and every other number answers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from telephony_bridge.simulated.causes import CAUSE_OF_SIP, cause_of_q850


class DialPlanError(ValueError):
    """The table of numbers is wrong; the message names the entry and what it may hold."""


class Fate(StrEnum):
    """What a number does."""

    ANSWERS = "answers"
    REFUSES = "refuses"
    RINGS_OUT = "rings_out"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """One number's behaviour; times in milliseconds from the dial.

    `at_ms` is when it answers or refuses. Ringing (180), or with `early_media` a 183, comes at `ringing_after_ms`
    if that is earlier.
    """

    fate: Fate = Fate.ANSWERS
    at_ms: int = 800
    ringing_after_ms: int = 200
    early_media: bool = False
    sip_status: int = 0
    reason_q850: int | None = None


@dataclass(frozen=True, slots=True)
class DialPlan:
    """Number patterns in order, and what the rest does; without a `default`, the last three digits decide."""

    numbers: tuple[tuple[str, NumberPlan], ...] = ()
    default: NumberPlan | None = None

    def plan_for(self, number: str) -> NumberPlan:
        for pattern, plan in self.numbers:
            if fnmatchcase(number, pattern):
                return plan
        return self.default if self.default is not None else _by_last_digits(number)


def _by_last_digits(number: str) -> NumberPlan:
    ending = number[-3:]
    if ending == "199":
        return NumberPlan(Fate.RINGS_OUT)
    if ending == "198":
        return NumberPlan(Fate.DEAD)
    if ending.isascii() and ending.isdigit() and int(ending) in CAUSE_OF_SIP:
        return NumberPlan(Fate.REFUSES, sip_status=int(ending))
    return NumberPlan()


@dataclass(frozen=True, slots=True)
class _Entry:
    """The keys of one entry of the file; exactly one of the first four says what the number does."""

    answers_after_ms: int | None = None
    refused_with: int | None = None
    rings_out: bool = False
    dead: bool = False
    after_ms: int = 800
    ringing_after_ms: int = 200
    early_media: bool = False
    reason_q850: int | None = None


def load_dial_plan(path: Path) -> DialPlan:
    """Read a table of numbers. Raises `DialPlanError`."""
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise DialPlanError(f"cannot read the dial plan {path}: {error}") from error
    if not isinstance(data, dict) or set(data) - {"numbers", "default"}:
        raise DialPlanError(f"{path}: expected the keys `numbers` and `default` and nothing else")
    numbers = []
    for index, entry in enumerate(data.get("numbers") or [], start=1):
        where = f"{path}, entry {index} of numbers"
        if not isinstance(entry, dict) or not isinstance(entry.get("number"), str):
            raise DialPlanError(f"{where}: needs `number`, a pattern in quotes")
        pattern = entry["number"]
        numbers.append((pattern, _plan({key: entry[key] for key in entry if key != "number"}, where)))
    default = data.get("default")
    return DialPlan(tuple(numbers), None if default is None else _plan(default, f"{path}, default"))


def _plan(values: object, where: str) -> NumberPlan:
    entry = _entry(values, where)
    said = [entry.answers_after_ms is not None, entry.refused_with is not None, entry.rings_out, entry.dead]
    if sum(said) != 1:
        raise DialPlanError(f"{where}: say exactly one of answers_after_ms, refused_with, rings_out, dead")
    if entry.answers_after_ms is not None:
        return NumberPlan(Fate.ANSWERS, entry.answers_after_ms, entry.ringing_after_ms, entry.early_media)
    if entry.refused_with is None:
        fate = Fate.RINGS_OUT if entry.rings_out else Fate.DEAD
        return NumberPlan(fate, ringing_after_ms=entry.ringing_after_ms, early_media=entry.early_media)
    if entry.refused_with not in CAUSE_OF_SIP:
        raise DialPlanError(f"{where}: refused_with {entry.refused_with} is none of {sorted(CAUSE_OF_SIP)}")
    if entry.reason_q850 is not None:
        try:
            cause_of_q850(entry.reason_q850)
        except ValueError as error:
            raise DialPlanError(f"{where}: {error}") from error
    return NumberPlan(
        Fate.REFUSES,
        entry.after_ms,
        entry.ringing_after_ms,
        entry.early_media,
        entry.refused_with,
        entry.reason_q850,
    )


def _entry(values: object, where: str) -> _Entry:
    known = {field.name: field for field in fields(_Entry)}
    if not isinstance(values, dict) or set(values) - set(known):
        raise DialPlanError(f"{where}: the keys are {', '.join(known)}")
    for key, value in values.items():
        wanted = bool if key in {"rings_out", "dead", "early_media"} else int
        if type(value) is not wanted or (wanted is int and value < 0):
            raise DialPlanError(
                f"{where}: {key} must be {'true or false' if wanted is bool else 'a number, 0 or more'}"
            )
    return _Entry(**values)
