"""`voicebot script simulate` for real: account data told to a stranger does not stay unseen."""

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


def test_account_data_for_a_stranger_is_found_with_the_way_to_see_it(
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
    some = ["simulate", "leaky", "--customers", "third_party,child", "--lang", "en"]
    result = script_command(*some, "--conversations", "4", "--json", "all.json", "--tapes", "kept")
    assert result.exit_code == 1
    assert "account data" in result.output
    assert "See one with: voicebot script simulate leaky --customers third_party,child --seed 1" in result.output
    held = conversations("all.json")
    learnt = script_command("learn", "leaky", "--tapes", "kept")
    assert "leaky: 4 calls with 1 version" in learnt.output
    assert [one["customer"] for one in held] == ["child", "third_party"] * 2
    assert all(one["breaches"][0]["fault"] == "account data" for one in held)
