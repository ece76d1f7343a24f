"""`voicebot nlu`: train twice, predict, evaluate, and a sentence instead of a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from nlu import pointers

pytestmark = pytest.mark.unit

WIDE = {"COLUMNS": "200"}


def run(*words: str) -> tuple[int, str]:
    result = CliRunner(env=WIDE).invoke(app, list(words))
    return result.exit_code, result.output


def test_training_puts_a_model_in_service_and_does_not_repeat_itself(
    small_root: Path, small_data: Path, tmp_path: Path
) -> None:
    version = pointers.live_version(small_root)
    (tmp_path / version).symlink_to(small_root / version)
    code, shown = run("train", "--data", str(small_data), "--models", str(tmp_path))
    assert code == 0
    assert f"model {version} was there already, nothing changed; it is live now" in shown
    assert "safety recall" in shown
    assert pointers.live_version(tmp_path) == version


def test_one_sentence_is_explained(small_root: Path) -> None:
    code, shown = run("predict", "i'd say a four", "--expects", "rating", "--models", str(small_root))
    assert code == 0
    assert "give_rating" in shown
    assert "4 (rating)" in shown


def test_the_evaluation_lists_every_intent_with_its_baseline(small_root: Path, small_data: Path) -> None:
    code, shown = run("evaluate", "--data", str(small_data), "--models", str(small_root))
    assert code == 0
    assert "majority" in shown
    assert "hardship" in shown
    assert "safety" in shown


@pytest.mark.parametrize("command", ["evaluate", "compare"])
def test_a_model_of_older_data_is_named(small_root: Path, small_data: Path, tmp_path: Path, command: str) -> None:
    words = {"evaluate": ("evaluate",), "compare": ("compare", "live", "live")}[command]
    for language in ("en", "zh"):
        lines = (small_data / f"{language}.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / f"{language}.jsonl").write_text("".join(lines[1:]), encoding="utf-8")
    said = "was trained on other data than"
    assert said not in run(*words, "--data", str(small_data), "--models", str(small_root))[1]
    code, shown = run(*words, "--data", str(tmp_path), "--models", str(small_root))
    assert code == 0
    assert f"{pointers.live_version(small_root)} {said} {tmp_path} holds now; `voicebot nlu train`" in shown


@pytest.mark.parametrize(
    ("text", "language"),
    [("yes", "en"), ("我没有钱", "zh"), ("OK 好", "zh"), ("㐀", "zh"), ("€50!", "en"), ("。", "en"), ("", "en")],
)
def test_the_language_is_the_one_a_text_is_written_in(small_root: Path, text: str, language: str) -> None:
    code, shown = run("predict", text, "--models", str(small_root))
    assert code == 0
    assert f"language   {language}" in shown
    assert "language   en" in run("predict", text, "--lang", "en", "--models", str(small_root))[1]


def test_an_unknown_kind_of_answer_is_refused_with_those_there_are(small_root: Path) -> None:
    code, shown = run("predict", "yes", "--expects", "yes_n", "--models", str(small_root))
    assert code == 2
    for kind in ("yes_n", "yes_no", "number", "rating", "date", "amount", "choice", "free"):
        assert f"'{kind}'" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("predict", "oui", "--lang", "fr"), "no language 'fr'; it has en, zh"),
        (("predict", "friday", "--reference", "soon"), "--reference soon: Invalid isoformat"),
        (("evaluate", "abc"), "run `voicebot nlu train`"),
    ],
)
def test_a_mistake_is_one_sentence(small_root: Path, words: tuple[str, ...], message: str) -> None:
    code, shown = run(*words, "--models", str(small_root))
    assert code == 1
    assert message in shown
    assert "Traceback" not in shown


def test_data_that_is_not_there_is_named(tmp_path: Path) -> None:
    code, shown = run("train", "--data", str(tmp_path), "--models", str(tmp_path / "models"))
    assert code == 1
    assert "no <language>.jsonl here" in shown
