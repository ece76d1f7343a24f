"""A chat on the screen: what each party says, and dimmed under it how the bot came to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from dialogue.protocol import Reply

INDENT = " " * 10


class Page:
    """Sees the lines of the tape (`observe`) and the replies of the dialogue (`follow`) as they come.

    `places`: where each rule stands, by its title.
    """

    def __init__(self, console: Console, places: Mapping[str, str]) -> None:
        self._console = console
        self._places = places
        self._prompts: dict[str, Mapping[str, Any]] = {}
        self._said_on: set[str] = set()
        self._words = ""
        self._rules: Sequence[str] = ()

    def follow(self, _: str, reply: Reply) -> None:
        self._rules = reply.rules

    def observe(self, row: Mapping[str, Any]) -> None:
        match row["kind"]:
            case "answered":
                self._show_rules()
            case "speak":
                self._prompts[row["playout_id"]] = row["prompt"]
                if row["start"]:
                    self._said_on.add(row["playout_id"])
            case "playout_started":
                self._say(row["playout_id"])
            case "playout_ended" if not row["completed"] and row["heard"]:
                self._dim("interrupted")
            case "heard":
                self._words = row["utterance"]["text"]
            case "understood":
                self._meant(row["understanding"])
            case "consider_keys":
                self._dim(f"keys {row['keys']}")
            case "consider_absence":
                self._dim(row["absence"].replace("_", " "))
            case "consider_hand_over_failure":
                self._dim(f"nobody took over: {row['reason']}")
            case "told":
                self._dim(f"told as   {row['intent']}")
                self._show_rules()
            case "decided" if not row["steps"]:
                self._dim("nothing in it calls for an answer; the bot listens on")
            case "record_outcome":
                self._dim(f"outcome   {row['outcome']}")
            case "transfer_leg":
                self._dim(f"puts through to {row['queue']}")
            case "handed_over":
                self._dim("a colleague is on the line")
            case "broken":
                self._console.print(
                    f"{INDENT}[red]{escape(row['failure'])}: {escape(row['detail'])}[/]", soft_wrap=True
                )

    def customer(self, words: str) -> None:
        """What was typed, where it does not stand on the screen already."""
        self._console.print(f"[green]you[/]       {escape(words)}", highlight=False, soft_wrap=True)

    def note(self, text: str) -> None:
        self._console.print(f"{INDENT}[yellow]{escape(text)}[/]", highlight=False, soft_wrap=True)

    def _say(self, playout_id: str) -> None:
        prompt = self._prompts[playout_id]
        if playout_id in self._said_on:
            self._dim("goes on where it was stopped")
            return
        self._console.print(f"[cyan]bot[/]       {escape(prompt['text'])}", highlight=False, soft_wrap=True)
        variation = f", variation {prompt['variation'] + 1}" if prompt["variation"] else ""
        answer = prompt["expectation"]["answer"]
        expects = f", expects {answer}" if answer else ""
        legal = ", legal" if prompt["legal"] else ""
        self._dim(f"{prompt['name']}{variation}{expects}{legal}")

    def _meant(self, meaning: Mapping[str, Any]) -> None:
        found = [f"{entity['type']} {entity['value']}" for entity in meaning["entities"]]
        parts = [f"{meaning['intent']} {meaning['probability']:.2f}", meaning["sentiment"], *found]
        self._dim(f"heard as  {', '.join(parts)}")

    def _show_rules(self) -> None:
        if self._rules:
            self._dim("rules     " + "; ".join(f"{title} ({self._places.get(title, '?')})" for title in self._rules))
        self._rules = ()

    def _dim(self, text: str) -> None:
        self._console.print(f"{INDENT}[dim]{escape(text)}[/]", highlight=False, soft_wrap=True)
