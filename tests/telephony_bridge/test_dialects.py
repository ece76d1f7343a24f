"""The profiles of the streaming modules: complete, safe to send, and each a choice in voicebot.toml."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import SwitchSettings
from telephony_bridge.dialects import DIALECTS, MOD_AUDIO_FORK, MODULES, MediaDialect, check_module_text
from telephony_bridge.media_commands import encode_metadata
from telephony_bridge.media_protocol import MediaProtocol

pytestmark = pytest.mark.unit


@pytest.fixture(params=MODULES)
def dialect(request: pytest.FixtureRequest) -> MediaDialect:
    return MODULES[request.param]


def test_every_profile_can_be_chosen_in_the_settings() -> None:
    assert set(get_args(SwitchSettings.model_fields["dialect"].annotation)) == set(DIALECTS)


def test_a_start_without_a_rate_cannot_be_written_down() -> None:
    with pytest.raises(ValueError, match=r"the start of mod_audio_fork lacks \{rate\}"):
        replace(MOD_AUDIO_FORK, start="uuid_audio_fork {uuid} start {url} mono voicebot {metadata}")


@pytest.mark.parametrize("rate", [0, -8000, 11025])
def test_a_rate_no_module_takes_is_not_sent(dialect: MediaDialect, rate: int) -> None:
    with pytest.raises(ValueError, match="a multiple of 8000 Hz"):
        dialect.start_command("u-1", "ws://h/", rate, "{}")


@pytest.mark.parametrize("metadata", ["", "two words", "it's", "back\\slash", "a\tb"])
def test_metadata_the_switch_would_harm_is_not_sent(dialect: MediaDialect, metadata: str) -> None:
    with pytest.raises(ValueError, match="without spaces"):
        dialect.start_command("u-1", "ws://h/", 8000, metadata)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=5))
def test_any_metadata_is_one_word_of_every_start_and_arrives_as_it_was(metadata: dict[str, str]) -> None:
    text = encode_metadata(metadata)
    for dialect in MODULES.values():
        words = dialect.start_command("u-1", "ws://h/", 8000, text).split(" ")
        assert words.count(text) == 1
        assert len(words) == len(dialect.start.split(" "))
    protocol = MediaProtocol()
    protocol.receive_text(text)
    assert protocol.metadata == metadata


def test_metadata_that_looks_like_a_place_to_fill_in_is_left_alone(dialect: MediaDialect) -> None:
    text = '{"a":"{url}{rate}"}'
    assert text in dialect.start_command("u-1", "ws://h/", 8000, text).split(" ")


def test_a_play_audio_that_brings_the_switch_down_is_never_sent() -> None:
    for text in ('{"type":"playAudio"}', '{"type":"playAudio","data":{"sampleRate":8000}}'):
        with pytest.raises(ValueError, match="audioContentType"):
            check_module_text(text)
        with pytest.raises(ValueError, match="audioContentType"):
            replace(MOD_AUDIO_FORK, flush=text)
    assert check_module_text('{"type":"playAudio","data":{"audioContentType":"raw"}}')


@pytest.mark.parametrize("text", ["", "killAudio", "[]", '"killAudio"', "1", "[" * 100_000])
def test_what_is_no_message_to_a_module_is_not_sent(text: str) -> None:
    with pytest.raises(ValueError, match="a JSON object"):
        check_module_text(text)


def test_only_a_two_way_profile_keeps_audio_in_hand(dialect: MediaDialect) -> None:
    assert dialect.two_way or (dialect.ahead_ms, dialect.flush) == (0, None)
