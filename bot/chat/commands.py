"""What a designer types: words that the customer says, or a command that begins with a slash. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HELP = """\
Type what the customer says, or
  /key 42           press keys
  /silence          say nothing until the bot speaks again
  /interrupt WORDS  say these words into whatever the bot says after your next turn
  /save FILE        keep the talk as a scenario that `voicebot script test` plays; written when the call is over
  /quit             hang up"""


@dataclass(frozen=True, slots=True)
class Says:
    words: str


@dataclass(frozen=True, slots=True)
class Presses:
    keys: str


@dataclass(frozen=True, slots=True)
class KeepsSilent:
    pass


@dataclass(frozen=True, slots=True)
class Interrupts:
    """These words come into the bot's next ones."""

    words: str


@dataclass(frozen=True, slots=True)
class Saves:
    path: Path


@dataclass(frozen=True, slots=True)
class Quits:
    pass


@dataclass(frozen=True, slots=True)
class Asks:
    """For help."""


@dataclass(frozen=True, slots=True)
class Mistyped:
    message: str


Typed = Says | Presses | KeepsSilent | Interrupts | Saves | Quits | Asks | Mistyped


def read_typed(line: str) -> Typed | None:
    """None for an empty line."""
    line = line.strip()
    if not line.startswith("/"):
        return Says(line) if line else None
    command, _, rest = line.partition(" ")
    rest = rest.strip()
    match command:
        case "/key" | "/keys":
            keys = rest.replace(" ", "")
            if re.fullmatch(r"[0-9*#]+", keys):
                return Presses(keys)
            return Mistyped("/key needs keys of a telephone, as in /key 1 or /key 4217")
        case "/interrupt":
            return Interrupts(rest) if rest else Mistyped("/interrupt needs words, as in /interrupt wait a moment")
        case "/save":
            return Saves(Path(rest)) if rest else Mistyped("/save needs a file, as in /save my_talk.yml")
        case "/silence" | "/quit" | "/help" if rest:
            return Mistyped(f"{command} stands alone")
        case "/silence":
            return KeepsSilent()
        case "/quit":
            return Quits()
        case "/help":
            return Asks()
    return Mistyped(f"there is no {command}; /help lists what there is")
