"""The media server over TLS: who can connect, what the switch is told, and what a wrong file is answered with."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake

from speech.audio import TELEPHONE
from telephony_bridge.media_server import MediaServer
from telephony_bridge.media_tls import CertificateError, media_tls
from tests.patience import soon
from tests.telephony_bridge.bridge_scene import scene, until_heard
from tests.telephony_bridge.certificates import encrypted, self_signed

pytestmark = [pytest.mark.integration, pytest.mark.requires("openssl")]


async def test_the_switch_streams_over_tls_where_it_trusts_the_certificate(
    tmp_path: Path, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # what the simulated switch trusts
    async with scene(tls=media_tls(certificate, key)) as bridge:
        leg, link = await soon(bridge.call())
        assert link.format == TELEPHONE
        await leg.play(tone, "one")
        await soon(until_heard(link))
        await leg.hang_up()


async def test_nobody_connects_in_plain_or_without_trust(tmp_path: Path) -> None:
    server = MediaServer("127.0.0.1", 0, tls=media_tls(*self_signed(tmp_path)))
    await server.start()
    coming = server.expect("u-1")
    url = server.url_for("u-1")
    assert url.startswith(f"wss://127.0.0.1:{server.port}/media/u-1?token=")
    with pytest.raises(ssl.SSLCertVerificationError):
        await connect(url)
    with pytest.raises((InvalidHandshake, OSError, EOFError)):
        await connect(url.replace("wss://", "ws://"))
    assert not coming.done()
    await server.close()


def test_without_files_there_is_no_tls() -> None:
    assert media_tls(None, None) is None


def test_a_file_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    junk, missing = tmp_path / "junk", tmp_path / "missing"
    junk.write_bytes(bytes(range(256)))
    for pair, place, reason in (
        ((certificate, None), "", "a certificate without a key"),
        ((None, key), "", "a key without a certificate"),
        ((missing, key), missing, "cannot be read: No such file"),
        ((certificate, missing), missing, "cannot be read: No such file"),
        ((certificate, tmp_path), tmp_path, "cannot be read: Is a directory"),
        ((junk, key), junk, "not a certificate in PEM form"),
        ((key, key), key, "not a certificate in PEM form"),
        ((certificate, junk), junk, "not a private key in PEM form"),
        ((certificate, encrypted(key)), key.with_suffix(".encrypted"), "is encrypted"),
    ):
        with pytest.raises(CertificateError, match=reason) as refused:
            media_tls(*pair)
        assert str(place) in str(refused.value)


def test_a_key_of_another_certificate_does_not_fit(tmp_path: Path) -> None:
    certificate, _ = self_signed(tmp_path)
    for kind in ("ed25519", "rsa:2048"):
        _, other = self_signed(tmp_path, f"other-{kind[:3]}", kind)
        with pytest.raises(CertificateError, match=r"does not fit") as refused:
            media_tls(certificate, other)
        assert str(other) in str(refused.value)
        assert str(certificate) in str(refused.value)
