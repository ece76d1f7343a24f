"""PocketSphinx with grammars: what it refuses, what it remembers, what it makes of a voice."""

from __future__ import annotations

from typing import Any

import pytest

from speech.asr.grammar import BOOK, GLOBAL_MOVES, GrammarBook
from speech.asr.pocketsphinx import PocketSphinxRecogniser
from speech.asr.port import BadGrammar, Hints
from speech.asr.sphinx_model import AcousticModel, Decoder
from speech.asr.warming import warm_up
from speech.audio import TELEPHONE, Frame
from speech.engines import load_synthesiser
from speech.resampling import resample
from speech.tts.port import Voice

pytestmark = pytest.mark.integration

YES_NO = ("affirm", "deny", *GLOBAL_MOVES)


@pytest.fixture(scope="module")
def recogniser() -> PocketSphinxRecogniser:
    return PocketSphinxRecogniser()


@pytest.fixture(scope="module")
def book() -> GrammarBook:
    return GrammarBook.load([BOOK["en"]])


def spoken(text: str) -> Frame:
    """A synthetic voice on a telephone line, a third of a second of silence around it."""
    pieces = list(load_synthesiser("espeak-ng").synthesise(text, Voice("en", "en-us")))
    voice = resample(Frame(pieces[0].format, b"".join(piece.data for piece in pieces)), TELEPHONE.rate)
    around = bytes(TELEPHONE.bytes_for(TELEPHONE.samples_for_ms(330)))
    return Frame(TELEPHONE, around + voice.data + around)


@pytest.mark.parametrize(
    ("text", "rules", "meaning"),
    [
        ("yes", YES_NO, "affirm"),
        ("no", YES_NO, "deny"),
        ("can i talk to a human please", YES_NO, "ask_human"),
        ("you have the wrong number", YES_NO, "wrong_person"),
        ("i have already paid", ("promise_to_pay", "already_paid", "cannot_pay", *GLOBAL_MOVES), "already_paid"),
        ("i will pay on friday", ("promise_to_pay", "already_paid", "cannot_pay", *GLOBAL_MOVES), "promise_to_pay"),
        ("on friday", ("date", *GLOBAL_MOVES), "date"),
    ],
)
def test_a_sentence_of_the_grammar_is_heard(
    recogniser: PocketSphinxRecogniser, book: GrammarBook, text: str, rules: tuple[str, ...], meaning: str
) -> None:
    stream = recogniser.open(Hints("en", book.compose(rules)))
    stream.accept(spoken(text))
    transcript = stream.finalise()
    assert meaning in book.meanings(transcript.text, rules)
    assert [word.text for word in transcript.words] == transcript.text.split()


def test_another_sentence_is_not_accepted(recogniser: PocketSphinxRecogniser, book: GrammarBook) -> None:
    stream = recogniser.open(Hints("en", book.compose(("number",), length=4)))
    stream.accept(spoken("the weather in the mountains was wonderful"))
    transcript = stream.finalise()
    assert not transcript.accepted
    assert transcript.confidence is not None
    assert transcript.confidence < 0.4


BESIDE = ("deny", *GLOBAL_MOVES)


@pytest.mark.parametrize(
    ("text", "meaning"), [("a human please", "ask_human"), ("do not call me again", "do_not_call")]
)
def test_a_request_is_heard_beside_free_speech(
    recogniser: PocketSphinxRecogniser, book: GrammarBook, text: str, meaning: str
) -> None:
    """VB-14: at the free question, too, a human can be asked for."""
    stream = recogniser.open(Hints("en", None, book.compose(BESIDE)))
    stream.accept(spoken(text))
    transcript = stream.finalise()
    assert meaning in book.meanings(transcript.text, BESIDE)
    assert transcript.confidence is not None


@pytest.mark.parametrize("text", ["the mobile app should be faster", "your staff were very friendly and quick"])
def test_a_comment_remains_free_speech(recogniser: PocketSphinxRecogniser, book: GrammarBook, text: str) -> None:
    stream = recogniser.open(Hints("en", None, book.compose(BESIDE)))
    stream.accept(spoken(text))
    transcript = stream.finalise()
    assert not book.meanings(transcript.text, BESIDE)
    assert (transcript.confidence, transcript.accepted) == (None, True)


def test_a_preview_says_what_finalising_will(recogniser: PocketSphinxRecogniser, book: GrammarBook) -> None:
    stream = recogniser.open(Hints("en", book.compose(YES_NO)))
    stream.accept(spoken("can i talk to a human please"))
    preview = stream.preview()
    assert preview is not None
    assert preview == stream.preview()
    final = stream.finalise()
    assert (preview.text, preview.accepted) == (final.text, final.accepted)


def test_without_a_threshold_everything_is_accepted() -> None:
    stream = PocketSphinxRecogniser(accept_from=0).open(Hints("en", "#JSGF V1.0;\npublic <a> = yes | no;\n"))
    stream.accept(spoken("the weather in the mountains was wonderful"))
    transcript = stream.finalise()
    assert transcript.accepted
    assert transcript.confidence is None


def test_words_it_cannot_pronounce_are_all_named(recogniser: PocketSphinxRecogniser) -> None:
    with pytest.raises(BadGrammar, match="frobnicate, zyxx") as caught:
        recogniser.open(Hints("en", "#JSGF V1.0;\npublic <a> = please frobnicate the zyxx;\n"))
    assert caught.value.words == ("frobnicate", "zyxx")


@pytest.mark.parametrize(
    ("grammar", "message"),
    [
        ("not a grammar", "begins with"),
        ("#JSGF V1.0;\n<a> = yes;\n", "exactly one public rule, this one has 0"),
        ("#JSGF V1.0;\npublic <a> = yes;\npublic <b> = no;\n", "this one has 2"),
        ("#JSGF V1.0;\npublic <a> = <b>;\n", "grammar:2: <b> is not a rule"),
        ("#JSGF V1.0;\npublic <a> = yes <a>;\n", "contains itself"),
    ],
)
def test_a_grammar_it_cannot_use_is_refused(recogniser: PocketSphinxRecogniser, grammar: str, message: str) -> None:
    with pytest.raises(BadGrammar, match=message):
        recogniser.open(Hints("en", grammar))


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Decoder]:
    """The decoders that were built since."""
    made: list[Decoder] = []
    build = AcousticModel._decoder

    def counted(model: AcousticModel, **config: Any) -> Decoder:
        made.append(build(model, **config))
        return made[-1]

    monkeypatch.setattr(AcousticModel, "_decoder", counted)
    return made


def test_the_next_call_finds_the_decoder_of_the_last(book: GrammarBook, built: list[Decoder]) -> None:
    recogniser = PocketSphinxRecogniser()
    hints = Hints("en", book.compose(("rating",)))
    built.clear()
    recogniser.open(hints).close()
    recogniser.open(hints).close()
    assert len(built) == 1
    one, two = recogniser.open(hints), recogniser.open(hints)
    assert len(built) == 2
    one.close()
    two.close()


def test_whoever_is_heard_after_a_warm_up_waits_for_no_decoder(book: GrammarBook, built: list[Decoder]) -> None:
    recogniser = PocketSphinxRecogniser()
    hints = Hints("en", book.compose(YES_NO))
    warm_up(recogniser, hints)
    built.clear()
    stream = recogniser.open(hints)
    stream.accept(spoken("yes"))
    assert stream.preview()
    assert stream.finalise().text == "yes"
    assert not built
