"""Recognition as calls use it: people's recordings over a telephone line, against the grammar of a dialogue state.

    python -m benchmarks.recognition [--recordings FOLDER] [--model NAME=FOLDER]...

An utterance is *understood* if its words carry the intent (or the digits) that was said, and *accepted* if the
recogniser also stands by them. Other speech is what no grammar covers: accepting it is the error there.
The sets are small, read, and spoken close to the microphone: a direction, not a promise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import recordings
from benchmarks.recordings import Made, Recording
from bot.machine import machine
from speech import wav
from speech.asr.grammar import BOOK, GLOBAL_MOVES, GrammarBook
from speech.asr.pocketsphinx import PocketSphinxRecogniser
from speech.asr.port import Hints, Recogniser, Transcript
from speech.audio import TELEPHONE, Frame
from speech.engines import load_synthesiser
from speech.resampling import resample
from speech.tts.port import Voice
from tests.needs import HUMAN_SPEECH

COMMAND_INTENTS = {
    "yes": "affirm",
    "no": "deny",
    "repeat": "repeat",
    "help": "ask_human",
    "stop": "do_not_call",
    "start": "start",
    "go": "start",
}

SYNTHETIC_VOICE = "en-us"
SYNTHETIC = {
    "yes": ("affirm", "deny"),
    "no": ("affirm", "deny"),
    "yes speaking": ("affirm", "deny"),
    "five": ("rating",),
    "four": ("rating",),
    "four two one seven": ("number",),
    "I will pay on Friday": ("affirm", "promise_to_pay", "already_paid", "cannot_pay", "dispute", "deny"),
    "on Friday": ("date", "promise_to_pay"),
    "I have already paid": ("affirm", "promise_to_pay", "already_paid", "cannot_pay", "dispute", "deny"),
    "can I talk to a human please": ("affirm", "deny"),
    "you have the wrong number": ("affirm", "deny"),
    "do not call me again": ("affirm", "deny"),
}
"""What the demo's customers say, and the rules of the state they say it in (global moves come on top)."""

OTHER_SPEECH = {"yes or no": ("affirm", "deny"), "rating 1-5": ("rating",)}
"""The states in which people's other sentences are heard, too, and their rules."""

STRINGS = 24
"""How many four-digit numbers of each kind."""

LONGEST_OTHER_MS = 6000
PIECE = TELEPHONE.samples_for_ms(100)


@dataclass(frozen=True, slots=True)
class State:
    """A dialogue state, what people say in it here, and how to judge what was heard."""

    name: str
    rules: tuple[str, ...]
    said: Sequence[Recording | Made]
    understood: Callable[[GrammarBook, str, str], bool]
    length: int | None = None


def run(folder: Path = HUMAN_SPEECH, models: Mapping[str, Path | None] | None = None) -> dict[str, Any]:
    """Every state with every model; `None` as a model's folder is the wheel's. Takes four minutes a model."""
    found = {}
    for name, model in (models or {"wheel, 16 kHz": None}).items():
        before = psutil.Process().memory_info().rss
        recogniser = PocketSphinxRecogniser(model)
        loaded = psutil.Process().memory_info().rss
        found[name] = {
            "states": {state.name: measure(recogniser, state) for state in states(folder)},
            "other_speech_accepted": {name: other_speech_accepted(recogniser, folder, name) for name in OTHER_SPEECH},
            "synthetic": _synthetic(recogniser),
            "open_ms": _open_ms(recogniser),
            "memory_mb": {"loaded": round((loaded - before) / 1e6), "per_stream": round(_stream_mb(recogniser), 1)},
        }
    return found


def states(folder: Path) -> tuple[State, ...]:
    """The states whose answers people's recordings hold."""
    commands = recordings.commands(folder)
    digits = recordings.single_digits(folder)
    return (
        State("yes or no", ("affirm", "deny"), [r for r in commands if r.text not in ("start", "go")], _as_intent),
        State("may I ask", ("affirm", "start", "deny", "decline_survey"), commands, _as_intent),
        State("rating 1-5", ("rating",), [r for r in digits if r.text in recordings.DIGITS[1:6]], _as_digits),
        State("one digit", ("number",), digits, _as_digits, 1),
        State("digits", ("number",), recordings.digit_strings(folder), _as_digits),
        State("four digits, people", ("number",), recordings.joined_digits(folder, STRINGS), _as_digits, 4),
        State("four digits, synthetic", ("number",), recordings.synthetic_digits(STRINGS), _as_digits, 4),
    )


def hear(recogniser: Recogniser, grammar: str | None, frame: Frame) -> Transcript:
    """Recognise one utterance, 100 ms at a time."""
    stream = recogniser.open(Hints("en", grammar))
    samples = frame.samples()
    for at in range(0, len(samples), PIECE):
        stream.accept(Frame.of(samples[at : at + PIECE], TELEPHONE.rate, at))
    return stream.finalise()


