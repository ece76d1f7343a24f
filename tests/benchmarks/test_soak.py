"""The soak's own judgement: the plan of what goes wrong, the account of a call, and whether memory grows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.soak.accounts import Account, Ending, Ledger, account
from benchmarks.soak.memory import growth
from benchmarks.soak.mischief import ONE_IN_S, Kind, plan
from bot.call.core.commands import EndCall, RecordFailure, TransferLeg
from bot.call.core.events import HandOverFailed
from bot.call.order import CallResult
from bot.call.prepared import DialEnded
from bot.call.tape import Tape
from bot.vocabulary import Failure, Outcome
from telephony_bridge.leg import PoolExhausted, SwitchUnreachable
from telephony_bridge.line_status import Fault, HandOverFailure, LineStatus

pytestmark = pytest.mark.unit

ANSWERED = Ending(Outcome.PROMISED, LineStatus.ANSWERED)
LOST = DialEnded(LineStatus.UNKNOWN, Fault.US, "SwitchUnreachable")


def taped(folder: Path, *items: object, closed: bool = True) -> Path:
    tape = Tape(folder / "call.jsonl", {"number": "1"})
    for item in items:
        tape.write(0.0, "note", item)
    if closed:
        tape.close()
    return tape.path


def told(tape: Path, outcome: Outcome = Outcome.PROMISED) -> CallResult:
    return CallResult("call", outcome, LineStatus.ANSWERED, Fault.NOBODY, tape, None)


def test_a_call_with_one_ending_is_accounted_for(tmp_path: Path) -> None:
    tape = taped(tmp_path, EndCall(Outcome.PROMISED))
    assert account(tape, told(tape)) == Account(ANSWERED)


def test_a_dial_that_broke_off_is_accounted_for(tmp_path: Path) -> None:
    found = account(taped(tmp_path, LOST), SwitchUnreachable("gone"))
    assert found == Account(Ending(Outcome.NOT_REACHED, LineStatus.UNKNOWN))


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        ((), "0 endings of the dial and 0 of the call"),
        ((EndCall(Outcome.PROMISED), EndCall(Outcome.PROMISED)), "0 endings of the dial and 2 of the call"),
        ((LOST, EndCall(Outcome.PROMISED)), "1 endings of the dial and 1 of the call"),
        ((EndCall(Outcome.HUNG_UP),), "its caller was told promised"),
    ],
)
def test_a_call_without_just_the_ending_its_caller_was_told_is_not(
    tmp_path: Path, items: tuple[object, ...], fault: str
) -> None:
    tape = taped(tmp_path, *items)
    found = account(tape, told(tape))
    assert found.ending is None
    assert fault in found.fault


def test_a_tape_that_is_not_closed_accounts_for_nothing(tmp_path: Path) -> None:
    tape = taped(tmp_path, EndCall(Outcome.PROMISED), closed=False)
    assert account(tape, told(tape)).fault == "its tape is not_closed"


def test_what_no_caller_should_get_accounts_for_nothing(tmp_path: Path) -> None:
    assert "KeyError" in account(taped(tmp_path, LOST), KeyError("oh")).fault


def test_an_answered_call_is_not_one_whose_dial_broke_off(tmp_path: Path) -> None:
    tape = taped(tmp_path, EndCall(Outcome.PROMISED))
    assert "answered" in account(tape, PoolExhausted("full")).fault


def test_the_switch_has_a_call_whose_last_hand_over_did_not_fail(tmp_path: Path) -> None:
    failed = (TransferLeg("service"), HandOverFailed(HandOverFailure.BUSY))
    for items, with_colleague in ((failed, False), ((*failed, TransferLeg("service")), True)):
        (tmp_path / str(with_colleague)).mkdir()
        tape = taped(tmp_path / str(with_colleague), *items, EndCall(Outcome.PROMISED))
        assert account(tape, told(tape)).with_colleague is with_colleague


def test_what_a_call_gave_up_for_is_told(tmp_path: Path) -> None:
    tape = taped(tmp_path, RecordFailure(Failure.MEDIA), EndCall(Outcome.TECHNICAL_FAILURE))
    assert account(tape, told(tape, Outcome.TECHNICAL_FAILURE)).gave_up_for == ("media",)


def test_a_ledger_is_whole_when_every_call_asked_for_is_in_it() -> None:
    ledger = Ledger(asked=2)
    ledger.enter("1", Account(ANSWERED), SwitchUnreachable("gone"))
    assert not ledger.whole
    ledger.enter("2", Account(ANSWERED), SwitchUnreachable("gone"))
    assert ledger.whole
    assert ledger.broken_off == {"SwitchUnreachable": 2}
    ledger.asked += 1
    ledger.enter("3", Account(None, "no tape"), SwitchUnreachable("gone"))
    assert not ledger.whole


def test_the_same_seed_brings_the_same_mischief_and_another_one_another() -> None:
    assert plan(1, 60.0, 4) == plan(1, 60.0, 4)
    assert plan(1, 60.0, 4) != plan(2, 60.0, 4)


def test_a_long_run_has_as_many_strikes_of_each_kind_as_it_should_and_a_short_one_all_kinds() -> None:
    long = plan(1, 1800.0, 4)
    assert {kind: sum(one.kind is kind for one in long) for kind in Kind} == {
        kind: round(1800 / every) for kind, every in ONE_IN_S.items()
    }
    assert [one.at for one in long] == sorted(one.at for one in long)
    assert {one.kind for one in plan(1, 5.0, 4)} == set(Kind)


@dataclass(frozen=True, slots=True)
class Course:
    """A process's memory over 20 minutes, in MiB."""

    begin: float = 300.0
    fills: float = 40.0
    leaks_per_hour: float = 0.0

    def samples(self) -> list[tuple[float, int]]:
        """Caches fill in the first two minutes; every eleventh second something large is held for a moment."""
        return [(second, round(2**20 * self._mib(second))) for second in map(float, range(1200))]

    def _mib(self, second: float) -> float:
        filled = self.fills * min(1.0, second / 120)
        return self.begin + filled + self.leaks_per_hour * second / 3600 + 30 * (second % 11 == 0)


def test_caches_that_fill_and_peaks_are_flat() -> None:
    found = growth(Course().samples(), calls=1000)
    assert (found.flat, found.long_enough, found.rises_mib, found.median_mib) == (True, True, 0.0, 340.0)


def test_a_leak_is_not_flat_and_is_told_by_the_call() -> None:
    found = growth(Course(leaks_per_hour=60.0).samples(), calls=1000)
    assert not found.flat
    assert found.rises_mib == pytest.approx(10, abs=0.1)
    assert found.kib_per_call == pytest.approx(10.2, abs=0.1)


def test_a_short_run_is_not_long_enough() -> None:
    assert not growth(Course().samples()[:300], calls=10).long_enough
