"""A simulated customer as data: what they answer when they hear what. Pure.

    name: pays on Friday
    script: repayment_reminder
    number: "1001"
    expected_outcome: promised
    languages:
      en:
        contact: {customer_name: Mr Chen, ...}
        lines:
          - {hear: speaking with, say: yes speaking}
          - {hear: last four digits, press: "4217"}
        otherwise: {say: could you say that again}

`hear` is a regular expression searched in the bot's words: lower case, without punctuation. The line whose
pattern matches latest in what was heard is the answer, since a question stands at the end of a turn.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.vocabulary import Outcome


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(_Part):
    """What the customer does: speaks, presses keys, hangs up; with none of them, keeps silent."""

    say: str | None = None
    press: str | None = None
    hang_up: bool = False


class Line(Answer):
    hear: str

    @field_validator("hear")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value


class Speaker(_Part):
    """The customer in one language."""

    contact: dict[str, str]
    mentions: dict[str, str] = {}
    """Slots that the customer fills by what they say, so that they know their own words when they are read back."""
    lines: tuple[Line, ...]
    otherwise: Answer = Answer()

    def answer(self, heard: str) -> Answer:
        """What they do when the bot has said `heard`."""
        words = plain(heard)
        best: tuple[int, Line] | None = None
        for line in self.lines:
            ends = [match.end() for match in re.finditer(line.hear, words)]
            if ends and (best is None or ends[-1] > best[0]):
                best = (ends[-1], line)
        return best[1] if best is not None else self.otherwise


class Persona(_Part):
    name: str
    script: str
    number: str
    expected_outcome: Outcome
    languages: dict[str, Speaker]


class PersonaError(Exception):
    """A customer's file cannot be used; the message names the file and the place."""


def load_persona(path: Path) -> Persona:
    try:
        return Persona.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise PersonaError(f"{path}: cannot be read: {error}") from None
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in error.errors())
        raise PersonaError(f"{path}: {places}") from None


def load_personas(folder: Path) -> tuple[Persona, ...]:
    """All of a folder, in the order of their file names."""
    return tuple(load_persona(path) for path in sorted(folder.glob("*.yml")))


def plain(text: str) -> str:
    """Lower case, punctuation gone, single spaces."""
    kept = "".join(c if not unicodedata.category(c).startswith("P") or c == "'" else " " for c in text.lower())
    return " ".join(kept.split())
