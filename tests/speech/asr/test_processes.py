"""A recogniser in processes of its own: what becomes of streams when a process dies, hangs, or nobody holds them.

That it recognises as the engine itself does, tests/contracts/test_asr.py shows.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import psutil
import pytest

from speech.asr import processes
from speech.asr.engines import load_recogniser_apart
from speech.asr.pocketsphinx import PocketSphinxRecogniser
from speech.asr.port import Hints, RecognitionError, RecognitionStream
from speech.asr.processes import ProcessEnded, RecogniserProcesses
from tests.speech.asr.fragile_engine import DIE, FAIL_ODDLY, HANG, QUIET, FragileRecogniser, broken_engine

pytestmark = pytest.mark.integration

HINTS = Hints("en", "one grammar")


@pytest.fixture
def recogniser() -> Iterator[RecogniserProcesses]:
    made = RecogniserProcesses(FragileRecogniser, 2)
    yield made
    made.close()


def says(stream: RecognitionStream) -> tuple[int, int, int]:
    """The process, the streams open in it, and how often the stream's hints were opened there."""
    said = stream.preview()
    assert said is not None
    process, streams, opened = map(int, said.text.split())
    return process, streams, opened


def test_streams_are_shared_out_among_the_processes(recogniser: RecogniserProcesses) -> None:
    streams = [recogniser.open(HINTS) for _ in range(6)]
    assert sorted(open_there for _, open_there, _ in map(says, streams)) == [3] * 6
    assert len({process for process, _, _ in map(says, streams)}) == 2
    streams[0].finalise()
    streams[2].close()
    process, _, _ = says(streams[4])
    assert says(recogniser.open(HINTS))[0] == process, "the one with fewer streams"


def test_new_hints_are_taken_up_by_every_process_before_the_first_stream(recogniser: RecogniserProcesses) -> None:
    streams = [recogniser.open(HINTS), recogniser.open(HINTS)]
    assert [says(stream)[2] for stream in streams] == [2, 2]
    assert says(recogniser.open(Hints("en", "another")))[2] == 2


def test_a_process_that_ends_takes_its_own_streams_alone(recogniser: RecogniserProcesses) -> None:
    lost, kept = recogniser.open(HINTS), recogniser.open(HINTS)
    with pytest.raises(ProcessEnded, match="exit code 3"):
        lost.accept(DIE)
    with pytest.raises(ProcessEnded):
        lost.preview()
    lost.close()
    kept.accept(QUIET)
    assert says(recogniser.open(HINTS))[1] > 0


def test_a_process_that_died_between_two_utterances_costs_none(recogniser: RecogniserProcesses) -> None:
    streams = [recogniser.open(HINTS), recogniser.open(HINTS)]
    ended = [psutil.Process(says(stream)[0]) for stream in streams]
    for process in ended:
        process.kill()
    psutil.wait_procs(ended)
    assert says(recogniser.open(HINTS))[0] not in [process.pid for process in ended]


def test_a_process_that_hangs_is_ended(recogniser: RecogniserProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = recogniser.open(HINTS)
    monkeypatch.setattr(processes, "ANSWER_WITHIN_S", 0.05)
    with pytest.raises(ProcessEnded, match="exit code -9"):
        stream.accept(HANG)


def test_a_stream_that_nobody_holds_is_closed_in_its_process(recogniser: RecogniserProcesses) -> None:
    kept, lost, last = (recogniser.open(HINTS) for _ in range(3))
    assert says(last)[1] == 2
    del lost, kept
    gc.collect()
    assert says(last)[1] == 1


def test_closing_waits_for_nobody(recogniser: RecogniserProcesses) -> None:
    streams = [recogniser.open(HINTS) for _ in range(3)]
    with streams[2]._process._turn:  # another stream of its process is being decoded
        streams[2].close()
    assert says(streams[0])[1] == 1


def test_an_error_that_cannot_travel_is_told_in_its_words(recogniser: RecogniserProcesses) -> None:
    stream = recogniser.open(HINTS)
    with pytest.raises(RecognitionError, match="OddError: one and the other"):
        stream.accept(FAIL_ODDLY)
    stream.accept(QUIET)


def test_what_loading_raises_is_raised_and_no_process_left() -> None:
    before = len(psutil.Process().children())
    with pytest.raises(RecognitionError, match="not on this machine"):
        RecogniserProcesses(broken_engine, 2)
    assert len(psutil.Process().children()) == before


def test_closing_ends_the_processes() -> None:
    recogniser = RecogniserProcesses(FragileRecogniser, 2)
    process = says(recogniser.open(HINTS))[0]
    recogniser.close()
    assert not psutil.pid_exists(process)


def test_without_processes_the_engine_is_here() -> None:
    assert isinstance(load_recogniser_apart("pocketsphinx", processes=0), PocketSphinxRecogniser)


def test_no_process_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one process"):
        RecogniserProcesses(FragileRecogniser, 0)
