"""What is typed in a chat is words, or a command that is understood or explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.commands import (
    Asks,
    Interrupts,
    KeepsSilent,
    Mistyped,
    Presses,
    Quits,
    Saves,
    Says,
    Typed,
    read_typed,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("  yes speaking \n", Says("yes speaking")),
        ("\n", None),
        ("/key 0\n", Presses("0")),
        ("/keys 42 17 #", Presses("4217#")),
        ("/silence", KeepsSilent()),
        ("/interrupt wait a moment", Interrupts("wait a moment")),
        ("/save talks/my talk.yml", Saves(Path("talks/my talk.yml"))),
        ("/quit", Quits()),
        ("/help", Asks()),
    ],
)
def test_a_line_is_read(line: str, typed: Typed | None) -> None:
    assert read_typed(line) == typed


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/key", "/key 1 or /key 4217"),
        ("/key zero", "/key 1 or /key 4217"),
        ("/interrupt", "/interrupt wait a moment"),
        ("/save", "/save my_talk.yml"),
        ("/silence please", "/silence stands alone"),
        ("/bye", "there is no /bye; /help lists what there is"),
    ],
)
def test_a_slip_is_explained(line: str, told: str) -> None:
    typed = read_typed(line)
    assert isinstance(typed, Mistyped)
    assert told in typed.message
