"""The media server of the settings: no customer's voice crosses a network unencrypted by oversight."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from pydantic import ValidationError

from bot.call.media import media_server, media_source, unicast_media
from bot.settings import MediaSettings, Settings, SettingsError, SwitchSettings, UnicastSettings
from telephony_bridge.originate import Unsafe
from telephony_bridge.unicast import UnicastMedia

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "10.0.0.5", "bot.bank"])
def test_where_other_machines_can_connect_tls_is_asked_for(host: str) -> None:
    with pytest.raises(SettingsError, match=r"\[media\] host .* certificate and key, .* allow_plaintext"):
        media_server(MediaSettings(host=host))
    assert media_server(MediaSettings(host=host, allow_plaintext=True))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "::1", "localhost"])
def test_on_this_machine_alone_it_is_not(host: str) -> None:
    assert media_server(MediaSettings(host=host))


def test_a_proxy_on_this_machine_may_have_the_certificate() -> None:
    assert media_server(MediaSettings(advertised_url="wss://bot.bank"))


def test_an_address_no_switch_can_connect_to_is_refused() -> None:
    with pytest.raises(Unsafe, match="advertised_url"):
        media_server(MediaSettings(advertised_url="10.0.0.5:8090"))


def test_unicast_on_one_machine_needs_no_more() -> None:
    assert unicast_media(UnicastSettings(), ["127.0.0.1", "127.0.0.2"])
    assert isinstance(media_source(Settings(switch=SwitchSettings(dialect="unicast"))), UnicastMedia)


def test_unicast_across_machines_is_refused_unless_somebody_says_that_it_is_protected() -> None:
    here = IPv4Address("10.0.0.5")
    with pytest.raises(SettingsError, match=r"10.0.0.9: customers' voices .* allow_unprotected = true"):
        unicast_media(UnicastSettings(host=here), ["10.0.0.9"])
    assert unicast_media(UnicastSettings(host=here, allow_unprotected=True), ["10.0.0.9"])


@pytest.mark.parametrize("host", ["switch.bank", "::1", "localhost"])
def test_unicast_takes_packets_from_an_address_and_not_from_a_name(host: str) -> None:
    with pytest.raises(SettingsError, match="IPv4 address"):
        unicast_media(UnicastSettings(allow_unprotected=True), [host])


def test_a_switch_that_cannot_reach_our_address_is_told_of() -> None:
    with pytest.raises(SettingsError, match="do not reach each other"):
        unicast_media(UnicastSettings(allow_unprotected=True), ["10.0.0.9"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"host": "0.0.0.0"}, "name an address of this machine"),
        ({"first_port": 12001, "last_port": 12002}, "an even port and the next one"),
    ],
)
def test_settings_of_unicast_that_cannot_work_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        UnicastSettings.model_validate(values)
