"""`voicebot replay`: what cannot be replayed is said with its remedy, and exit code 2."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.call.keyring import Keyring
from bot.call.recording import Recording
from bot.call.tape import Tape
from bot.cli.main import app
from bot.replay.recorded import read_call
from speech.audio import Frame

pytestmark = pytest.mark.unit

runner = CliRunner(env={"COLUMNS": "400"})

HEADER = {
    "call": "c",
    "at": "2026-11-24T10:00:00+00:00",
    "number": "2001",
    "script": "repayment_reminder",
    "script_version": "0000deadbeef",
    "language": "en",
    "day": "2026-11-24",
    "recogniser": "pocketsphinx 5",
    "synthesiser": "espeak-ng 1",
    "understander": "000000000000",
    "contact": {},
}
LINES: list[dict[str, Any]] = [
    {"kind": "answered", "opening": []},
    {"kind": "voice_stopped", "position": 16000, "silence_ms": 200.0},
    {"kind": "end_call", "outcome": "hung_up"},
]
ORIGIN = {"kind": "audio_origin", "ms": 0.0}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def tape(*more: dict[str, Any], seconds: float | None = None, **header: Any) -> Path:
        path = tmp_path / "call.jsonl"
        Tape(path, {**HEADER, **header}).close()
        first, last = path.read_text().splitlines()
        rows = [json.dumps({"n": n, "t": n, "dir": "event", **line}) for n, line in enumerate([*LINES, *more], 1)]
        path.write_text("\n".join([first, *rows, last]) + "\n")
        if seconds is not None:
            _recording(path.with_suffix(".wav"), seconds)
        return path

    return tape


def _recording(path: Path, seconds: float, channels: int = 2) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(round(seconds * 8000) * 2 * channels))


def refused(tape: Path, *options: str) -> str:
    result = runner.invoke(app, ["replay", str(tape), *options])
    assert result.exit_code == 2, result.output
    return " ".join(result.output.split())


def test_no_tape(tmp_path: Path) -> None:
    (tmp_path / "call.jsonl").write_text("{}\n")
    assert "not a tape" in refused(tmp_path / "call.jsonl")


def test_a_missing_recording(write: Write) -> None:
    assert "call.jsonl: the recording of this call is gone; put it back" in refused(write(ORIGIN))


def test_a_recording_shorter_than_what_was_heard(write: Write) -> None:
    assert "cut off: 1.5 s of at least 2.0 s are there" in refused(write(ORIGIN, seconds=1.5))


def test_a_recording_whose_end_was_cut_off(write: Write) -> None:
    tape = write(ORIGIN, seconds=4)
    recording = tape.with_suffix(".wav")
    recording.write_bytes(recording.read_bytes()[:-32000])
    assert "cut off: 3.0 s of at least 4.0 s are there. Put the whole file back" in refused(tape)


def test_a_sealed_recording_is_replayed_with_its_key_and_not_without(write: Write) -> None:
    tape = write(ORIGIN, seconds=4)
    keys = Keyring({"may": b"m" * 32}, "may")
    recording = Recording(tape.with_suffix(".wav"), keys)
    recording.customer(Frame.of(np.full(4 * 8000, 7, dtype=np.int16), 8000))
    recording.close()
    tape.with_suffix(".wav").unlink()
    assert "sealed with the key `may`, which is not here" in refused(tape)
    sound = read_call(tape, keys).sound
    assert sound is not None
    assert (sound == 7).all()


def test_a_recording_of_something_else(write: Write) -> None:
    tape = write(ORIGIN, seconds=4)
    _recording(tape.with_suffix(".wav"), 4, channels=1)
    assert "not a recording of a call" in refused(tape)


def test_a_recording_that_the_tape_does_not_place(write: Write) -> None:
    assert "`audio_origin`" in refused(write(seconds=4))


def test_a_tape_from_before_contacts_were_kept(write: Write, tmp_path: Path) -> None:
    tape = write()
    tape.write_text(tape.read_text().replace('"contact"', '"other"'))
    assert "does not hold the contact" in refused(tape)


def test_a_tape_that_breaks_off(write: Write) -> None:
    tape = write()
    tape.write_text("\n".join(tape.read_text().splitlines()[:3]) + "\n")
    assert "breaks off before the call ended" in refused(tape)


def test_a_version_that_is_not_there_any_more(write: Write) -> None:
    said = refused(write())
    assert "version 0000deadbeef of this call of the script repayment_reminder is not on the shelf; there are:" in said
    assert "--script repayment_reminder" in said


def test_an_unknown_script_or_version(write: Write) -> None:
    tape = write()
    assert "repayment_reminder, satisfaction_survey" in refused(tape, "--script", "no_such")
    assert "version 1 of the script" in refused(tape, "--script", "repayment_reminder@1")


def test_an_unknown_model(write: Write) -> None:
    said = refused(write(), "--script", "repayment_reminder")
    assert "the model of meaning 000000000000 of this call is not in" in said
    assert "--nlu VERSION" in said


def test_an_unknown_recogniser(write: Write, tmp_path: Path) -> None:
    model = tmp_path / "models" / "nlu" / "000000000000"
    model.mkdir(parents=True)
    (model / "model.json").write_text("{}")
    settings = tmp_path / "voicebot.toml"
    settings.write_text('[folders]\nmodels = "models"\n')
    options = ["--script", "repayment_reminder", "--settings", str(settings), "--asr", "ears"]
    said = refused(write(), *options)
    assert "there is no recogniser `ears`; there are: pocketsphinx, vosk, faster-whisper" in said
