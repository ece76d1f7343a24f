"""The keys that recordings are sealed with: each has a name, which every recording sealed with it carries.

A key file holds 32 random bytes in base64 (`voicebot tape new-key`). New recordings are sealed with the one key that
`[recordings] key` names; the others are kept for as long as a recording needs them.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from bot.settings import RecordingSettings, SettingsError

KEY_BYTES = 32
"""AES-256."""


class SealError(Exception):
    """What is sealed cannot be read; the message names the file and the remedy, where there is one."""


class KeyMissing(SealError):
    """A recording is sealed with a key that is not here; the message names the recording, the key and the remedy."""


class Keyring:
    """Keys by name; `current` names the one for new recordings, None where these are not sealed."""

    def __init__(self, keys: Mapping[str, bytes], current: str | None = None) -> None:
        self._keys = dict(keys)
        self.current = current

    def __repr__(self) -> str:
        return f"Keyring({sorted(self._keys)}, current={self.current!r})"

    def using(self, name: str | None) -> Keyring:
        """The same keys, another one of them for new recordings."""
        return Keyring(self._keys, name)

    def key(self, name: str, path: Path) -> bytes:
        """The key that the file at `path` is sealed with. Raises `KeyMissing`."""
        if name not in self._keys:
            known = ", ".join(sorted(self._keys)) or "none"
            raise KeyMissing(
                f"{path}: sealed with the key `{name}`, which is not here (known: {known}). Name its file in "
                "voicebot.toml, under [recordings.keys]"
            )
        return self._keys[name]


NO_KEYS = Keyring({})
"""Nothing is sealed, and nothing sealed can be read."""


def load_keyring(settings: RecordingSettings) -> Keyring:
    """Read every key. Raises `SettingsError` for a file that is missing, open to everybody, or holds no key."""
    return Keyring({name: _read(name, path) for name, path in settings.keys.items()}, settings.key)


def write_new_key(path: Path) -> None:
    """A file with a new key, for its owner's eyes. Raises `FileExistsError`: a key that is overwritten is lost."""
    text = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)


def _read(name: str, path: Path) -> bytes:
    where = f"[recordings.keys] `{name}`: {path}"
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & stat.S_IRWXO:
                raise SettingsError(f"{where} can be read by every user of this machine: chmod o= {path}")
            text = file.read(4 * KEY_BYTES)
    except OSError as error:
        raise SettingsError(f"{where} cannot be read: {error.strerror}; `voicebot tape new-key` makes one") from None
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"{where} holds no key: {KEY_BYTES} random bytes in base64, as `voicebot tape new-key` does"
        )
    return key
