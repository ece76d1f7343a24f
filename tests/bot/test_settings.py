"""Settings: defaults, overrides, and a mistake that is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings

pytestmark = pytest.mark.unit


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "voicebot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().switch.port == 8021


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_SWITCH__PORT", "8031")
    settings = load_settings(written(tmp_path, '[switch]\nport = 8022\nhost = "10.0.0.2"\n'))
    assert (settings.switch.port, settings.switch.host) == (8031, "10.0.0.2")


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    text = (
        '[folders]\ntapes = "evidence"\n[media]\nhost = "bot.bank"\ncertificate = "tls/bot.pem"\nkey = "/etc/bot.key"\n'
    )
    settings = load_settings(written(tmp_path, text))
    assert settings.folders.tapes == tmp_path / "evidence"
    assert settings.media.certificate == tmp_path / "tls" / "bot.pem"
    assert settings.media.key == Path("/etc/bot.key")
    assert settings.media.host == "bot.bank"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[switch]\nhots = "x"\n', "switch.hots"),
        ("[swich]\nport = 1\n", "swich"),
        ('[switch]\nport = "many"\n', "switch.port"),
        ("[switch]\nport = 99999\n", "switch.port"),
        ("[media]\nport = 80900\n", "media.port"),
        ("[switch\n", "not valid TOML"),
        ("[call]\nno_input_ms = 5\n", "call.no_input_ms"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(tmp_path: Path, text: str, named: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError, match=named) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)


def test_a_typo_is_answered_with_the_known_keys(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"known here: .*host.*port"):
        load_settings(written(tmp_path, '[switch]\nhots = "x"\n'))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "none.toml")


def test_the_password_is_not_in_the_text_of_the_settings(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, '[switch]\npassword = "very-secret"\n'))
    assert "very-secret" not in repr(settings)


POOL = """
[switch]
password = "of them all"
calls_per_second = 5

[[switch.nodes]]
host = "10.0.0.11"
weight = 3

[[switch.nodes]]
host = "10.0.0.12"
port = 8022
calls_per_second = 2.5
drain = true
"""


def test_one_switch_is_a_pool_of_one(tmp_path: Path) -> None:
    (alone,) = load_settings(written(tmp_path, '[switch]\nhost = "10.0.0.2"\nmax_calls = 7\n')).switch.pool
    assert (alone.host, alone.port, alone.max_calls, alone.drain) == ("10.0.0.2", 8021, 7, False)


def test_nodes_take_what_they_do_not_say_from_the_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = load_settings(written(tmp_path, POOL)).switch.pool
    assert (first.host, first.port, first.weight, first.calls_per_second, first.drain) == (
        "10.0.0.11",
        8021,
        3,
        5,
        False,
    )
    assert (second.port, second.weight, second.calls_per_second, second.drain) == (8022, 1, 2.5, True)
    assert first.password.get_secret_value() == second.password.get_secret_value() == "of them all"
    monkeypatch.setenv("VOICEBOT_SWITCH__PASSWORD", "of the environment")
    assert load_settings(tmp_path / "voicebot.toml").switch.pool[0].password.get_secret_value() == "of the environment"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (POOL + "hots = 1\n", r"unknown setting `switch.nodes.1.hots`; known here: .*drain.*weight"),
        (POOL + "weight = 0\n", r"switch.nodes.1.weight"),
        (
            POOL + '[[switch.nodes]]\nhost = "10.0.0.11"\n',
            r"10.0.0.11:8021 stands in \[\[switch.nodes\]\] more than once",
        ),
        (POOL + "[[switch.nodes]]\nport = 1\n", r"say host in each of \[\[switch.nodes\]\]"),
        ("[switch]\nnodes = []\n", r"`switch`: nodes is empty: name a switch in \[\[switch.nodes\]\]"),
        (POOL.replace("calls_per_second = 5", "drain = true"), r"say drain in each of them, not under \[switch\]"),
    ],
)
def test_a_mistake_in_a_pool_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings(written(tmp_path, text))
