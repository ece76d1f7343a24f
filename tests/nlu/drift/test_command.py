"""`voicebot nlu drift`: tapes through the live model, beside other tapes or the rows kept aside."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.call.core.commands import Consider
from bot.call.core.events import Utterance
from bot.call.mind import Told, Understood
from bot.call.tape import Tape
from bot.cli.nlu import app
from dialogue.prompts import Expectation
from dialogue.protocol import Source
from nlu.registry import load_live
from nlu.understanding import Context

pytestmark = pytest.mark.unit

Record = Callable[[str, Sequence[str]], Path]


def run(*words: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "120"}).invoke(app, ["drift", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.fixture
def record(small_root: Path, tmp_path: Path) -> Record:
    """Writes a tape on which a customer says these texts."""
    model = load_live(small_root)

    def tape(name: str, texts: Sequence[str]) -> Path:
        path = tmp_path / name / "call.jsonl"
        written = Tape(path, {"language": "en", "contact": {}})
        for turn, text in enumerate(texts, start=1):
            found = model.understand(text, Context("en", date(2026, 7, 15)))
            written.write(turn, "command", Consider(turn, Utterance(text, 0, 8, 1.0, accepted=True), Expectation()))
            written.write(turn, "note", Understood(turn, text, found, 1.0))
            written.write(turn, "note", Told(turn, found.intent.value, Source.SPEECH, None, 1.0))
        written.close()
        return path.parent

    return tape


def test_an_intent_that_is_gone_is_an_alarm_and_the_same_mix_is_none(
    record: Record, small_root: Path, tmp_path: Path
) -> None:
    earlier, recent = record("earlier", ["yes", "no", "thank you"] * 20), record("recent", ["no", "yes"] * 20)
    code, shown = run(str(recent), "--against", str(earlier), "--models", str(small_root))
    assert code == 1
    assert "thanks  33.3% then, 0.0% now" in shown
    same = record("same", ["thank you", "yes", "no"] * 15)
    data = tmp_path / "found.json"
    code, shown = run(str(same), "--against", str(earlier), "--models", str(small_root), "--json", str(data))
    assert code == 0, shown
    found = json.loads(data.read_text(encoding="utf-8"))
    assert (found["before"][0]["turns"], found["now"][0]["turns"]) == (60, 45)
    assert [one["alarm"] for one in found["findings"]] == [False] * 5


def test_words_the_model_never_learnt_are_an_alarm(record: Record, small_root: Path, small_data: Path) -> None:
    recent = record("recent", ["blorp zint frobnicate", "wibble quux"] * 20)
    code, shown = run(str(recent), "--models", str(small_root), "--data", str(small_data))
    assert code == 1
    lines = [line for line in shown.splitlines() if "alarm" in line and not line.startswith(" ")]
    assert [line.split("  ")[0] for line in lines] == ["unknown words"]
    assert shown.count("shown only") == 3


def test_without_a_turn_on_both_sides_nothing_is_compared(record: Record, small_root: Path) -> None:
    code, shown = run(str(record("silent", [])), "--against", str(record("b", ["yes"])), "--models", str(small_root))
    assert code == 2
    assert "no language with turns on both sides" in shown


def test_an_error_is_no_alarm(record: Record, small_root: Path, tmp_path: Path) -> None:
    recent, empty, broken = record("recent", ["yes"]), tmp_path / "empty", tmp_path / "broken.jsonl"
    empty.mkdir()
    broken.write_text("{}\n", encoding="utf-8")
    for words, message in [
        ((str(recent), "--against", str(empty), "--models", str(small_root)), "there is no tape"),
        ((str(broken), "--models", str(small_root)), "none of 1 tapes can be read"),
        ((str(recent), "--models", str(empty)), "no model is live"),
    ]:
        code, shown = run(*words)
        assert (code, message in shown) == (2, True), shown


def test_a_tape_that_cannot_be_read_is_named_and_the_others_are_compared(record: Record, small_root: Path) -> None:
    recent, earlier = record("recent", ["yes"]), record("earlier", ["yes"])
    (recent / "broken.jsonl").write_text("{}\n", encoding="utf-8")
    code, shown = run(str(recent), "--against", str(earlier), "--models", str(small_root))
    assert code == 0, shown
    assert f"left out: {recent}/broken.jsonl: not a tape" in shown
    assert "1 of 2 tapes cannot be read" in shown
