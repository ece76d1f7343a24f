"""The media server as the settings want it. Customers' voices cross a network in TLS, or because somebody said so."""

from __future__ import annotations

from ipaddress import ip_address

from bot.settings import MediaSettings, SettingsError
from telephony_bridge.media_server import MediaServer
from telephony_bridge.media_tls import media_tls


def media_server(settings: MediaSettings) -> MediaServer:
    """Raises `SettingsError`, `CertificateError` or `Unsafe`, each naming its remedy."""
    tls = media_tls(settings.certificate, settings.key)
    if tls is None and not _only_this_machine(settings.host) and not settings.allow_plaintext:
        raise SettingsError(
            f'[media] host = "{settings.host}" lets other machines connect, and customers\' voices would cross the '
            'network unencrypted; set certificate and key, or host = "127.0.0.1", or, where something else protects '
            "that network, allow_plaintext = true"
        )
    return MediaServer(settings.host, settings.port, advertised=settings.advertised_url, tls=tls)


def _only_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
