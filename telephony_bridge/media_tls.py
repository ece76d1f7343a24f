"""What the media server needs to speak TLS: a certificate with its chain and the key to it, both in PEM files."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

_NOT_ITS_KEY = frozenset({"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"})
"""What OpenSSL says of another key of the same kind, and of one of another kind."""


class CertificateError(Exception):
    """The certificate and its key cannot be used; the message names the file and the remedy."""


def media_tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """None where neither is given: then the media server speaks plain websocket. Raises `CertificateError`."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        given, missing = ("key", "certificate") if certificate is None else ("certificate", "key")
        raise CertificateError(f"the media server has a {given} without a {missing}: name both, or neither")
    _check_readable("certificate", certificate)
    _check_readable("key", key)
    _check_certificate(certificate)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key, password=_no_password_for(key))
    except ssl.SSLError as error:
        if error.reason in _NOT_ITS_KEY:
            raise CertificateError(
                f"the key {key} does not fit the certificate {certificate}: name the two that were made for each "
                "other, and in a file with a chain put the server's own certificate first"
            ) from None
        raise CertificateError(
            f"the key {key} cannot be used: {error.reason or 'it is not a private key in PEM form'}"
        ) from None
    return context


def _check_readable(what: str, path: Path) -> None:
    """OpenSSL does not say which of two files it could not open."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise CertificateError(
            f"the {what} {path} of the media server cannot be read: {error.strerror}; name a PEM file that the user "
            "voicebot runs as may read"
        ) from None


def _check_certificate(path: Path) -> None:
    """OpenSSL does not say either which of two files is not PEM."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise CertificateError(f"the certificate {path} cannot be used: it is not a certificate in PEM form") from None


def _no_password_for(key: Path) -> Callable[[], str]:
    """Without this, OpenSSL asks for a password on the terminal and waits."""

    def refuse() -> NoReturn:
        raise CertificateError(
            f"the key {key} is encrypted: store it without a password, readable by the user voicebot runs as alone"
        )

    return refuse
