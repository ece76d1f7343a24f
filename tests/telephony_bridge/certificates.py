"""Certificates for tests, made by the openssl command; mark a test that uses them `requires("openssl")`."""

from __future__ import annotations

import subprocess
from pathlib import Path


def self_signed(folder: Path, name: str = "server", kind: str = "ed25519") -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    _openssl("req", "-x509", "-newkey", kind, "-nodes", "-subj", "/CN=voicebot tests", "-days", "2",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate))  # fmt: skip
    return certificate, key


def encrypted(key: Path) -> Path:
    """The same key under a password."""
    path = key.with_suffix(".encrypted")
    _openssl("pkcs8", "-topk8", "-in", str(key), "-passout", "pass:secret", "-out", str(path))
    return path


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
