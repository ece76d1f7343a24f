"""What PocketSphinx hears while it listens for machines too: a person is still heard, and each is told by its words."""

from __future__ import annotations

import pytest

from bot.call.answerer import classifier
from bot.call.answerer.classifier import AnswererState
from bot.vocabulary import Answerer
from speech.asr.grammar import BOOK, GLOBAL_MOVES, NOT_A_PERSON, GrammarBook
from speech.asr.pocketsphinx import PocketSphinxRecogniser
from speech.asr.port import Hints
from speech.audio import TELEPHONE, Frame
from speech.engines import load_synthesiser
from speech.resampling import resample
from speech.tts.port import Voice

pytestmark = pytest.mark.integration

RULES = ("affirm", "deny", *GLOBAL_MOVES, *NOT_A_PERSON)


@pytest.fixture(scope="module")
def recogniser() -> PocketSphinxRecogniser:
    return PocketSphinxRecogniser()


def spoken(text: str) -> Frame:
    """A synthetic voice at the telephone's rate, a third of a second of silence around it."""
    pieces = list(load_synthesiser("espeak-ng").synthesise(text, Voice("en", "en-us")))
    voice = resample(Frame(pieces[0].format, b"".join(piece.data for piece in pieces)), TELEPHONE.rate)
    around = bytes(TELEPHONE.bytes_for(TELEPHONE.samples_for_ms(330)))
    return Frame(TELEPHONE, around + voice.data + around)


@pytest.mark.parametrize(
    ("text", "rule", "answerer"),
    [
        ("yes speaking", "affirm", Answerer.HUMAN),
        ("who is this", "ask_identity", Answerer.HUMAN),
        ("wrong number", "wrong_person", Answerer.HUMAN),
        ("please leave a message after the tone", "answering_machine", Answerer.MACHINE),
        (
            "sorry i can't come to the phone right now please leave your name and number",
            "answering_machine",
            Answerer.MACHINE,
        ),
        ("please state your name and why you're calling", "call_screening", Answerer.SCREENER),
        ("sorry the subscriber you dialed is powered off", "network_announcement", Answerer.ANNOUNCEMENT),
    ],
)
def test_it_is_heard_who_answered(recogniser: PocketSphinxRecogniser, text: str, rule: str, answerer: Answerer) -> None:
    book = GrammarBook.load([BOOK["en"]])
    stream = recogniser.open(Hints("en", book.compose(RULES)))
    stream.accept(spoken(text))
    transcript = stream.finalise()
    assert transcript.accepted
    assert book.meanings(transcript.text, RULES) == (rule,)
    _, detection = classifier.words(AnswererState(), transcript.text, "en", True, 3000)
    assert detection is not None
    assert detection.answerer is answerer
