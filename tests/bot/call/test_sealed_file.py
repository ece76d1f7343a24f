"""Sealed files: what was written is read again, and whatever was changed, moved or cut off is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.call.keyring import KeyMissing, Keyring, load_keyring, write_new_key
from bot.call.sealed_file import CHUNK, RECORD, NotSealed, Seal, SealBroken, SealedWriter, unsealed
from bot.call.sealed_track import SealedTrack
from bot.settings import RecordingSettings, SettingsError, load_settings

pytestmark = pytest.mark.unit

KEYS = Keyring({"old": b"o" * 32, "new": b"n" * 32}, "new")
PATH = Path("call.wav.sealed")
SOUND = bytes(range(256)) * 100  # three chunks and a bit


def sealed(data: bytes, keys: Keyring = KEYS, key: str = "new") -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, Seal.new(keys, key, PATH))
    for start in range(0, len(data), 333):
        writer.write(data[start : start + 333])
    writer.close()
    return file.getvalue()


def opened(data: bytes, keys: Keyring = KEYS) -> bytes:
    return b"".join(unsealed(io.BytesIO(data), keys, PATH))


@given(st.integers(0, 3 * CHUNK))
def test_what_was_sealed_is_read_again(length: int) -> None:
    assert opened(sealed(bytes(length))) == bytes(length)


def test_nothing_of_it_can_be_seen_and_no_two_files_are_alike() -> None:
    once, again = sealed(b"spoken" * 4000), sealed(b"spoken" * 4000)
    assert b"spoken" not in once
    header = len(Seal.new(KEYS, "new", PATH).header)
    assert once[header : header + RECORD] != again[header : header + RECORD]


def begin() -> int:
    return len(Seal.new(KEYS, "new", PATH).header)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the sound": lambda data: data[:-20] + bytes([data[-20] ^ 1]) + data[-19:],
    "the last chunk is gone": lambda data: data[: begin() + 3 * RECORD],
    "half of the last chunk is gone": lambda data: data[:-1000],
    "two chunks changed places": lambda data: (
        data[: begin()]
        + data[begin() + RECORD : begin() + 2 * RECORD]
        + data[begin() : begin() + RECORD]
        + data[begin() + 2 * RECORD :]
    ),
    "a chunk was left out": lambda data: data[: begin()] + data[begin() + RECORD :],
    "the chunks of another file": lambda data: data[: begin()] + sealed(SOUND)[begin() :],
    "something was added": lambda data: data + b"more",
    "another key's name": lambda data: data.replace(b"\x03new", b"\x03old", 1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_not_read(change: str) -> None:
    with pytest.raises(SealBroken, match=r"call\.wav\.sealed"):
        opened(CHANGES[change](sealed(SOUND)))


def test_each_recording_says_which_key_it_needs() -> None:
    assert opened(sealed(SOUND, key="old"), KEYS.using("new")) == SOUND
    with pytest.raises(KeyMissing, match=r"`old`, which is not here \(known: new\)"):
        opened(sealed(SOUND, key="old"), Keyring({"new": b"n" * 32}))
    with pytest.raises(SealBroken, match="the key `new` is not the one"):
        opened(sealed(SOUND), Keyring({"new": b"?" * 32}))


@pytest.mark.parametrize("data", [b"", b"RIFF", b"vbsealed\x01", b"vbsealed\x01\x40abc"])
def test_what_was_never_sealed_is_told(data: bytes) -> None:
    with pytest.raises(NotSealed):
        opened(data)


def track(file: io.BytesIO) -> SealedTrack:
    file.seek(0)
    return SealedTrack(file, Seal.of(file, KEYS, PATH))


def begun() -> io.BytesIO:
    return io.BytesIO(Seal.new(KEYS, "new", PATH).header)


@given(st.integers(0, 3 * RECORD))
def test_a_crash_leaves_every_whole_chunk_readable(cut: int) -> None:
    file = begun()
    track(file).write(SOUND[: 3 * CHUNK])
    left = io.BytesIO(file.getvalue()[: begin() + cut])
    assert track(left).read() == SOUND[: cut // RECORD * CHUNK]


@given(st.integers(0, 4 * CHUNK), st.integers(0, 2 * CHUNK), st.integers(0, 3 * CHUNK))
def test_what_is_blanked_is_zero_and_nothing_else_is(start: int, length: int, written: int) -> None:
    file = begun()
    ours = track(file)
    ours.write(b"\x07" * written)
    ours.blank(start, start + length)
    ours.flush()
    expected = bytearray(b"\x07" * written)
    expected[start : start + length] = bytes(len(expected[start : start + length]))
    assert ours.read() == expected
    assert track(file).read() == expected


def test_a_chunk_that_is_written_over_is_encrypted_anew() -> None:
    """Two texts under one nonce would give both away."""
    file = begun()
    ours = track(file)
    ours.write(bytes(CHUNK))
    before = file.getvalue()[begin() :]
    ours.blank(0, 2)
    after = file.getvalue()[begin() :]
    assert before[:12] != after[:12]
    assert len(before) == len(after)


def test_a_chunk_whose_writing_was_cut_off_is_silence() -> None:
    file = begun()
    track(file).write(SOUND[: 2 * CHUNK])
    torn = bytearray(file.getvalue())
    torn[begin() + 100] ^= 1
    assert track(io.BytesIO(bytes(torn))).read() == bytes(CHUNK) + SOUND[CHUNK : 2 * CHUNK]


def test_keys_are_read_from_the_files_the_settings_name(tmp_path: Path) -> None:
    write_new_key(tmp_path / "2026.key")
    toml = tmp_path / "voicebot.toml"
    toml.write_text('[recordings]\nkey = "2026"\n[recordings.keys]\n2026 = "2026.key"\n')
    keys = load_keyring(load_settings(toml).recordings)
    assert keys.current == "2026"
    assert len(keys.key("2026", PATH)) == 32
    assert "2026.key" not in repr(keys)
    assert keys.key("2026", PATH).hex() not in repr(keys)
    with pytest.raises(FileExistsError):
        write_new_key(tmp_path / "2026.key")


def test_a_key_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    write_new_key(tmp_path / "k")
    (tmp_path / "k").chmod(0o644)
    with pytest.raises(SettingsError, match=r"chmod o= .*k"):
        load_keyring(RecordingSettings(keys={"k": tmp_path / "k"}))


@pytest.mark.parametrize("text", ["", "secret", "c2hvcnQ=", "ä"])
def test_what_is_no_key_is_refused_without_being_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "k"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="holds no key") as refused:
        load_keyring(RecordingSettings(keys={"k": path}))
    assert not text or text not in str(refused.value).replace("new-key", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [('key = "a"', "not in .recordings.keys."), ('keys = {"a b" = "x"}', "a key's name"), ('keyz = "x"', "unknown")],
)
def test_settings_that_name_no_key_are_told(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "voicebot.toml").write_text(f"[recordings]\n{text}\n")
    with pytest.raises(SettingsError, match=says):
        load_settings(tmp_path / "voicebot.toml")


def test_a_key_file_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.key cannot be read: .*new-key"):
        load_keyring(RecordingSettings(keys={"k": tmp_path / "gone.key"}))
