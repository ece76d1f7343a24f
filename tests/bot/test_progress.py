"""Showing that a long step moves, with and without a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.progress import step

pytestmark = pytest.mark.unit


def shown(terminal: bool) -> tuple[Console, io.StringIO]:
    output = io.StringIO()
    return Console(file=output, force_terminal=terminal, width=100), output


def test_without_a_terminal_it_prints_a_line_a_quarter() -> None:
    console, output = shown(terminal=False)
    with step("training", console=console) as bar:
        for done in range(101):
            bar.reach(done, 100)
    assert output.getvalue().splitlines() == ["training: 25 %", "training: 50 %", "training: 75 %", "training: 100 %"]


def test_without_a_total_it_prints_nothing_but_does_not_mind() -> None:
    console, output = shown(terminal=False)
    with step("training", console=console) as bar:
        bar.reach(10)
    assert output.getvalue() == ""


def test_on_a_terminal_it_draws_a_bar() -> None:
    console, output = shown(terminal=True)
    with step("small.zip", 2_000_000, in_bytes=True, console=console) as bar:
        bar.reach(2_000_000)
    assert "small.zip" in output.getvalue()
    assert "2.0/2.0 MB" in output.getvalue()
