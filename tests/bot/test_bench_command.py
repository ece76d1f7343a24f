"""What `voicebot bench` prints and writes of a benchmark's figures; no benchmark runs here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import benchmarks.media
from bot.cli.bench import bench

pytestmark = pytest.mark.unit

app = typer.Typer()
app.command()(bench)

FIGURES = {
    "calls": {"found": 200, "aim": "at least 500", "met": False},
    "jitter_ms": {"p50": 0.5, "p95": 1.0, "p99": 2.0, "aim": "p99 below 5", "met": True},
    "frames": {"received": 9},
}


def test_a_figure_stands_beside_its_aim_and_is_written_as_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(benchmarks.media, "run", lambda: FIGURES)
    written = tmp_path / "figures.json"
    result = CliRunner().invoke(app, ["media", "--json", str(written)])
    assert result.exit_code == 0
    rows = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "calls 200 aim at least 500 missed" in rows
    assert "jitter ms p50 0.5 p95 1.0 p99 2.0 aim p99 below 5 met" in rows
    assert "frames: received 9" in rows
    found = json.loads(written.read_text(encoding="utf-8"))
    assert found.pop("machine")
    assert found == FIGURES


@pytest.mark.parametrize(
    ("arguments", "said"), [(["medai"], "there is no benchmark medai"), (["media", "--quick"], "bench conversation")]
)
def test_a_mistake_is_named(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
