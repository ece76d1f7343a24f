"""What a process that died left of a call: no more of the customer's voice stays than the tape vouches for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.call.core.commands import Listen
from bot.call.core.events import Heard, KeyPressed, Utterance, VoiceStarted, VoiceStopped
from bot.call.masking import TO_THE_END, Masker
from bot.call.recording import Recording
from bot.call.remains import finish_remains, silences
from bot.call.tape import Tape, TapeState, verify_tape
from bot.call.weighing import Bearing
from dialogue.prompts import Expectation
from speech.audio import Frame

pytestmark = pytest.mark.unit

SECONDS = 20
SENSITIVE = Expectation(sensitive=True)


def heard(text: str, start: int, end: int, *, accepted: bool = True) -> Heard:
    return Heard(Utterance(text, start, end, 0.9, accepted=accepted), Bearing.MEANT)


CALL = [
    Listen(Expectation()),
    VoiceStarted(4_000),
    VoiceStopped(9_000, 100),
    heard("yes that is me", 4_000, 9_000),
    Listen(SENSITIVE),
    VoiceStarted(40_000),
    VoiceStopped(50_000, 100),
    heard("four two one seven", 40_000, 50_000),
    KeyPressed("4", 60_000),
    Listen(Expectation()),
    VoiceStarted(70_000),
    VoiceStopped(80_000, 100),
    heard("my card is four two one seven", 70_000, 80_000),
    VoiceStarted(90_000),
    VoiceStopped(100_000, 100),
    heard("goodbye", 90_000, 100_000),
    VoiceStarted(130_000),
]
"""Ends in the middle of a word."""


def died(folder: Path, rows: Iterable[Any] = CALL, *, closed: bool = False) -> Masker:
    """A call of 20 s whose process ends before the call does; a dead process has no locks."""
    masker = Masker(["4217"], asks=True)
    recording, tape = begun(folder, masker)
    for at, row in enumerate(rows):
        tape.write(at, "event", row)
    if closed:
        tape.close()
    recording._track.close()
    return masker


def begun(folder: Path, masker: Masker) -> tuple[Recording, Tape]:
    recording = Recording(folder / "c1.wav")
    for second in range(SECONDS):
        recording.customer(Frame.of(np.full(8000, 7, dtype=np.int16), 8000, second * 8000))
    return recording, Tape(folder / "c1.jsonl", {"call": "c1"}, mask=masker.row)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def heard_in(path: Path) -> np.ndarray:
    """Which samples of the customer's side are still there."""
    audio = path.read_bytes()[44:] if path.suffix == ".wav" else path.read_bytes()
    samples = np.frombuffer(audio, dtype="<i2")
    return (samples.reshape(-1, 2)[:, 0] if path.suffix == ".wav" else samples) != 0


def covered(stretches: Sequence[tuple[int, int]]) -> np.ndarray:
    silent = np.zeros(SECONDS * 8000, dtype=bool)
    for start, end in stretches:
        silent[start:end] = True
    return silent


def test_the_recording_is_finished_as_at_the_end_of_a_call_and_silent_from_where_nobody_judged(tmp_path: Path) -> None:
    masker = died(tmp_path)
    with capture_logs() as logs:
        finish_remains(tmp_path)
    assert names(tmp_path) == {"c1.jsonl", "c1.wav"}
    expected = ~covered([*masker.spans, (100_000, TO_THE_END)])
    assert np.array_equal(heard_in(tmp_path / "c1.wav"), expected)
    assert [bool(expected[at]) for at in (5_000, 45_000, 75_000, 95_000)] == [True, False, False, True]
    assert verify_tape(tmp_path / "c1.jsonl").state is TapeState.NOT_CLOSED
    assert [(row["event"], row["call"]) for row in logs] == [("remains_finished", "c1")]


