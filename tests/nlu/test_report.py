"""The report: complete, consistent with itself, and a page that needs nothing from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from nlu import pointers
from nlu.noise import Noise
from nlu.report.targets import Target

pytestmark = pytest.mark.unit


def test_the_report_is_whole_and_offline(two_models: tuple[Path, str, str], small_data: Path, tmp_path: Path) -> None:
    root, live, other = two_models
    pointers.set_live(root, live)
    html, data = tmp_path / "report.html", tmp_path / "report.json"
    words = ["evaluate", other, "--models", str(root), "--data", str(small_data)]
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*words, "--report", str(html), "--json", str(data)])
    assert result.exit_code == 0, result.output
    report = json.loads(data.read_text(encoding="utf-8"))
    assert (report["model"], report["compared_with"]) == (other, live)
    for found in report["languages"].values():
        assert sum(map(sum, found["confusion"]["matrix"])) == found["rows"]
        assert sum(one["rows"] for one in found["calibration"]) == found["rows"]
        assert sum(one["rows"] for one in found["policy"]["actions"]) == found["rows"]
        assert found["noise"][0]["accuracy"] == found["intent"]["accuracy"] == found["comparison"]["accuracy"]["b"]
        assert found["intent"]["majority"] < found["intent"]["accuracy"]
    page = html.read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="|url\(|https?://|<script', page)
    for heading in ("Calibration", "Misheard words", "Out of scope", "Confusion", "Worst", "Against the live model"):
        assert heading in page


def test_the_bench_lays_each_figure_beside_its_target(small_root: Path, small_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    words = ["bench", "--models", str(small_root), "--data", str(small_data), "--json", str(path)]
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*words, "--phrases", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "recall of hardship" in result.output
    figures = json.loads(path.read_text(encoding="utf-8"))
    for found in figures["languages"].values():
        met = {line["what"]: line["met"] for line in found["targets"]}
        assert met["entities"] is None  # no phrases there
        assert {"accuracy", "ECE", "recall of ask_human", "macro-F1 of sentiment"} <= met.keys()
        assert found["one_utterance_ms"]["p50"] <= found["one_utterance_ms"]["p99"]
    assert figures["machine"]


@pytest.mark.parametrize(("found", "met"), [(0.04, True), (0.05, True), (0.06, False), (None, None)])
def test_a_target_may_be_a_limit(found: float | None, met: bool | None) -> None:
    assert Target("lost", found, 0.05, at_most=True).met is met
    assert Target("reached", found, 0.06).met is (None if found is None else found >= 0.06)


@pytest.mark.parametrize(("language", "text"), [("en", "i want to pay it on friday"), ("zh", "我想下周五还钱")])
def test_noise_is_repeatable_and_grows(language: str, text: str) -> None:
    noise = Noise([text, "pie", "wait"], language)
    texts = [text] * 40
    assert noise.texts(texts, 0.0) == [text] * 40
    assert noise.texts(texts, 0.2) == Noise([text, "pie", "wait"], language).texts(texts, 0.2)
    changed = [sum(heard != text for heard in noise.texts(texts, rate)) for rate in (0.02, 0.5)]
    assert changed[0] < changed[1]
    assert all(noise.texts(["", "嗯", "a"], 1.0)[1:])
