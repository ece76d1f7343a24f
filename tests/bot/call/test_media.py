"""The media server of the settings: no customer's voice crosses a network unencrypted by oversight."""

from __future__ import annotations

import pytest

from bot.call.media import media_server
from bot.settings import MediaSettings, SettingsError
from telephony_bridge.originate import Unsafe

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
