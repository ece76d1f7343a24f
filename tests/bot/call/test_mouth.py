"""The mouth says a long prompt sentence by sentence, and to the call it is one prompt."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.call.core import events
from bot.call.mouth import Mouth, Rendered
from dialogue.prompts import Expectation, Prompt
from speech import wav
from speech.audio import AudioFormat, Frame, Samples
from speech.tts.port import SynthesisError, Voice
from speech.tts.prompt_cache import PromptCache
from telephony_bridge.leg import PlayoutEnded, PlayoutStarted
from tests.patience import PATIENCE_S, soon

pytestmark = pytest.mark.unit

ANNA = Voice("en", "anna")
FIRST, SECOND, THIRD = "I have noted that.", "You will pay on Friday.", "Goodbye for today."
TEXT = f"{FIRST} {SECOND} {THIRD}"


class Engine:
    """Hums 100 ms a word, each sentence in its own pitch; the sentence in `held` only when it is let go."""

    name, version, format = "hum", "1", AudioFormat(8000)

    def __init__(self) -> None:
        self.held = ""
        self.broken = ""
        self.let_go = threading.Event()
        self.begun = threading.Event()

    def voices(self) -> tuple[Voice, ...]:
        return (ANNA,)

    def synthesise(self, text: str, voice: Voice) -> Iterator[Frame]:
        self.begun.set()
        if text == self.held:
            self.let_go.wait(PATIENCE_S)
        if text == self.broken:
            raise SynthesisError("the engine broke")
        t = np.arange(800 * len(text.split())) / 8000
        yield Frame.of((3000 * np.sin(2 * np.pi * (300 + 10 * len(text)) * t)).astype(np.int16), 8000)


class Line:
    """A playout that notes what it is given."""

    def __init__(self) -> None:
        self.played: asyncio.Queue[tuple[str, Path]] = asyncio.Queue()
        self.stopped: asyncio.Queue[None] = asyncio.Queue()

    async def play(self, path: Path, playout_id: str) -> None:
        self.played.put_nowait((playout_id, path))

    async def stop(self) -> None:
        self.stopped.put_nowait(None)

    async def next(self) -> tuple[str, Path]:
        return await soon(self.played.get())


class Scene:
    def __init__(self, folder: Path) -> None:
        self.engine, self.line = Engine(), Line()
        self.told: asyncio.Queue[events.Event] = asyncio.Queue()
        self.notes: list[Rendered] = []
        self.cache = PromptCache(folder, self.engine)
        self.executor = ThreadPoolExecutor(2)
        self.mouth = Mouth(
            "c1",
            self.line,
            self.cache,
            ANNA,
            self.executor,
            self.told.put_nowait,
            self.notes.append,
            by_sentence=True,
        )

    def say(self, text: str = TEXT, playout_id: str = "p1", start: int = 0) -> None:
        self.mouth.speak(playout_id, Prompt("utter_noted", 0, text, Expectation(), False, True), start)

    def sound(self, *texts: str) -> Samples:
        return np.concatenate([wav.read(self.cache.render(text, ANNA)).samples() for text in texts])


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = Scene(tmp_path)
    running = asyncio.create_task(made.mouth.run())
    yield made
    running.cancel()
    made.engine.let_go.set()
    made.executor.shutdown()
    made.mouth.close()
    assert await asyncio.to_thread(lambda: list(tmp_path.glob("c1.*"))) == []  # nothing of one call alone stays


async def test_the_first_sentence_goes_out_while_the_second_is_still_being_spoken(scene: Scene) -> None:
    scene.engine.held = SECOND
    scene.say()
    playout_id, path = await scene.line.next()
    assert playout_id == "p1"
    assert (wav.read(path).samples() == scene.sound(FIRST)).all()
    assert [(note.playout_id, note.text) for note in scene.notes] == [("p1", TEXT)]
    assert scene.mouth.lengths == {}  # it is not known yet
    scene.engine.let_go.set()
    assert [(await scene.line.next())[0] for _ in range(2)] == ["p1.1", "p1.2"]
    assert scene.mouth.lengths == {"p1": len(scene.sound(FIRST, SECOND, THIRD))}
    for piece_id, text in {"p1": FIRST, "p1.1": SECOND, "p1.2": THIRD}.items():
        assert (wav.read(scene.mouth.sent[piece_id]).samples() == scene.sound(text)).all()


async def test_what_the_line_tells_of_the_pieces_is_told_of_the_prompt(scene: Scene) -> None:
    scene.say()
    ids = [(await scene.line.next())[0] for _ in range(3)]
    line = [event for one in ids for event in (PlayoutStarted(one), PlayoutEnded(one, 1000, completed=True))]
    told = [joined for event in line if (joined := scene.mouth.joined(event)) is not None]
    assert told == [PlayoutStarted("p1"), PlayoutEnded("p1", 3000, completed=True)]


async def test_a_prompt_that_was_spoken_before_goes_out_whole(scene: Scene) -> None:
    scene.cache.render(TEXT, ANNA)
    scene.say()
    playout_id, path = await scene.line.next()
    assert (playout_id, path) == ("p1", scene.cache.find(TEXT, ANNA))
    assert scene.mouth.sent == {"p1": path}
    assert scene.mouth.lengths == {"p1": len(scene.sound(TEXT))}


async def test_stopped_while_the_second_is_being_spoken_nothing_more_goes_out(scene: Scene) -> None:
    scene.engine.held = SECOND
    scene.say()
    await scene.line.next()
    scene.mouth.stop()
    await soon(scene.line.stopped.get())
    assert scene.mouth.joined(PlayoutEnded("p1", 700, completed=False)) == PlayoutEnded("p1", 700, completed=False)
    scene.engine.let_go.set()
    scene.say("Next.", "p2")
    assert (await scene.line.next())[0] == "p2"
    assert scene.told.empty()


async def test_stopped_in_the_pause_after_the_first_its_end_is_told(scene: Scene) -> None:
    scene.engine.held = SECOND
    scene.say()
    await scene.line.next()
    assert scene.mouth.joined(PlayoutEnded("p1", 1000, completed=True)) is None
    scene.mouth.stop()
    assert await soon(scene.told.get()) == events.PlayoutEnded("p1", 1000, completed=False)


async def test_stopped_before_the_first_is_ready_it_was_never_heard(scene: Scene) -> None:
    scene.engine.held = FIRST
    scene.say()
    await soon(asyncio.to_thread(scene.engine.begun.wait, PATIENCE_S))
    scene.mouth.stop()
    assert await soon(scene.told.get()) == events.PlayoutEnded("p1", 0, completed=False)
    await soon(scene.line.stopped.get())
    assert scene.line.played.empty()


async def test_an_engine_that_breaks_in_the_second_sentence_is_told_and_the_prompt_ends(scene: Scene) -> None:
    scene.engine.broken = SECOND
    scene.say()
    await scene.line.next()
    broken = await soon(scene.told.get())
    assert isinstance(broken, events.Broken)
    assert scene.mouth.joined(PlayoutEnded("p1", 900, completed=True)) == PlayoutEnded("p1", 900, completed=False)


async def test_what_is_left_of_it_is_cut_from_the_same_sound(scene: Scene) -> None:
    scene.say()
    for _ in range(3):
        await scene.line.next()
    scene.say(playout_id="p2", start=5000)
    playout_id, path = await scene.line.next()
    assert playout_id == "p2"
    assert (wav.read(path).samples() == scene.sound(FIRST, SECOND, THIRD)[5000:]).all()
