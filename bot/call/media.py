"""Where calls' audio comes in, as the settings want it. Voices cross a network in TLS, or because somebody said so."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

from bot.settings import MediaSettings, Settings, SettingsError, UnicastSettings
from telephony_bridge.dialects import UNICAST
from telephony_bridge.media import MediaSource
from telephony_bridge.media_server import MediaServer
from telephony_bridge.media_tls import media_tls
from telephony_bridge.unicast import UnicastMedia


def media_source(settings: Settings) -> MediaSource:
    """Raises `SettingsError`, `CertificateError` or `Unsafe`, each naming its remedy."""
    if settings.switch.dialect == UNICAST.name:
        return unicast_media(settings.unicast, [node.host for node in settings.switch.pool])
    return media_server(settings.media)


def unicast_media(settings: UnicastSettings, switches: list[str]) -> UnicastMedia:
    """`switches`: their hosts. Raises `SettingsError`."""
    for host in switches:
        if not _is_ipv4(host):
            raise SettingsError(
                f'[switch] host = "{host}": with dialect = "unicast" it must be the switch\'s IPv4 address, because '
                "packets are taken from no other; through a tunnel of the event socket alone, use a streaming module"
            )
    abroad = [host for host in (str(settings.host), *switches) if not _only_this_machine(host)]
    if abroad and not settings.allow_unprotected:
        raise SettingsError(
            f'dialect = "unicast" with {", ".join(dict.fromkeys(abroad))}: customers\' voices would cross the network '
            "unencrypted, and whoever forges an address there could speak to them; run voicebot beside the switch "
            '([switch] host and [unicast] host = "127.0.0.1"), use a streaming module with TLS, or, where a tunnel '
            "such as WireGuard protects all of that network, set [unicast] allow_unprotected = true"
        )
    if any(_only_this_machine(host) != _only_this_machine(str(settings.host)) for host in switches):
        raise SettingsError(
            f'[unicast] host = "{settings.host}" and the switches {", ".join(switches)} do not reach each other: '
            "with a switch on another machine both must be addresses of the network between them"
        )
    return UnicastMedia(str(settings.host), settings.first_port, settings.last_port)


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


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _only_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