def test_a_call_under_way_is_left_alone(tmp_path: Path) -> None:
    recording, tape = begun(tmp_path, Masker())
    finish_remains(tmp_path)
    assert names(tmp_path) == {"c1.jsonl", "c1.reserve", "c1.customer.l16"}
    tape.close(recording.close())
    assert verify_tape(tmp_path / "c1.jsonl").state is TapeState.INTACT
    assert heard_in(tmp_path / "c1.wav").all()


@pytest.mark.parametrize("tape", [None, "", "RIFF", '{"tape":1}\n{"kind":"heard"}\n', '{"tape":1}\n7\n'])
def test_sound_that_no_tape_vouches_for_is_removed_and_told(tmp_path: Path, tape: str | None) -> None:
    died(tmp_path)
    (tmp_path / "c1.jsonl").unlink()
    if tape is not None:
        (tmp_path / "c1.jsonl").write_text(tape)
    with capture_logs() as logs:
        finish_remains(tmp_path)
    assert not {"c1.customer.l16", "c1.wav"} & names(tmp_path)
    assert [row["event"] for row in logs] == ["remains_removed"]


def test_a_dial_that_nobody_had_answered_leaves_nothing(tmp_path: Path) -> None:
    Recording(tmp_path / "c1.wav")._track.close()
    finish_remains(tmp_path)
    assert names(tmp_path) == set()


def test_a_finished_recording_is_not_written_anew(tmp_path: Path) -> None:
    """Its process died between the recording's last byte and the raw side's removal."""
    died(tmp_path)
    (tmp_path / "c1.wav").write_bytes(b"both sides")
    finish_remains(tmp_path)
    assert (tmp_path / "c1.wav").read_bytes() == b"both sides"
    assert "c1.customer.l16" not in names(tmp_path)


def test_the_raw_side_that_a_full_disk_left_of_a_closed_tape_is_silenced_and_stays(tmp_path: Path) -> None:
    masker = died(tmp_path, closed=True)
    finish_remains(tmp_path)
    assert names(tmp_path) == {"c1.jsonl", "c1.customer.l16"}
    assert np.array_equal(heard_in(tmp_path / "c1.customer.l16"), ~covered(masker.spans))


def test_a_full_disk_is_told_and_nothing_is_lost_but_what_must_be_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died(tmp_path)
    (tmp_path / "c1.part").mkdir()
    with capture_logs() as logs:
        finish_remains(tmp_path)
    assert [row["event"] for row in logs] == ["remains_not_finished"]
    assert not heard_in(tmp_path / "c1.customer.l16")[40_000:50_000].any()


QUESTIONS = st.sampled_from([Listen(SENSITIVE), Listen(Expectation())])
WORDS = st.sampled_from(["four two one seven", "yes", "", "it is 4217", "eight eight one two", "转人工"])


@st.composite
def conversations(draw: st.DrawFn) -> list[Any]:
    rows: list[Any] = [draw(QUESTIONS)]
    at = 0
    for _ in range(draw(st.integers(0, 12))):
        began, at = at + 500, at + draw(st.integers(800, 8_000))
        words = heard(draw(WORDS), began, at, accepted=draw(st.booleans()))
        said = draw(st.permutations([VoiceStarted(began), VoiceStopped(at, 100), words]))
        keys = [KeyPressed(key, at) for key in draw(st.text("0123456789*#", max_size=5))]
        rows += draw(st.sampled_from([said, said[:2], [VoiceStarted(began), words], keys, [draw(QUESTIONS)]]))
    return rows


@given(conversations())
def test_all_that_is_silenced_at_the_end_of_a_call_is_found_from_its_masked_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any]
) -> None:
    masker = Masker(["4217"], asks=True)
    written: list[dict[str, Any]] = []
    tape = Tape(tmp_path_factory.mktemp("t") / "c1.jsonl", {}, lambda row: written.append(dict(row)), masker.row)
    for at, row in enumerate(rows):
        tape.write(at, "event", row)
    again = covered(silences(json.loads(json.dumps(written)), whole=True))
    assert not (covered(masker.spans) & ~again).any()
    tape.close()
