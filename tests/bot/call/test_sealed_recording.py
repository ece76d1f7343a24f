"""A call's recording with a key: never plain on the disk, finished after a crash, and opened by who has the key."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from bot.call.core.events import Heard, Utterance
from bot.call.keyring import Keyring, load_keyring, write_new_key
from bot.call.recording import Recording, RecordingError, open_recording
from bot.call.remains import finish_remains
from bot.call.tape import Tape, TapeState, verify_tape
from bot.call.weighing import Bearing
from bot.cli.tape import app
from bot.settings import load_settings
from speech.audio import Frame

pytestmark = pytest.mark.unit

OLD = Keyring({"old": b"o" * 32}, "old")
BOTH = Keyring({"old": b"o" * 32, "new": b"n" * 32}, "new")
VOICE = 0x5555
"""Its two bytes are alike, and too many of them in a row to be chance."""


def frame(samples: int, position: int) -> Frame:
    return Frame.of(np.full(samples, VOICE, dtype=np.int16), 8000, position)


def recorded(folder: Path, samples: int, keys: Keyring = OLD) -> Recording:
    recording = Recording(folder / "c1.wav", keys)
    for position in range(0, samples, 160):
        recording.customer(frame(min(160, samples - position), position))
    return recording


def customer(path: Path, keys: Keyring) -> np.ndarray:
    with open_recording(path, keys) as sound, wave.open(sound) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)[:, 0]


def plain_bytes(folder: Path) -> bool:
    return any(b"\x55" * 64 in path.read_bytes() for path in folder.iterdir())


def prompt(folder: Path) -> Path:
    path = folder / "prompt"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(np.full(300, 9, dtype="<i2").tobytes())
    return path


def test_both_sides_are_there_for_who_has_the_key_and_never_plain_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "tapes"
    recording = recorded(folder, 20_000)
    assert not plain_bytes(folder)
    recording.bot(100, prompt(tmp_path), heard=300)
    path = recording.close([(1000, 2000)])
    assert not plain_bytes(folder)
    assert [each.name for each in folder.iterdir()] == ["c1.wav.sealed"] == [path.name]
    heard = customer(path, BOTH)
    assert len(heard) == 20_000
    assert np.flatnonzero(heard == 0).tolist() == list(range(1000, 2000))
    with open_recording(path, BOTH) as sound, wave.open(sound) as file:
        assert np.count_nonzero(np.frombuffer(file.readframes(20_000), dtype="<i2")[1::2]) == 300


def test_the_tape_vouches_for_the_sealed_file_and_needs_no_key(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "c1.jsonl", {"call": "c1"})
    path = recorded(tmp_path, 5000).close()
    tape.close(path)
    assert verify_tape(tmp_path / "c1.jsonl").state is TapeState.INTACT
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert verify_tape(tmp_path / "c1.jsonl").state is TapeState.RECORDING_ALTERED
    path.unlink()
    assert verify_tape(tmp_path / "c1.jsonl").state is TapeState.RECORDING_MISSING


def test_a_recording_that_cannot_be_finished_leaves_its_sealed_side_silenced(tmp_path: Path) -> None:
    recording = recorded(tmp_path, 5000)
    (tmp_path / "c1.wav.sealed").mkdir()
    with pytest.raises(RecordingError):
        recording.close([(0, 100), (4900, 5000)])
    (tmp_path / "c1.wav.sealed").rmdir()
    Tape(tmp_path / "c1.jsonl", {"call": "c1"}).write(0, "event", heard_to(5000))
    finish_remains(tmp_path, OLD)
    silent = np.flatnonzero(customer(tmp_path / "c1.wav.sealed", OLD) == 0).tolist()
    assert silent == [*range(100), *range(4900, 5000)]


def heard_to(end: int) -> Heard:
    return Heard(Utterance("yes", 0, end, 0.9, accepted=True), Bearing.MEANT)


def died(folder: Path) -> None:
    """After two whole chunks of half a second and 400 samples more."""
    recording = recorded(folder, 8400)
    Tape(folder / "c1.jsonl", {"call": "c1"}).write(0, "event", heard_to(6000))
    recording._track.close()


@pytest.mark.parametrize(("keys", "with_key"), [(BOTH, "new"), (BOTH.using(None), "old")])
def test_what_a_dead_process_left_is_finished_up_to_its_last_whole_chunk_and_stays_sealed(
    tmp_path: Path, keys: Keyring, with_key: str
) -> None:
    died(tmp_path)
    finish_remains(tmp_path, keys)
    assert {path.name for path in tmp_path.iterdir()} == {"c1.jsonl", "c1.wav.sealed"}
    heard = customer(tmp_path / "c1.wav.sealed", Keyring({with_key: with_key[:1].encode() * 32}))
    assert len(heard) == 8000
    assert np.flatnonzero(heard == 0).tolist() == list(range(6000, 8000))


def test_what_cannot_be_opened_waits_for_its_key(tmp_path: Path) -> None:
    died(tmp_path)
    with capture_logs() as logs:
        finish_remains(tmp_path, Keyring({}))
    assert [row["event"] for row in logs] == ["remains_locked"]
    assert (tmp_path / "c1.customer.l16.sealed").exists()
    finish_remains(tmp_path, OLD)
    assert len(customer(tmp_path / "c1.wav.sealed", OLD)) == 8000


def test_plain_remains_are_sealed_once_there_is_a_key(tmp_path: Path) -> None:
    recording = recorded(tmp_path, 1600, Keyring({}))
    Tape(tmp_path / "c1.jsonl", {"call": "c1"}).write(0, "event", heard_to(1600))
    recording._track.close()
    finish_remains(tmp_path, OLD)
    assert not plain_bytes(tmp_path)
    assert len(customer(tmp_path / "c1.wav.sealed", OLD)) == 1600


def test_a_dial_that_nobody_answered_leaves_nothing(tmp_path: Path) -> None:
    Recording(tmp_path / "c1.wav", OLD).discard()
    Recording(tmp_path / "c2.wav", OLD)._track.close()
    finish_remains(tmp_path, OLD)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    write_new_key(tmp_path / "may.key")
    path = tmp_path / "voicebot.toml"
    path.write_text('[recordings]\nkey = "may"\nkeys = {may = "may.key"}\n')
    return path


def test_who_has_the_key_gets_a_file_to_play_that_only_they_can_read(tmp_path: Path, settings: Path) -> None:
    keys = load_keyring(load_settings(settings).recordings)
    tapes, out = tmp_path / "tapes", tmp_path / "out"
    tape = Tape(tapes / "c1.jsonl", {"call": "c1"})
    tape.close(recorded(tapes, 1600, keys).close())
    command = ["decrypt", str(tapes), "--to", str(out), "--settings", str(settings)]
    runner = CliRunner(env={"COLUMNS": "200"})
    assert runner.invoke(app, command).exit_code == 0
    with wave.open(str(out / "c1.wav")) as file:
        assert (file.getnchannels(), file.getnframes()) == (2, 1600)
    assert (out / "c1.wav").stat().st_mode & 0o777 == 0o600
    again = runner.invoke(app, command)
    assert again.exit_code == 1
    assert "File exists" in again.output
    assert "sealed with may" in runner.invoke(app, ["verify", str(tapes)]).output
    (tmp_path / "voicebot.toml").write_text("")
    locked = runner.invoke(app, [*command[:-3], str(tmp_path / "elsewhere"), *command[-2:]])
    assert locked.exit_code == 1
    assert "sealed with the key `may`, which is not here" in locked.output


def test_a_folder_without_sealed_recordings_is_told(tmp_path: Path, settings: Path) -> None:
    Tape(tmp_path / "tapes" / "c1.jsonl", {"call": "c1"}).close()
    command = ["decrypt", str(tmp_path / "tapes"), "--to", str(tmp_path / "out"), "--settings", str(settings)]
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, command)
    assert result.exit_code == 1
    assert "none of these tapes has a sealed recording" in result.output


def test_a_new_key_can_be_used_as_the_command_says(tmp_path: Path) -> None:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["new-key", str(tmp_path / "2026-11.key")])
    said = result.output
    (tmp_path / "voicebot.toml").write_text(said[said.index("[recordings]") :])
    assert load_keyring(load_settings(tmp_path / "voicebot.toml").recordings).current == "2026-11"
