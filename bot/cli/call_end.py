"""How a conversation ended, as the last lines on the screen."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from bot.call.order import CallResult
from bot.call.tape import read_tape
from dialogue.script import Script


def show_end(console: Console, script: Script, result: CallResult) -> None:
    """The outcome with its meaning for the business, how long it took, and the tape."""
    rows = read_tape(result.tape)[1]
    begun = {row["playout_id"] for row in rows if row["kind"] == "speak" and not row["start"]}
    said = sum(row["kind"] == "playout_started" and row["playout_id"] in begun for row in rows)
    turns = sum(row["kind"] == "told" and row["source"] != "event" for row in rows)
    meaning = script.outcomes.get(result.outcome.value, "")
    console.print(f"\noutcome   [bold]{result.outcome.value}[/]  {escape(meaning)}", highlight=False, soft_wrap=True)
    told = f"{turns} of the customer's, {said} sentences of the bot; {rows[-1]['t'] / 1000:.0f} s as a call"
    console.print(f"turns     {told}", highlight=False)
    console.print(f"tape      {result.tape}", highlight=False, soft_wrap=True)
    if result.recording is not None:
        console.print(f"recording {result.recording}", highlight=False, soft_wrap=True)
