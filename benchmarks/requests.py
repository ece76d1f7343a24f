"""Requests made where the question is free: how many are found beside dictation, and what is mistaken for one.

    python -m benchmarks.requests [--recordings FOLDER]

The figures behind `speech.asr.pocketsphinx.BESIDE_FROM`: synthetic voices ask for something or make a comment, people
say commands and other sentences, and each is heard as at a free question.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import recordings
from benchmarks.recognition import COMMAND_INTENTS
from bot.call.listening_grammar import beside_free_speech
from bot.machine import machine
from bot.rehearsal.sound import synthetic
from dialogue.prompts import Expectation
from dialogue.protocol import Answer
from speech.asr import pocketsphinx
from speech.asr.grammar import BOOK, GrammarBook
from speech.asr.port import Hints
from speech.audio import TELEPHONE, Frame
from speech.engines import load_synthesiser
from speech.tts.port import Voice
from tests.needs import HUMAN_SPEECH

FREE = Expectation(Answer.FREE)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6)
REQUESTS = {
    "a human please": "ask_human",
    "can I talk to a human": "ask_human",
    "give me an operator please": "ask_human",
    "I want to speak to a person": "ask_human",
    "can you repeat that please": "repeat",
    "say that again": "repeat",
    "pardon": "repeat",
    "do not call me again": "do_not_call",
    "please stop calling me": "do_not_call",
    "take me off your list": "do_not_call",
    "you have the wrong number": "wrong_person",
    "wrong number": "wrong_person",
    "call me back later": "busy_call_later",
    "I am driving": "busy_call_later",
    "no": "deny",
    "no thank you": "deny",
}
COMMENTS = (
    "your staff were very friendly and quick",
    "it took far too long",
    "the waiting time was terrible",
    "everything was fine",
    "I was very happy with the advice",
    "nobody could help me at the branch",
    "the fees are too high",
    "your app keeps crashing",
    "the young man at the counter was great",
    "I had to explain everything three times",
    "it would be nice if you opened on Saturdays",
    "the letter was hard to understand",
    "they solved it in five minutes",
    "just keep up the good work",
    "the parking is a problem",
)


@dataclass(frozen=True, slots=True)
class Said:
    """`intent` is None where it is no request."""

    frame: Frame
    intent: str | None


def sets(folder: Path) -> Iterator[tuple[str, Sequence[Said]]]:
    """What is listened to, by who says it; people where their recordings are there."""
    yield "requests, synthetic", [Said(frame, REQUESTS[text]) for text, frame in _spoken(REQUESTS)]
    yield "comments, synthetic", [Said(frame, None) for _, frame in _spoken(COMMENTS)]
    if folder.exists():
        commands = recordings.commands(folder)
        asking = [(one, COMMAND_INTENTS[one.text]) for one in commands if COMMAND_INTENTS[one.text] in _asked_for()]
        yield "commands, people", [Said(one.over_the_telephone(), intent) for one, intent in asking]
        yield (
            "other sentences, people",
            [Said(one.over_the_telephone(), None) for one in recordings.other_speech(folder)],
        )


def _spoken(texts: Iterable[str]) -> Iterator[tuple[str, Frame]]:
    synthesiser = load_synthesiser("espeak-ng")
    for name in recordings.SYNTHETIC_VOICES:
        speak = synthetic(synthesiser, Voice("en", name))
        for text in texts:
            yield text, recordings.over_the_telephone(Frame.of(speak(text), TELEPHONE.rate))


def _asked_for() -> set[str]:
    return {*REQUESTS.values()}


def measure(said: Sequence[Said]) -> dict[float, tuple[float, float]]:
    """By confidence from which a request is believed: the shares that are found, and that are taken for another."""
    book = GrammarBook.load([BOOK["en"]])
    hints = Hints("en", None, beside_free_speech(book, FREE))
    pocketsphinx.BESIDE_FROM = 0.0  # so that the confidence of each is told
    recogniser = pocketsphinx.PocketSphinxRecogniser()
    heard = []
    for one in said:
        stream = recogniser.open(hints)
        stream.accept(one.frame)
        transcript = stream.finalise()
        found = book.meanings(transcript.text, book.names) if transcript.confidence is not None else ()
        heard.append((transcript.confidence or 0.0, one.intent in found, one.intent))
    return {
        least: (
            sum(right for confidence, right, _ in heard if confidence >= least) / len(heard),
            sum(not right for confidence, right, _ in heard if confidence >= least) / len(heard),
        )
        for least in THRESHOLDS
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Requests heard beside free speech.")
    parser.add_argument("--recordings", type=Path, default=HUMAN_SPEECH)
    console = Console()
    console.print(machine(), style="dim", highlight=False)
    table = Table("said", "n", *(f"from {least}: found, mistaken" for least in THRESHOLDS))
    for name, said in sets(parser.parse_args().recordings):
        shares = measure(said).values()
        table.add_row(name, str(len(said)), *(f"{right:.0%}, {wrong:.0%}" for right, wrong in shares))
    console.print(table)


if __name__ == "__main__":
    main()