def measure(recogniser: Recogniser, state: State) -> dict[str, Any]:
    """How much of what people say in a state is understood, accepted, and taken for something else."""
    book = GrammarBook.load([BOOK["en"]])
    grammar = book.compose((*state.rules, *GLOBAL_MOVES), length=state.length)
    right = accepted = wrong = 0
    cpu = heard_ms = 0.0
    for recording in state.said:
        frame = recording.over_the_telephone()
        began = time.process_time()
        transcript = hear(recogniser, grammar, frame)
        cpu += time.process_time() - began
        heard_ms += frame.duration_ms
        understood = state.understood(book, recording.text, transcript.text)
        right += understood
        accepted += understood and transcript.accepted
        wrong += not understood and transcript.accepted and bool(transcript.text)
    number = len(state.said)
    return {
        "n": number,
        "understood": round(right / number, 3),
        "understood_and_accepted": round(accepted / number, 3),
        "wrong_and_accepted": round(wrong / number, 3),
        "real_time_factor": round(cpu * 1000 / heard_ms, 3),
    }


def _as_intent(book: GrammarBook, said: str, heard: str) -> bool:
    return COMMAND_INTENTS[said] in book.meanings(heard, book.names)


def _as_digits(book: GrammarBook, said: str, heard: str) -> bool:
    return _digits(said) == _digits(heard)


def _digits(text: str) -> list[str]:
    return ["zero" if word == "oh" else word for word in text.split() if word in recordings.DIGITS]


def other_speech_accepted(recogniser: Recogniser, folder: Path, state: str) -> float:
    """The share of sentences outside the grammar of a state of `OTHER_SPEECH` that is taken for an answer there."""
    said = recordings.other_speech(folder)
    grammar = GrammarBook.load([BOOK["en"]]).compose((*OTHER_SPEECH[state], *GLOBAL_MOVES))
    frames = (recordings.over_the_telephone(wav.read(recording.path), LONGEST_OTHER_MS) for recording in said)
    transcripts = [hear(recogniser, grammar, frame) for frame in frames]
    return round(sum(t.accepted and bool(t.text) for t in transcripts) / len(said), 3)


def _synthetic(recogniser: Recogniser) -> dict[str, Any]:
    book = GrammarBook.load([BOOK["en"]])
    synthesiser = load_synthesiser("espeak-ng")
    found = {}
    for text, rules in SYNTHETIC.items():
        pieces = list(synthesiser.synthesise(text, Voice("en", SYNTHETIC_VOICE)))
        spoken = resample(Frame(pieces[0].format, b"".join(piece.data for piece in pieces)), TELEPHONE.rate)
        grammar = book.compose((*rules, *GLOBAL_MOVES), length=4 if rules == ("number",) else None)
        transcript = hear(recogniser, grammar, recordings.over_the_telephone(spoken))
        wanted = book.meanings(text.lower(), book.names)
        found[text] = {
            "heard": transcript.text,
            "understood": bool(set(wanted) & set(book.meanings(transcript.text, book.names))),
            "accepted": transcript.accepted,
            "confidence": None if transcript.confidence is None else round(transcript.confidence, 2),
        }
    return found


def _open_ms(recogniser: Recogniser) -> dict[str, float]:
    """The first stream of a grammar builds its decoder; the next finds it waiting."""
    grammar = GrammarBook.load([BOOK["en"]]).compose(("date", "promise_to_pay", *GLOBAL_MOVES))
    found = {}
    for name in ("first", "again"):
        began = time.perf_counter()
        stream = recogniser.open(Hints("en", grammar))
        found[name] = round((time.perf_counter() - began) * 1000, 2)
        stream.close()
    return found


def _stream_mb(recogniser: Recogniser, streams: int = 10) -> float:
    grammar = GrammarBook.load([BOOK["en"]]).compose(("amount", *GLOBAL_MOVES))
    process = psutil.Process()
    before = process.memory_info().rss
    opened = [recogniser.open(Hints("en", grammar)) for _ in range(streams)]
    after = process.memory_info().rss
    for stream in opened:
        stream.close()
    return (after - before) / 1e6 / streams


def _table(model: str, found: Mapping[str, Any]) -> Table:
    table = Table(title=f"{model}: open {found['open_ms']} ms, memory {found['memory_mb']} MB", title_justify="left")
    for column in ("state", "n", "understood", "and accepted", "wrong, accepted", "RTF"):
        table.add_column(column, justify="left" if column == "state" else "right")
    for name, row in found["states"].items():
        shares = (row["understood"], row["understood_and_accepted"], row["wrong_and_accepted"])
        table.add_row(name, str(row["n"]), *(f"{share:.0%}" for share in shares), str(row["real_time_factor"]))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Recognition of people's recordings over a telephone line.")
    parser.add_argument("--recordings", type=Path, default=HUMAN_SPEECH)
    parser.add_argument("--model", action="append", default=[], metavar="NAME=FOLDER", help="another acoustic model")
    arguments = parser.parse_args()
    others = {name: Path(folder) for name, _, folder in (model.partition("=") for model in arguments.model)}
    console = Console()
    console.print(machine(), style="dim", highlight=False)
    for model, found in run(arguments.recordings, {"wheel, 16 kHz": None, **others}).items():
        console.print(_table(model, found))
        console.print("other speech accepted:", found["other_speech_accepted"])
        for text, row in found["synthetic"].items():
            console.print(f"  {'ok ' if row['understood'] and row['accepted'] else 'BAD'} {text!r} -> {row}")


if __name__ == "__main__":
    main()
