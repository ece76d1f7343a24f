"""Data of one's own: any labels, three formats, and a sentence for whatever is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from nlu.manifest import ModelError
from nlu.own import model
from nlu.own.examples import Task
from nlu.training import Options, TrainingError
from tests.nlu.own_data import DRINKS, csv

pytestmark = pytest.mark.unit

MANDARIN = {"咖啡": ["来杯咖啡", "一杯美式咖啡", "咖啡不加糖"], "茶": ["来壶绿茶", "一杯红茶", "茶要热的"]}


@pytest.fixture
def drinks(tmp_path: Path) -> Path:
    path = tmp_path / "drinks.csv"
    path.write_text(csv(DRINKS), encoding="utf-8")
    return path


def run(*words: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["train", *words])
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def own(data: Path, test: Path, folder: Path, *more: str, lang: str = "en") -> tuple[int, str]:
    words = ("--data", str(data), "--test", str(test), "--lang", lang, "--name", "drinks", "--models", str(folder))
    return run(*words, *more)


def test_a_csv_is_learnt_reported_and_leaves_the_live_model_alone(drinks: Path, tmp_path: Path) -> None:
    (tmp_path / "live").write_text("abc\n", encoding="utf-8")
    code, shown = own(drinks, drinks, tmp_path, "--json", str(tmp_path / "score.json"))
    assert code == 0
    assert "majority" in shown
    assert "coffee" in shown
    assert "15 of 15 test texts are in the training data, too" in shown
    assert json.loads((tmp_path / "score.json").read_text(encoding="utf-8")) == {
        "accuracy": 1.0,
        "macro_f1": 1.0,
        "n_test": 15,
        "converged": True,
    }
    assert (tmp_path / "live").read_text(encoding="utf-8") == "abc\n"


def test_jsonl_and_rasa_yaml_are_learnt_in_either_language(tmp_path: Path) -> None:
    data, test = tmp_path / "train.jsonl", tmp_path / "test.yml"
    rows = [{"text": text, "intent": label} for label, texts in MANDARIN.items() for text in texts]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    test.write_text("nlu:\n  - intent: 茶\n    examples: |\n      - 来杯[红茶](kind)\n", encoding="utf-8")
    trained = model.train(data, test, "zh", "drinks", tmp_path)
    assert trained.described.labels == ("咖啡", "茶")
    assert trained.evaluation.score.accuracy == 1.0


def test_sentiment_is_a_task_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "moods.csv"
    path.write_text("text,intent,sentiment\nlovely,x,glad\nawful,y,sad\nwell,z,\n", encoding="utf-8")
    trained = model.train(path, path, "en", "moods", tmp_path, Task.SENTIMENT)
    assert trained.described.labels == ("glad", "sad")
    assert "2 rows without a label were left out" in trained.concerns


def test_the_same_seed_gives_the_same_bytes(drinks: Path, tmp_path: Path) -> None:
    many = {label: [f"{text} number {n}" for text in texts for n in range(20)] for label, texts in DRINKS.items()}
    drinks.write_text(csv(many), encoding="utf-8")
    one, two, other = (
        model.train(drinks, drinks, "en", name, tmp_path, options=Options(seed=seed)).described
        for name, seed in (("one", 1), ("two", 1), ("other", 2))
    )
    assert one.sha256 == two.sha256 != other.sha256


def test_a_label_with_one_example_and_one_never_learnt_are_told(drinks: Path, tmp_path: Path) -> None:
    data = tmp_path / "more.csv"
    data.write_text(csv({**DRINKS, "milk": ["a glass of milk"]}), encoding="utf-8")
    drinks.write_text(csv({**DRINKS, "watr": ["cold water"]}), encoding="utf-8")
    concerns = model.train(data, drinks, "en", "drinks", tmp_path).concerns
    assert concerns[0].startswith("1 labels have a single training example: milk")
    assert f"the first {drinks}:17" in concerns[1]
    assert "count as wrong: watr; is it misspelt?" in concerns[1]


def test_what_did_not_converge_says_so_and_is_no_success(
    drinks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.nlu_own.Options", lambda seed: Options(seed=seed, max_iter=2))
    code, shown = own(drinks, drinks, tmp_path, "--json", str(tmp_path / "score.json"))
    assert code == 1
    assert "training has not converged after 2 iterations" in shown
    assert json.loads((tmp_path / "score.json").read_text(encoding="utf-8"))["converged"] is False


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no labelled utterance in it"),
        (b"text,category\n", "no labelled utterance in it"),
        (b"text,category\na coffee,coffee\n", "needs at least two different labels, found 1 row(s) of 'coffee'"),
        (b"text,category\na,x\nb,x\n", "needs at least two different labels, found 2 row(s) of 'x'"),
        (b"text,drink\na coffee,coffee\n", "no row has the field 'intent'; call the column or field so"),
        ("text,category\ncafé,coffee\n".encode("latin-1"), "byte 17 is not UTF-8; save the file as UTF-8"),
        ("text,category\n茶,tea\n".encode("gbk"), "is not UTF-8"),
        ("text,category\na,b\n".encode("utf-16"), "byte 0 is not UTF-8"),
        (b"text,category\n,coffee\n", "bad.csv:2: 'text' is missing, empty or not a text"),
        (b"text,category,lang\na,b,zh\n", "bad.csv:2: is in language zh, not en"),
        ("text,category\n🙂,x\n☕,y\n".encode(), "no text has a letter or a digit"),
    ],
)
def test_a_bad_file_is_one_sentence(drinks: Path, tmp_path: Path, content: bytes, message: str) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    code, shown = own(bad, drinks, tmp_path)
    assert code == 1
    assert message in shown
    assert not (tmp_path / "own").exists()


def test_odd_texts_are_learnt_and_measured_without_harm(drinks: Path, tmp_path: Path) -> None:
    odd = {"coffee": ["coffee " * 1500, "☕", "coffee\x07\x00please", "咖啡 coffee"], "tea": ["\u202etea", "ＴＥＡ"]}
    data = tmp_path / "odd.jsonl"
    rows = [{"text": text, "intent": label} for label, texts in odd.items() for text in texts]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    code, _ = own(drinks, data, tmp_path)
    assert code == 0
    assert own(data, drinks, tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--name", "x"), "--data, --test, --lang and --name; --data, --test, --lang is missing"),
        (("--data", "{file}"), "--test, --lang, --name is missing"),
        (("--data", "{file}", "--test", "{file}", "--name", "x", "--lang", "fr"), "--lang fr: there is a model for en"),
        (("--data", "{file}", "--test", "{file}", "--lang", "en", "--name", "../x"), "'../x' is no name for a model"),
        (("--data", "{file}", "--test", "nowhere.csv", "--lang", "en", "--name", "x"), "nowhere.csv: cannot be read"),
        (("--data", "{file}", "--test", "data.xlsx", "--lang", "en", "--name", "x"), "data.xlsx: of no known format"),
        (
            ("--data", "{file}", "--test", "{file}", "--lang", "en", "--name", "x", "--json", "nowhere/score.json"),
            "there is no folder nowhere",
        ),
    ],
)
def test_a_mistake_in_the_options_is_one_sentence(
    drinks: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    code, shown = run(*(word.format(file=drinks) for word in words), "--models", str(tmp_path))
    assert code == 1
    assert message in shown


def test_a_stored_model_is_checked_when_it_is_loaded(drinks: Path, tmp_path: Path) -> None:
    folder = model.train(drinks, drinks, "en", "drinks", tmp_path).folder
    assert model.load(folder).described.name == "drinks"
    (folder / "model.onnx").write_bytes(b"other")
    with pytest.raises(ModelError, match="sha256 differs"):
        model.load(folder)
    (folder / "own.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"own\.json: .*; train it again"):
        model.load(folder)
    with pytest.raises(ModelError, match="cannot be read"):
        model.load(tmp_path / "nowhere")


def test_nothing_is_stored_of_what_cannot_be_learnt(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("text,label\nhello,greeting\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"one\.csv: needs at least two different labels"):
        model.train(path, path, "en", "one", tmp_path)
    assert not (tmp_path / model.FOLDER).exists()
