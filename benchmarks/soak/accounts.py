"""One call asked for, and the one ending that it must have: on a closed tape, and the same as its caller was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.call.customer_track import TRACK
from bot.call.order import CallResult
from bot.call.tape import TapeError, TapeState, read_tape, verify_tape
from bot.vocabulary import Failure, Outcome
from telephony_bridge.leg import SwitchError
from telephony_bridge.line_status import LineStatus


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended, and what the network told of its dial."""

    outcome: Outcome
    line_status: LineStatus


@dataclass(frozen=True, slots=True)
class Account:
    """`ending` is None, and `fault` says why, for a call that is not accounted for."""

    ending: Ending | None
    fault: str = ""
    with_colleague: bool = False
    """Its customer was handed over: the channel is the switch's, not ours."""
    gave_up_for: tuple[str, ...] = ()
    """What broke so that the call gave up, in the words of `Failure`."""


class Unaccounted(Exception):
    """What is wrong with a call's ending."""


def account(tape: Path, told: CallResult | Exception) -> Account:
    """`told` is what the call's caller got of it."""
    try:
        state = verify_tape(tape).state
        rows = read_tape(tape)[1]
        if state is not TapeState.INTACT:
            raise Unaccounted(f"its tape is {state.value}")
        ending = ending_of(rows)
        _compare(ending, told)
        if tape.with_suffix(TRACK).exists() or tape.with_suffix(".reserve").exists():
            raise Unaccounted("its recording or the reserve of its tape was left unfinished")
    except (Unaccounted, TapeError) as error:
        return Account(None, str(error))
    failures = [row["failure"] for row in rows if row["kind"] == "record_failure"]
    if ending.outcome is Outcome.TECHNICAL_FAILURE and not failures:  # lost with its switch: nothing was left to say
        failures = [Failure.CONTROL.value]
    return Account(ending, with_colleague=_handed_over(rows), gave_up_for=tuple(failures))


def ending_of(rows: Sequence[Mapping[str, Any]]) -> Ending:
    """Raises `Unaccounted` where the tape has none, or more than one."""
    dials = [row for row in rows if row["kind"] == "dial_ended"]
    ends = [row for row in rows if row["kind"] == "end_call"]
    if len(dials) + len(ends) != 1:
        raise Unaccounted(f"its tape has {len(dials)} endings of the dial and {len(ends)} of the call")
    if dials:
        return Ending(Outcome.NOT_REACHED, LineStatus(dials[0]["line_status"]))
    return Ending(Outcome(ends[0]["outcome"]), LineStatus.ANSWERED)


def _compare(ending: Ending, told: CallResult | Exception) -> None:
    if isinstance(told, CallResult):
        if (told.outcome, told.line_status) != (ending.outcome, ending.line_status):
            raise Unaccounted(f"its caller was told {told.outcome}, {told.line_status}; its tape has another ending")
    elif not isinstance(told, SwitchError):
        raise Unaccounted(f"its caller got {type(told).__name__}: {told}")
    elif ending.outcome is not Outcome.NOT_REACHED:
        raise Unaccounted(f"its caller got {type(told).__name__}, and yet it was answered")


def _handed_over(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the switch has it in the end: the last hand-over did not fail."""
    steps = [row["kind"] for row in rows if row["kind"] in {"transfer_leg", "hand_over_failed"}]
    return bool(steps) and steps[-1] == "transfer_leg"


@dataclass(slots=True)
class Ledger:
    """All calls of a soak. `broken_off`: those whose dial did not begin or came to no end, by what callers got."""

    asked: int = 0
    endings: Counter[Ending] = field(default_factory=Counter)
    broken_off: Counter[str] = field(default_factory=Counter)
    gave_up_for: Counter[str] = field(default_factory=Counter)
    unaccounted: list[str] = field(default_factory=list)

    @property
    def accounted(self) -> int:
        return self.endings.total()

    @property
    def whole(self) -> bool:
        return not self.unaccounted and self.accounted == self.asked

    def enter(self, number: str, found: Account, told: CallResult | Exception) -> None:
        if found.ending is None:
            self.unaccounted.append(f"{number}: {found.fault}")
            return
        self.endings[found.ending] += 1
        self.gave_up_for.update(found.gave_up_for)
        if isinstance(told, Exception):
            self.broken_off[type(told).__name__] += 1
