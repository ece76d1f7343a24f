"""What every recogniser keeps to."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from speech.asr.faster_whisper import FasterWhisperRecogniser
from speech.asr.pocketsphinx import PocketSphinxRecogniser
from speech.asr.port import Hints, Recogniser, RecognitionStream, StreamClosed, Transcript, UnsupportedLanguage
from speech.asr.processes import RecogniserProcesses
from speech.asr.vosk import VoskRecogniser
from speech.audio import TELEPHONE, WIDEBAND, AudioFormat, Encoding, FormatMismatch, Frame, Samples, silence
from tests.needs import VOSK_MODELS, vosk_model
from tests.speech.asr import tiny_whisper

pytestmark = pytest.mark.contract

GRAMMAR = "#JSGF V1.0;\ngrammar test;\npublic <answer> = yes | no | one two three;\n"


@pytest.fixture(scope="session")
def whisper_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.build(tmp_path_factory.mktemp("models") / "tiny-whisper")


ENGINES: dict[str, Callable[[pytest.FixtureRequest], Recogniser]] = {
    "pocketsphinx": lambda request: PocketSphinxRecogniser(),
    "pocketsphinx in processes": lambda request: RecogniserProcesses(PocketSphinxRecogniser, 2),
    "vosk": lambda request: VoskRecogniser(VOSK_MODELS / str(vosk_model()), "en"),
    "faster-whisper": lambda request: FasterWhisperRecogniser(request.getfixturevalue("whisper_model")),
}


@pytest.fixture(
    scope="module",
    params=[
        "pocketsphinx",
        "pocketsphinx in processes",
        pytest.param("vosk", marks=pytest.mark.requires("vosk-model")),
        "faster-whisper",
    ],
)
def recogniser(request: pytest.FixtureRequest) -> Iterator[Recogniser]:
    engine = ENGINES[request.param](request)
    yield engine
    if isinstance(engine, RecogniserProcesses):
        engine.close()


@pytest.fixture(params=[GRAMMAR, None], ids=["grammar", "free"])
def hints(request: pytest.FixtureRequest) -> Hints:
    return Hints("en", request.param)


def babble(seconds: float) -> Samples:
    """A buzz at a voice's pitch with the rhythm of syllables: sound to work on, nothing to understand."""
    t = np.arange(int(TELEPHONE.rate * seconds)) / TELEPHONE.rate
    harmonics = sum(np.sin(2 * np.pi * 130 * n * t) / n for n in range(1, 20))
    return (6000 * np.asarray(harmonics) * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t))).astype(np.int16)


def feed(stream: RecognitionStream, samples: Samples, sizes: Sequence[int] = (160,), position: int = 0) -> None:
    at = 0
    for size in itertools.cycle(sizes):
        if at >= len(samples):
            return
        stream.accept(Frame.of(samples[at : at + size], TELEPHONE.rate, position + at))
        at += size


def heard(recogniser: Recogniser, hints: Hints, samples: Samples, sizes: Sequence[int] = (160,)) -> Transcript:
    stream = recogniser.open(hints)
    feed(stream, samples, sizes)
    return stream.finalise()


def test_names_itself(recogniser: Recogniser) -> None:
    assert recogniser.name
    assert any(character.isdigit() for character in recogniser.version)
    assert "en" in recogniser.languages
    assert recogniser.format == TELEPHONE


def test_nothing_said_is_an_empty_text(recogniser: Recogniser, hints: Hints) -> None:
    transcript = recogniser.open(hints).finalise()
    assert transcript.text == ""
    assert transcript.words == ()
    assert transcript.start == transcript.end == 0


def test_an_empty_frame_changes_nothing(recogniser: Recogniser, hints: Hints) -> None:
    stream = recogniser.open(hints)
    assert stream.accept(Frame(TELEPHONE, b"", 4000)) is None
    transcript = stream.finalise()
    assert (transcript.text, transcript.start, transcript.end) == ("", 4000, 4000)


def test_positions_are_those_of_the_stream(recogniser: Recogniser, hints: Hints) -> None:
    stream = recogniser.open(hints)
    feed(stream, babble(1.5), position=80_000)
    transcript = stream.finalise()
    assert transcript.start == 80_000
    assert transcript.end == 92_000
    for word in transcript.words:
        assert 80_000 <= word.start <= word.end <= 92_000
    assert sorted(transcript.words, key=lambda word: word.start) == list(transcript.words)


