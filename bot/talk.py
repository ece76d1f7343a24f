"""The talk of a call on the terminal, as it happens: who said what, how it was understood, how fast the answer came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from bot.call.latency import responses


class Talk:
    """Watches the lines of a tape as they are written (`observe`) and prints the turns."""

    def __init__(self, console: Console, *, timed: bool) -> None:
        """`timed`: the call is in real time, so that response times mean something."""
        self._console = console
        self._timed = timed
        self._rows: list[Mapping[str, Any]] = []
        self._prompts: dict[str, str] = {}
        self._said_on: set[str] = set()
        self._answers = 0
        self._words = ""
        self._sentiment = ""

    def observe(self, row: Mapping[str, Any]) -> None:
        self._rows.append(row)
        match row["kind"]:
            case "speak":
                self._prompts[row["playout_id"]] = row["prompt"]["text"]
                if row["start"]:
                    self._said_on.add(row["playout_id"])
            case "playout_started" if row["playout_id"] in self._said_on:
                self._aside("goes on")
            case "playout_started":
                self._said(row)
            case "playout_ended" if not row["completed"] and row["heard"]:
                self._aside("interrupted")
            case "heard" if row["utterance"]["text"]:
                self._words = row["utterance"]["text"]
                if not row["utterance"]["accepted"]:
                    self._customer(self._words, "not understood")
            case "understood":
                self._sentiment = row["understanding"]["sentiment"]
            case "told" if row["source"] == "speech":
                self._customer(self._words, f"{row['intent']}, {self._sentiment}")
            case "consider_keys":
                self._customer(f"[keys {row['keys']}]", "")
            case "consider_absence" if row["absence"] == "silence":
                self._aside("silence")
            case "dial_ended":
                self._aside(f"not reached: {row['line_status']} ({row['cause']})")
            case "broken":
                self._aside(f"{row['failure']}: {row['detail']}")

    def _said(self, started: Mapping[str, Any]) -> None:
        """With the response time, if this is an answer; a bridged wait was over before it."""
        found = responses(self._rows) if self._timed else []
        new, self._answers = len(found) > self._answers, len(found)
        response = found[-1] if new else None
        self._bot(
            self._prompts[started["playout_id"]],
            response.total if response is not None and not response.bridged else None,
        )
        if response is not None and response.bridged:
            self._aside(f"the wait was bridged after {response.total:.0f} ms")

    def _bot(self, text: str, response_ms: float | None) -> None:
        time = f"{response_ms:5.0f} ms" if response_ms is not None else ""
        self._console.print(f"  [dim]{time:>8}[/]  [cyan]bot[/]       {escape(text)}", highlight=False, soft_wrap=True)

    def _customer(self, text: str, meaning: str) -> None:
        note = f"  [dim]({escape(meaning)})[/]" if meaning else ""
        self._console.print(f"  {'':>8}  [green]customer[/]  {escape(text)}{note}", highlight=False, soft_wrap=True)

    def _aside(self, text: str) -> None:
        self._console.print(f"  {'':>8}  [dim]{'':<8}  {escape(text)}[/]", highlight=False)
