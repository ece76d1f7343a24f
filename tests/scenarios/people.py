"""Recorded people who answer the satisfaction survey on the telephone, and what the bot made of each utterance."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.rehearsal.line import Line
from speech import wav
from speech.audio import Samples
from speech.telephone_line import over_the_telephone

CONSENT, RATING, RESOLVED = "utter_ask_survey_consent", "utter_ask_rating", "utter_ask_resolved"
COMMENT = "utter_ask_comment"
QUESTIONS = {CONSENT, RATING, RESOLVED, COMMENT}
LEADS_ON = {CONSENT: "1", RATING: "5", RESOLVED: "1"}
"""The key that answers a question for which a person has no words left, so that the call gets to the next one."""

REACTION_MS = 300

MEANINGS = {
    "yes": {"affirm"},
    "no": {"deny"},
    "repeat": {"repeat"},
    "help": {"ask_human"},
    "stop": {"do_not_call", "decline_survey"},
}
"""What the dialogue must be told of each command."""

DIGITS = ("one", "two", "three", "four", "five")


@dataclass(eq=False)
class Recorded:
    """One recording of a person. `told` and `rating` are what the dialogue was told when it had been said."""

    path: Path
    words: str
    told: str | None = None
    rating: object = None
    heard: str | None = None

    @property
    def is_digit(self) -> bool:
        return self.words in DIGITS

    @property
    def understood(self) -> bool:
        if self.is_digit:
            return self.told == "inform" and self.rating == DIGITS.index(self.words) + 1
        return self.told in MEANINGS[self.words]

    def __str__(self) -> str:
        return f"{self.path.name}: said {self.words!r}, heard {self.heard!r}, told {self.told}"


Plan = Mapping[str, Iterable[Recorded]]
"""What one person says, in order, at each question."""


class Person:
    """A customer who answers each question with the next recording planned for it, once the bot has asked it.

    They start to speak when the line has been quiet for `REACTION_MS`. With no recording left for the question they
    press the key that leads on, and when the bot asks on with nothing left at all they hang up. Each recording is
    judged by the first turn after it (`observe`).
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = {question: deque(recordings) for question, recordings in plan.items()}
        self._waiting: Recorded | None = None

    @property
    def left(self) -> dict[str, list[Recorded]]:
        """What has not been said yet, by question."""
        return {question: list(recordings) for question, recordings in self.plan.items() if recordings}

    async def take_part(self, line: Line) -> None:
        heard = 0
        while True:
            await line.quiet(REACTION_MS, since=heard)
            asked = [said.prompt for said in line.said[heard:] if said.prompt in QUESTIONS and said.completed]
            heard = len(line.said)
            if asked:
                await self._answer(line, asked[-1])

    async def _answer(self, line: Line, question: str) -> None:
        if self._waiting is None and not self.left:
            line.hang_up()
        elif self.plan.get(question):
            self._waiting = self.plan[question].popleft()
            await line.say(str(self._waiting.path))
        elif question in LEADS_ON:
            await line.press(LEADS_ON[question])

    def observe(self, row: Mapping[str, Any]) -> None:
        """A line of the call's tape."""
        if self._waiting is None:
            return
        match row["kind"]:
            case "heard":
                self._waiting.heard = row["utterance"]["text"]
            case "understood":
                answer = row["understanding"]["answer"]
                self._waiting.rating = answer and answer["value"]
            case "told":
                self._waiting.told, self._waiting = row["intent"], None


def on_the_telephone(path: str | Path) -> Samples:
    """A recording as the bot gets to hear it."""
    return over_the_telephone(wav.read(Path(path))).samples()


def recorded_commands(folder: Path) -> dict[str, list[Recorded]]:
    """The recordings of single commands, by command."""
    found: dict[str, list[Recorded]] = defaultdict(list)
    for line in (folder / "transcripts.tsv").read_text(encoding="utf-8").splitlines():
        name, _, words = line.partition("\t")
        if words in MEANINGS:
            found[words].append(Recorded(folder / name, words))
    return found


def recorded_digits(folder: Path) -> list[Recorded]:
    """One to five, each by every speaker; the first character of a file name is the digit."""
    return [
        Recorded(path, DIGITS[int(path.name[0]) - 1])
        for path in sorted(folder.glob("*.wav"))
        if path.name[0] in "12345"
    ]