def test_confidence_is_a_fraction(recogniser: Recogniser, hints: Hints) -> None:
    sure = heard(recogniser, hints, babble(1)).confidence
    assert sure is None or 0 <= sure <= 1


def test_the_same_sound_gives_the_same_words(recogniser: Recogniser, hints: Hints) -> None:
    assert heard(recogniser, hints, babble(1)) == heard(recogniser, hints, babble(1))


def test_an_utterance_leaves_nothing_behind_for_the_next(recogniser: Recogniser, hints: Hints) -> None:
    alone = heard(recogniser, hints, babble(0.8))
    loud = np.clip(babble(1.2).astype(np.int32) * 4, -32768, 32767).astype(np.int16)
    heard(recogniser, hints, loud)
    assert heard(recogniser, hints, babble(0.8)) == alone


def test_frames_of_any_size_are_taken(recogniser: Recogniser, hints: Hints) -> None:
    assert heard(recogniser, hints, babble(1), (1, 37, 160, 401)).end == TELEPHONE.rate


def test_two_streams_at_once_do_not_disturb_each_other(recogniser: Recogniser, hints: Hints) -> None:
    alone = heard(recogniser, hints, babble(1))
    one, other = recogniser.open(hints), recogniser.open(hints)
    for at in range(0, TELEPHONE.rate, 160):
        one.accept(Frame.of(babble(1)[at : at + 160], TELEPHONE.rate, at))
        other.accept(silence(TELEPHONE, 20, at))
    other.close()
    assert one.finalise() == alone


def test_a_long_utterance_is_survived(recogniser: Recogniser) -> None:
    assert heard(recogniser, Hints("en", GRAMMAR), babble(45), (1600,)).end == 45 * TELEPHONE.rate


def test_a_preview_does_not_end_the_utterance(recogniser: Recogniser, hints: Hints) -> None:
    alone = heard(recogniser, hints, babble(1))
    stream = recogniser.open(hints)
    feed(stream, babble(1)[:4000])
    preview = stream.preview()
    assert preview is None or (preview.start, preview.end) == (0, 4000)
    feed(stream, babble(1)[4000:], position=4000)
    assert stream.finalise() == alone


def test_digital_silence_is_survived(recogniser: Recogniser, hints: Hints) -> None:
    stream = recogniser.open(hints)
    stream.accept(silence(TELEPHONE, 3000))
    transcript = stream.finalise()
    assert transcript.end == 3 * TELEPHONE.rate


@pytest.mark.parametrize("wrong", [WIDEBAND, AudioFormat(8000, Encoding.ULAW)], ids=str)
def test_another_format_is_refused_and_the_stream_lives_on(recogniser: Recogniser, wrong: AudioFormat) -> None:
    stream = recogniser.open(Hints("en", GRAMMAR))
    with pytest.raises(FormatMismatch):
        stream.accept(Frame(wrong, bytes(320)))
    stream.accept(silence(TELEPHONE, 20))
    assert stream.finalise().end == 160


def test_a_finalised_stream_takes_no_more(recogniser: Recogniser, hints: Hints) -> None:
    stream = recogniser.open(hints)
    stream.finalise()
    with pytest.raises(StreamClosed):
        stream.accept(silence(TELEPHONE, 20))
    with pytest.raises(StreamClosed):
        stream.preview()
    with pytest.raises(StreamClosed):
        stream.finalise()
    stream.close()


def test_a_closed_stream_takes_no_more(recogniser: Recogniser, hints: Hints) -> None:
    stream = recogniser.open(hints)
    feed(stream, babble(0.2))
    stream.close()
    stream.close()
    with pytest.raises(StreamClosed):
        stream.accept(silence(TELEPHONE, 20))
    with pytest.raises(StreamClosed):
        stream.finalise()


def test_an_unknown_language_is_refused_with_those_it_hears(recogniser: Recogniser) -> None:
    with pytest.raises(UnsupportedLanguage, match="en"):
        recogniser.open(Hints("tlh"))
