"""Commands to the switch: what they look like, and that no value can change their meaning."""

from __future__ import annotations

import base64
import json

import pytest

from telephony_bridge import originate
from telephony_bridge.dialects import DIALECTS, MAX_METADATA, MOD_AUDIO_FORK, MOD_AUDIO_STREAM
from telephony_bridge.leg import Dial
from telephony_bridge.media_commands import encode_metadata
from telephony_bridge.originate import InvalidNumber, Unsafe

pytestmark = pytest.mark.unit

TRUNK = "sofia/gateway/trunk/{number}"


def test_originate_as_the_switch_was_given_it() -> None:
    dial = Dial("+79990000100", "u-1", ring_timeout_s=25, caller_id="+74950000000", variables={"script": "survey"})
    assert originate.originate(dial, TRUNK) == (
        "originate {script=survey,origination_uuid=u-1,originate_timeout=25,ignore_early_media=true,"
        "playback_terminators=none,send_silence_when_idle=400,origination_caller_id_number=+74950000000}"
        "sofia/gateway/trunk/+79990000100 &park()"
    )


def test_variables_cannot_replace_ours() -> None:
    command = originate.originate(Dial("100", "u-1", variables={"origination_uuid": "other"}), TRUNK)
    assert "origination_uuid=u-1" in command
    assert "other" not in command


@pytest.mark.parametrize(
    "number", ["", "+", "79990000100 &hangup()", "1,2", "100}", "1\n2", "１２３", "alice", "9" * 33]
)
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(InvalidNumber):
        originate.originate(Dial(number, "u-1"), TRUNK)


@pytest.mark.parametrize(
    "value", ["a,b=c", "a}b", "a b", "'a'", '"a"', "a\nb", "${api(status)}", "a\\,b", "[a]", "a|b"]
)
def test_a_value_that_would_leave_its_place_is_refused(value: str) -> None:
    for dial in (
        Dial("100", "u-1", variables={"name": value}),
        Dial("100", "u-1", variables={value: "x"}),
        Dial("100", "u-1", caller_id=value),
        Dial("100", value),
    ):
        with pytest.raises(Unsafe):
            originate.originate(dial, TRUNK)
    with pytest.raises(Unsafe):
        originate.set_variable("u-1", "name", value)


def test_a_refusal_never_repeats_the_customers_data() -> None:
    with pytest.raises(Unsafe) as refused:
        originate.originate(Dial("100", "u-1", variables={"contact": "Ivanov, 79990000100"}), TRUNK)
    assert "contact" in str(refused.value)
    assert "Ivanov" not in str(refused.value)


@pytest.mark.parametrize("dial_string", ["sofia/gateway/trunk/100", "{number}{number}", "user/{number} &park()"])
def test_a_dial_string_that_cannot_work_is_refused(dial_string: str) -> None:
    with pytest.raises(Unsafe, match="dial_string"):
        originate.check_dial_string(dial_string)


@pytest.mark.parametrize("caller_id", ["", "Bank", "+7495,x=y"])
def test_a_caller_id_that_cannot_work_is_refused(caller_id: str) -> None:
    with pytest.raises(Unsafe, match="caller_id"):
        originate.check_caller_id(caller_id)
    assert originate.check_caller_id(None) is None


@pytest.mark.parametrize(
    "url", ["http://a:1", "ws://[::1]:8090", "ws://user:pass@host:1", "ws://a b", "ws://a?x=1", "a"]
)
def test_a_media_address_no_switch_could_connect_to_is_refused(url: str) -> None:
    with pytest.raises(Unsafe, match="advertised_url"):
        originate.check_media_url(url, tls=False)
    assert originate.check_media_url("ws://10.0.0.5:8090/", tls=False) == "ws://10.0.0.5:8090/"


def test_a_media_server_with_a_certificate_is_not_advertised_as_plain() -> None:
    with pytest.raises(Unsafe, match="begin with wss://"):
        originate.check_media_url("ws://10.0.0.5:8090", tls=True)
    assert originate.check_media_url("wss://bot.bank:8090", tls=True)
    assert originate.check_media_url("wss://bot.bank", tls=False), "a proxy before us has the certificate"


def test_transfers_go_to_extensions_only() -> None:
    assert originate.transfer("u-1", "9300 XML default") == "uuid_transfer u-1 9300 XML default"
    for destination in ("", "9300 XML default more", "'set:a=b' inline", "9300\nXML"):
        with pytest.raises(Unsafe):
            originate.transfer("u-1", destination)


def test_media_commands_of_each_module() -> None:
    url = "ws://10.0.0.5:8090/media/u-1?token=t"
    assert MOD_AUDIO_STREAM.start_command("u-1", url, 8000, "{}") == f"uuid_audio_stream u-1 start {url} mono 8k {{}}"
    assert MOD_AUDIO_STREAM.stop_command("u-1") == "uuid_audio_stream u-1 stop"
    start = MOD_AUDIO_FORK.start_command("u-1", url, 8000, "{}")
    assert start == f"uuid_audio_fork u-1 start {url} mono 8k voicebot {{}}"
    assert MOD_AUDIO_FORK.stop_command("u-1") == "uuid_audio_fork u-1 stop voicebot"
    two_way = DIALECTS["mod_audio_fork_two_way"]
    start = two_way.start_command("u-1", url, 8000, "{}")
    assert start == f"uuid_audio_fork u-1 start {url} mono 8k voicebot {{}} true true 8000"
    assert two_way.stop_command("u-1") == "uuid_audio_fork u-1 stop voicebot"
    assert set(DIALECTS) == {"mod_audio_stream", "mod_audio_fork", "mod_audio_fork_two_way", "unicast"}
    assert {name for name, dialect in DIALECTS.items() if dialect.two_way} == {"mod_audio_fork_two_way", "unicast"}


def test_metadata_travels_as_json_or_where_that_would_be_harmed_in_base64() -> None:
    assert encode_metadata({"call_id": "u-1"}) == '{"call_id":"u-1"}'
    for value in ("two words", 'a "quote"', "an 'apostrophe'", "back\\slash", "Иван"):
        text = encode_metadata({"name": value})
        assert json.loads(base64.b64decode(text)) == {"name": value}
    with pytest.raises(Unsafe, match=str(MAX_METADATA)):
        encode_metadata({"name": "x" * MAX_METADATA})
