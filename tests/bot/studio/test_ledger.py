"""The ledger on disk: appended to, followed, and never believed where it was changed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.hash_chain import chained
from bot.studio.events import Approved, Released, Stored, Submitted
from bot.studio.ledger import Ledger, LedgerError
from bot.studio.standing import NotAllowed, State
from tests.bot.studio.shelf import BEGIN

pytestmark = pytest.mark.unit

A = "aaaaaaaaaaaa"
STORED = Stored(at=BEGIN, version=A, by="Änne 李", manifest="0")
SUBMITTED = Submitted(at=BEGIN, version=A, by="Änne 李")
APPROVED = Approved(at=BEGIN, version=A, by="bo", diff="d", against=None)
RELEASED = Released(at=BEGIN, version=A, by="bo", share=100)


def lines(ledger: Ledger) -> list[str]:
    return ledger.path.read_text(encoding="utf-8").splitlines()


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "script")
    assert ledger.standing.versions == {}
    assert ledger.record(STORED, SUBMITTED).versions[A].state is State.IN_REVIEW
    ledger.record(APPROVED)
    written = Ledger(tmp_path / "script").read()
    assert written.events == (STORED, SUBMITTED, APPROVED)
    assert written.standing == ledger.standing
    assert written.last_hash == json.loads(lines(ledger)[-1])["hash"]


def test_one_process_sees_what_another_has_written(tmp_path: Path) -> None:
    mine, others = Ledger(tmp_path), Ledger(tmp_path)
    mine.record(STORED, SUBMITTED, APPROVED)
    assert others.standing.live is None
    mine.record(RELEASED)
    assert others.standing.live == A


def test_what_may_not_happen_is_not_written(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    with pytest.raises(NotAllowed):
        ledger.record(STORED, RELEASED)  # the first of them would have been allowed
    assert ledger.read().events == ()


def test_half_a_line_of_a_process_that_died_is_written_over(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.record(STORED)
    with ledger.path.open("ab") as file:
        file.write('{"n":1,"at":"2026-11-24T10:00:00Z","by":"Ä'.encode()[:-1])
    assert ledger.read().events == (STORED,)
    ledger.record(SUBMITTED)
    assert Ledger(tmp_path).read().events == (STORED, SUBMITTED)


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda lines: [lines[0].replace("Änne", "Bo"), *lines[1:]], 1),
        (lambda lines: [lines[0], *lines[2:]], 2),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], 2),
        (lambda lines: [*lines[:3], lines[3].replace('"share":100', '"share":5')], 4),
        (lambda lines: [*lines[:2], "nonsense", *lines[2:]], 3),
    ],
)
def test_a_change_is_found_with_its_line(tmp_path: Path, damage, line: int) -> None:  # type: ignore[no-untyped-def]
    ledger = Ledger(tmp_path)
    ledger.record(STORED, SUBMITTED, APPROVED, RELEASED)
    ledger.path.write_text("".join(f"{one}\n" for one in damage(lines(ledger))), encoding="utf-8")
    with pytest.raises(LedgerError, match=rf"ledger\.jsonl:{line}: .*put back the file from a backup"):
        ledger.read()
    with pytest.raises(LedgerError):
        ledger.record(STORED)


def test_a_chain_of_events_that_cannot_have_been_is_not_believed(tmp_path: Path) -> None:
    """Whoever writes the chain anew still cannot make an author's own approval count."""
    ledger = Ledger(tmp_path)
    ledger.record(STORED, SUBMITTED)
    own = APPROVED.model_copy(update={"by": "Änne 李"})
    line, _ = chained(ledger.read().last_hash, {"n": 2, **own.model_dump(mode="json")})
    with ledger.path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(LedgerError, match="somebody else must approve it"):
        ledger.read()


def test_two_at_a_time_do_not_write_into_each_other(tmp_path: Path) -> None:
    versions = [f"{number:012x}" for number in range(40)]

    def store(version: str) -> None:
        Ledger(tmp_path).record(Stored(at=BEGIN, version=version, by="anna", manifest="0"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(store, versions))
    assert sorted(Ledger(tmp_path).standing.versions) == versions
