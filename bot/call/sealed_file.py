"""A file of encrypted chunks: written as it comes, read as far as it goes, and no byte of it changed unseen.

    header   "vbsealed", version 1, length of the key's name, the name, 32 random bytes, 16 bytes of proof
    chunk    nonce (12 bytes), up to `CHUNK` bytes encrypted with AES-256-GCM, tag (16 bytes)

All chunks but the last are full. Each authenticates the header, its own number and whether it is the last, so that
none can be changed, moved, left out at the end or taken from another file. The key of a file is derived from the named
one and the header's random bytes. A chunk that is written over gets a new nonce.

A file that was never finished has no last chunk: `sealed_track.py` reads it to the end of its last whole one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.call.keyring import KEY_BYTES, Keyring, SealError

CHUNK = 8000
"""Bytes before encryption: half a second of the customer's side. So much at most is lost when a process dies."""

_MAGIC = b"vbsealed\x01"
_NONCE, _TAG, _SALT = 12, 16, 32
RECORD = _NONCE + CHUNK + _TAG
"""Bytes of a full chunk in the file."""
_NO_NONCE = bytes(_NONCE)
"""Of the proof, the only message under a key of its own."""


class NotSealed(SealError):
    """The file is none of these, or its header is damaged; the message names it."""


class SealBroken(SealError):
    """What was sealed is not what is there; the message names the file and the chunk."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Encrypts and decrypts the chunks of one file."""

    header: bytes
    key_name: str
    _cipher: AESGCM

    @classmethod
    def new(cls, keys: Keyring, key_name: str, path: Path) -> Seal:
        """For a new file at `path`. Raises `KeyMissing`."""
        name = key_name.encode()
        begin = _MAGIC + bytes([len(name)]) + name + secrets.token_bytes(_SALT)
        proof, cipher = _keys(keys.key(key_name, path), begin)
        return cls(begin + AESGCM(proof).encrypt(_NO_NONCE, b"", begin), key_name, cipher)

    @classmethod
    def of(cls, file: IO[bytes], keys: Keyring, path: Path) -> Seal:
        """Of the file at `path`, open at its beginning.

        Raises `NotSealed`, `KeyMissing`, and `SealBroken` for a wrong key.
        """
        header, name = _read_header(file, path)
        proof, cipher = _keys(keys.key(name, path), header[:-_TAG])
        try:
            AESGCM(proof).decrypt(_NO_NONCE, header[-_TAG:], header[:-_TAG])
        except InvalidTag:
            raise SealBroken(
                f"{path}: the key `{name}` is not the one it was sealed with, or its header is damaged"
            ) from None
        return cls(header, name, cipher)

    def close(self, number: int, data: bytes, *, last: bool = False) -> bytes:
        """Chunk `number` as it stands in the file."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, data, self._bound(number, last))

    def open(self, number: int, record: bytes, *, last: bool = False) -> bytes | None:
        """What chunk `number` holds; None where it is not that chunk, or is damaged."""
        try:
            return self._cipher.decrypt(record[:_NONCE], record[_NONCE:], self._bound(number, last))
        except (InvalidTag, ValueError):  # the second for too few bytes
            return None

    def place(self, number: int) -> int:
        """Where in the file chunk `number` begins."""
        return len(self.header) + number * RECORD

    def _bound(self, number: int, last: bool) -> bytes:
        return self.header + number.to_bytes(8, "big") + bytes([last])


class SealedWriter:
    """Writes a new file; `close` it, or it counts as cut off."""

    def __init__(self, file: IO[bytes], seal: Seal) -> None:
        """`file` is empty. Raises `OSError`, as `write` and `close` do."""
        self._file = file
        self._seal = seal
        self._rest = bytearray()
        self._number = 0
        file.write(seal.header)

    def write(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) > CHUNK:  # the last chunk may be full, too: it waits for what comes after it
            self._put(bytes(self._rest[:CHUNK]))
            del self._rest[:CHUNK]

    def close(self) -> None:
        self._put(bytes(self._rest), last=True)

    def _put(self, data: bytes, *, last: bool = False) -> None:
        self._file.write(self._seal.close(self._number, data, last=last))
        self._number += 1


def unsealed(file: IO[bytes], keys: Keyring, path: Path) -> Iterator[bytes]:
    """The chunks of a finished file.

    Raises `NotSealed`, `KeyMissing`, and `SealBroken` for what was changed or cut off.
    """
    seal = Seal.of(file, keys, path)
    record, number = file.read(RECORD), 0
    while True:
        following = file.read(RECORD)
        data = seal.open(number, record, last=not following)
        if data is None:
            cut = "it is cut off, or " if not following else ""
            raise SealBroken(f"{path}: not what was sealed: {cut}chunk {number} was changed")
        yield data
        if not following:
            return
        record, number = following, number + 1


def key_name_of(path: Path) -> str:
    """Which key a file is sealed with; no key is needed. Raises `NotSealed` and `OSError`."""
    with path.open("rb") as file:
        return _read_header(file, path)[1]


def _read_header(file: IO[bytes], path: Path) -> tuple[bytes, str]:
    begin = file.read(len(_MAGIC) + 1)
    rest = file.read(begin[-1] + _SALT + _TAG) if len(begin) > len(_MAGIC) else b""
    if not begin.startswith(_MAGIC) or len(rest) < _SALT + _TAG or len(rest) != begin[-1] + _SALT + _TAG:
        raise NotSealed(f"{path}: not a sealed recording")
    try:
        return begin + rest, rest[: begin[-1]].decode()
    except UnicodeDecodeError:
        raise NotSealed(f"{path}: not a sealed recording") from None


def _keys(named: bytes, begin: bytes) -> tuple[bytes, AESGCM]:
    """The key of the header's proof and the cipher of the chunks."""
    both = HKDF(SHA256(), 2 * KEY_BYTES, salt=begin[-_SALT:], info=b"voicebot sealed file 1").derive(named)
    return both[:KEY_BYTES], AESGCM(both[KEY_BYTES:])
