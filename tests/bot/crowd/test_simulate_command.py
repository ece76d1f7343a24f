"""`voicebot script simulate` for real: the same seed gives the same conversations, and a leak does not stay unseen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.bot.designers_desk import script_command, set_up
from tests.needs import ROOT

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]

SCRIPT = "suspicious_transaction"


def conversations(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(path).read_text())["conversations"]
    return found


def test_a_seed_gives_the_same_conversations_and_one_of_them_can_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, monkeypatch)
    some = ["simulate", SCRIPT, "--seed", "3", "--customers", "cooperative,child,third_party"]
    first = script_command(*some, "--conversations", "6", "--json", "first.json")
    assert first.exit_code == 0, first.output
    assert "no breach in 6 conversations" in first.output
    held = conversations("first.json")
    assert [one["language"] for one in held] == ["en"] * 3 + ["zh"] * 3
    alone = script_command(*some, "--only", "5", "--json", "alone.json")
    assert conversations("alone.json") == [held[4]]
    assert "conversation 5 of seed 3" in alone.output
    assert f"outcome  {held[4]['outcome']}" in alone.output


def test_account_data_for_a_stranger_ends_with_an_error_and_the_way_to_see_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, monkeypatch)
    shutil.copytree(ROOT / "dialogue" / "scripts" / "shared", tmp_path / "scripts" / "shared")
    shutil.copytree(ROOT / "dialogue" / "scripts" / SCRIPT, tmp_path / "scripts" / "leaky")
    script = tmp_path / "scripts" / "leaky" / "script.yml"
    script.write_text(script.read_text().replace(f"name: {SCRIPT}", "name: leaky", 1))
    words = tmp_path / "scripts" / "leaky" / "responses.en.yml"
    text = words.read_text()
    question = "Am I speaking with {customer_name}?"
    assert question in text
    words.write_text(text.replace(question, "I call about {amount|money}. " + question, 1))
    toml = tmp_path / "voicebot.toml"
    toml.write_text(toml.read_text().replace("[folders]\n", '[folders]\nscripts = "scripts"\n'))
    (tmp_path / "models" / "dialogue").unlink()  # a link to the checkout's, where this script does not belong
    result = script_command("simulate", "leaky", "--customers", "third_party", "--conversations", "2", "--lang", "en")
    assert result.exit_code == 1
    assert "account data" in result.output
    assert "See one with: voicebot script simulate leaky --customers third_party --seed 1" in result.output
    assert "--only 1" in result.output
