"""The tape: what is written can be read, survives a torn end and a full disk, and shows whether it was changed."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.call.tape import Fields, Tape, TapeError, TapeState, Verification, read_tape, verify, verify_tape
from tests.bot.call.full_disk import FullDisk

pytestmark = pytest.mark.unit


@dataclasses.dataclass(frozen=True)
class VoiceStarted:
    position: int


@dataclasses.dataclass(frozen=True)
class Utterance:
    text: str
    accepted: bool = True


@dataclasses.dataclass(frozen=True)
class Heard:
    utterance: Utterance


HEARD = Heard(Utterance("是我"))


def kinds(path: Path) -> list[Any]:
    return [json.loads(line).get("kind") for line in path.read_text(encoding="utf-8").splitlines()]


def test_lines_come_back_in_order_under_their_names(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "t.jsonl", {"call": "c1"})
    tape.write(10.04, "event", VoiceStarted(800))
    tape.write(20.0, "event", HEARD)
    tape.close()
    header, rows = read_tape(tmp_path / "t.jsonl")
    assert header["call"] == "c1"
    assert rows[0] == {"n": 1, "t": 10.0, "dir": "event", "kind": "voice_started", "position": 800}
    assert (rows[1]["kind"], rows[1]["utterance"]["text"]) == ("heard", "是我")


def test_an_observer_sees_each_line_as_it_is_written(tmp_path: Path) -> None:
    seen: list[str] = []
    tape = Tape(tmp_path / "t.jsonl", {}, lambda row: seen.append(row["kind"]))
    tape.write(0, "event", HEARD)
    assert seen == ["heard"]


def test_closing_leaves_nothing_beside_the_tape(tmp_path: Path) -> None:
    Tape(tmp_path / "t.jsonl", {}).close()
    assert [path.name for path in tmp_path.iterdir()] == ["t.jsonl"]


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    Tape(tmp_path / "t.jsonl", {}).write(0, "event", HEARD)
    with (tmp_path / "t.jsonl").open("a") as file:
        file.write('{"n":2,"t":1')
    assert len(read_tape(tmp_path / "t.jsonl")[1]) == 1


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"n":0,"tape":1}\nnot json\n{"n":2}\n')
    with pytest.raises(TapeError, match=r"t\.jsonl:2"):
        read_tape(tmp_path / "t.jsonl")


def test_a_folder_is_no_tape(tmp_path: Path) -> None:
    with pytest.raises(TapeError, match="is a folder; name one tape in it"):
        read_tape(tmp_path)


@pytest.mark.parametrize("content", ["", "[]\n", '{"kind":"heard"}\n'])
def test_another_file_is_no_tape(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.jsonl").write_text(content)
    with pytest.raises(TapeError, match="not a tape"):
        read_tape(tmp_path / "t.jsonl")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TapeError, match="file"):
        Tape(tmp_path / "file" / "t.jsonl", {})


def test_a_full_disk_is_told_once_and_the_reserve_takes_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    tape = Tape(path, {"call": "c1"})
    tape.write(0, "event", VoiceStarted(0))
    tape._file = FullDisk(path)  # type: ignore[assignment]
    with pytest.raises(TapeError, match="full"):
        tape.write(1, "event", HEARD)
    tape.write(2, "event", VoiceStarted(1))
    tape.close()
    assert kinds(path) == [None, "voice_started", "heard", "voice_started", "tape_closed"]
    assert verify_tape(path).state is TapeState.INTACT


def test_a_disk_that_stays_full_leaves_whole_lines_and_a_tape_that_is_not_closed(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    tape = Tape(path, {"call": "c1"})
    path.with_suffix(".reserve").unlink()
    tape._file = FullDisk(path)  # type: ignore[assignment]
    with pytest.raises(TapeError, match="cannot be written"):
        tape.write(1, "event", HEARD)
    with pytest.raises(TapeError, match="closed"):
        tape.write(2, "event", HEARD)
    tape.close()
    assert kinds(path) == [None]
    assert verify_tape(path).state is TapeState.NOT_CLOSED


@pytest.mark.parametrize("broken", ["stat", "unlink", "open"])
def test_a_disk_that_fails_in_any_way_raises_nothing_but_a_tape_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(errno.EIO, "Input/output error")

    path = tmp_path / "t.jsonl"
    tape = Tape(path, {"call": "c1"})
    tape._file = FullDisk(path)  # type: ignore[assignment]
    with monkeypatch.context() as patch:
        patch.setattr(Path, broken, fail)
        for _ in range(2):
            with pytest.raises(TapeError):
                tape.write(1, "event", HEARD)
        tape.close()
    assert read_tape(path)[0]["call"] == "c1"


def test_what_is_masked_is_neither_written_nor_shown(tmp_path: Path) -> None:
    def mask(kind: str, fields: Fields) -> Fields:
        return {"position": "*"} if kind == "voice_started" else fields

    seen: list[Any] = []
    tape = Tape(tmp_path / "t.jsonl", {}, lambda row: seen.append(row.get("position")), mask)
    tape.write(0, "event", VoiceStarted(4217))
    tape.close()
    assert seen == ["*", None]
    assert read_tape(tmp_path / "t.jsonl")[1][0]["position"] == "*"


def test_the_last_line_binds_the_recording_and_counts_the_lines(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    _, rows = read_tape(path)
    sound = hashlib.sha256(b"RIFF").hexdigest()
    assert rows[-1] == {"n": 5, "t": 30.0, "dir": "note", "kind": "tape_closed", "lines": 6, "recording": sound}


def test_a_tape_is_closed_once(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "t.jsonl", {})
    tape.close()
    tape.close()
    assert kinds(tmp_path / "t.jsonl") == [None, "tape_closed"]


def test_a_line_begins_with_the_hash_of_the_one_before(tmp_path: Path) -> None:
    lines = recorded(tmp_path).read_text(encoding="utf-8").splitlines()
    previous = ""
    for line in lines:
        bare = json.dumps(
            {k: v for k, v in json.loads(line).items() if k != "hash"}, ensure_ascii=False, separators=(",", ":")
        )
        expected = hashlib.sha256((previous + bare).encode()).hexdigest()[:32]
        assert json.loads(line)["hash"] == expected
        previous = expected
    assert verify_tape(tmp_path / "t.jsonl") == Verification(TapeState.INTACT, 6, previous)


# --- what was done to a tape of six lines shows


def recorded(folder: Path) -> Path:
    """Header, four events, and the last line; with a recording."""
    tape = Tape(folder / "t.jsonl", {"call": "c1"})
    for t, item in ((10, VoiceStarted(800)), (20, HEARD), (25, VoiceStarted(900)), (30, HEARD)):
        tape.write(t, "event", item)
    (folder / "t.wav").write_bytes(b"RIFF")
    tape.close(folder / "t.wav")
    return folder / "t.jsonl"


def swap(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def edit(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace("是我", "不是"), *lines[3:]]


def edit_and_hash_again(lines: list[str]) -> list[str]:
    """The edited line fits; the one after it does not."""
    text = edit(lines)[2].split(',"hash"')[0] + "}"
    link = hashlib.sha256((json.loads(lines[1])["hash"] + text).encode()).hexdigest()[:32]
    return [*lines[:2], f'{text[:-1]},"hash":"{link}"}}', *lines[3:]]


def append(lines: list[str]) -> list[str]:
    """Somebody who knows how the chain is made adds a line that follows."""
    text = '{"n":6,"t":31.0,"dir":"event","kind":"gone"}'
    link = hashlib.sha256((json.loads(lines[-1])["hash"] + text).encode()).hexdigest()[:32]
    return [*lines, f'{text[:-1]},"hash":"{link}"}}']


@pytest.mark.parametrize(
    ("change", "state", "line"),
    [
        (edit, TapeState.ALTERED, 3),
        (edit_and_hash_again, TapeState.ALTERED, 4),
        (swap, TapeState.ALTERED, 3),
        (append, TapeState.ALTERED, 7),
        (lambda lines: [lines[0].replace("c1", "c2"), *lines[1:]], TapeState.ALTERED, 1),
        (lambda lines: [*lines[:2], "not json", *lines[3:]], TapeState.ALTERED, 3),
        (lambda lines: [*lines[:2], lines[2].replace(",", ", ", 1), *lines[3:]], TapeState.ALTERED, 3),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], TapeState.ALTERED, 4),
        (lambda lines: [*lines[:2], *lines[3:]], TapeState.LINES_MISSING, 3),
        (lambda lines: [*lines[:2], *lines[5:]], TapeState.LINES_MISSING, 3),
        (lambda lines: lines[:-1], TapeState.NOT_CLOSED, None),
        (lambda lines: lines[:1], TapeState.NOT_CLOSED, None),
    ],
)
def test_a_changed_tape_shows_where(
    tmp_path: Path, change: Callable[[list[str]], list[str]], state: TapeState, line: int | None
) -> None:
    path = recorded(tmp_path)
    path.write_text("\n".join(change(path.read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")
    result = verify_tape(path)
    assert (result.state, result.line) == (state, line)


def test_a_torn_end_is_not_closed_and_a_torn_addition_is_a_change(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert verify_tape(path).state is TapeState.NOT_CLOSED
    path.write_bytes(whole + b'{"n":6')
    assert verify_tape(path).state is TapeState.ALTERED


def test_the_recording_must_be_the_one_of_the_call(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    (tmp_path / "t.wav").write_bytes(b"RIFX")
    assert verify_tape(path).state is TapeState.RECORDING_ALTERED
    (tmp_path / "t.wav").unlink()
    assert verify_tape(path).state is TapeState.RECORDING_MISSING


def test_a_recording_that_cannot_be_read_leaves_the_tape_open(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "t.jsonl", {})
    tape.close(tmp_path / "gone.wav")
    assert verify_tape(tmp_path / "t.jsonl").state is TapeState.NOT_CLOSED


@pytest.mark.parametrize("content", ["", "[]\n", "RIFF", '{"kind":"heard"}\n'])
def test_another_file_cannot_be_verified(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.jsonl").write_text(content)
    with pytest.raises(TapeError, match="not a tape"):
        verify_tape(tmp_path / "t.jsonl")


def chain_of(texts: list[str]) -> list[str]:
    lines: list[str] = []
    previous = ""
    for number, text in enumerate([*texts, None]):
        fields = {"kind": "tape_closed", "lines": number + 1, "recording": None} if text is None else {"said": text}
        bare = json.dumps({"n": number, **fields}, ensure_ascii=False, separators=(",", ":"))
        previous = hashlib.sha256((previous + bare).encode()).hexdigest()[:32]
        lines.append(f'{bare[:-1]},"hash":"{previous}"}}')
    return lines


@given(st.lists(st.text(), min_size=2, max_size=6), st.data())
def test_any_other_order_or_choice_of_lines_shows(texts: list[str], data: st.DataObject) -> None:
    lines = chain_of(texts)
    assert verify(lines, None).state is TapeState.INTACT
    other = data.draw(st.lists(st.sampled_from(lines), max_size=len(lines) + 1).filter(lambda them: them != lines))
    assert verify(other, None).state is not TapeState.INTACT


@given(st.lists(st.text(), min_size=1, max_size=3), st.data())
def test_any_other_character_shows(texts: list[str], data: st.DataObject) -> None:
    lines = chain_of(texts)
    at = data.draw(st.integers(0, len(lines) - 1))
    where = data.draw(st.integers(0, len(lines[at]) - 1))
    character = data.draw(st.characters(codec="utf-8").filter(lambda c: c != lines[at][where]))
    lines[at] = lines[at][:where] + character + lines[at][where + 1 :]
    assert verify(lines, None).state is not TapeState.INTACT
