"""An engine dies, hangs or is slow in the middle of a call: no silence over 2 s, and a whole tape.

Everything but the switch is real, in virtual time: what an engine is said to take, passes on the call's clock.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt
import pytest
import pytest_asyncio
from rich.console import Console

from bot.call.equipment import Equipment, OneModel
from bot.call.mind import DialogueTurns
from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.prepared import Prepared
from bot.call.service import CallService
from bot.call.tape import Observe, TapeState, read_tape, verify_tape
from bot.preparation import prepare
from bot.rehearsal.line import Line
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.sound import synthetic
from bot.rehearsal.virtual_time import InlineExecutor
from bot.settings import DialogueSettings, FolderSettings, Settings
from bot.vocabulary import Outcome
from dialogue.client import DialogueUnavailable
from dialogue.protocol import Reply, Source, Started, WireEntity
from nlu.understanding import Context, Understander, Understanding
from speech import wav
from speech.asr.port import Hints, Recogniser, RecognitionStream, Transcript
from speech.audio import TELEPHONE, AudioFormat, Frame, Samples
from speech.tts.port import Synthesiser, SynthesisError, Voice
from tests.patience import PATIENCE_S
from tests.trained import models_in

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="module"),
]

T = TypeVar("T")
P = ParamSpec("P")

SCRIPT = "satisfaction_survey"
STRIKES_AT = "utter_ask_rating"
ANSWERS = {
    "utter_ask_survey_consent": "yes",
    STRIKES_AT: "five",
    "utter_ask_resolved": "yes",
    "utter_ask_comment": "no",
}
KEYS = {STRIKES_AT: "5", "utter_ask_resolved": "1"}
"""What the customer presses once the bot cannot hear; keys are no comment."""
FAREWELL, APOLOGY, ONE_MOMENT = "utter_survey_thanks", "utter_technical_apology", "utter_one_moment"
KEYS_ONLY, HAND_OVER = "utter_keys_only", "utter_technical_hand_over"
SILENCE_LIMIT_MS = 2000.0
LOUD = 300
"""Peak from which 20 ms count as sound (-41 dBFS)."""
TICK = TELEPHONE.samples_for_ms(20)


class Trouble(StrEnum):
    RAISES = "raises"
    HANGS = "hangs"
    SLOW = "slow"


SLOW_S = 3.0
"""Slow enough to be noticed, and more than a recogniser may take."""


class Engine(StrEnum):
    ASR = "asr"
    TTS = "tts"
    NLU = "nlu"
    DIALOGUE = "dialogue"


GOES_ON = {(Engine.TTS, Trouble.SLOW), (Engine.DIALOGUE, Trouble.SLOW)}
"""What the call gets over."""

DEAF = {*((Engine.ASR, trouble) for trouble in Trouble), (Engine.NLU, Trouble.HANGS), (Engine.NLU, Trouble.SLOW)}
"""What the call answers with keys for as long as it can: no turn comes to an end while its words cannot be weighed."""


def last_words(engine: Engine, trouble: Trouble) -> str:
    """A colleague takes the call over, unless no voice is left to say so."""
    if (engine, trouble) in GOES_ON:
        return FAREWELL
    return APOLOGY if engine is Engine.TTS else HAND_OVER


class EngineTime(Executor):
    """Does the work at once; its result comes after the time that the work says it takes."""

    def __init__(self) -> None:
        self._inline = InlineExecutor()
        self._takes = 0.0

    def take(self, seconds: float) -> None:
        self._takes += seconds

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self._takes = 0.0
        done = self._inline.submit(fn, *args, **kwargs)
        if not self._takes:
            return done
        late: Future[T] = Future()
        if math.isfinite(self._takes):
            asyncio.get_running_loop().call_later(self._takes, _hand_on, done, late)
        return late


def _hand_on(done: Future[T], late: Future[T]) -> None:
    if not late.set_running_or_notify_cancel():
        return
    error = done.exception()
    if error is not None:
        late.set_exception(error)
    else:
        late.set_result(done.result())


@dataclass
class Strike:
    """What befalls one engine once the bot asks its question, and stays so."""

    engine: Engine
    trouble: Trouble
    time: EngineTime
    prompt: str | None = None
    at_ms: float | None = None

    def observe(self, row: Mapping[str, Any]) -> None:
        if row["kind"] == "speak" and row["prompt"]["name"] == STRIKES_AT:
            self.prompt = row["playout_id"]
        elif row["kind"] == "playout_started" and row["playout_id"] == self.prompt:
            self.at_ms = float(row["t"])

    def befalls(self, engine: Engine) -> bool:
        return engine is self.engine and self.at_ms is not None

    def hit(self, engine: Engine, error: Exception) -> None:
        """Called by an engine when it is to do something; what hangs leaves nothing behind."""
        if self.befalls(engine):
            if self.trouble is not Trouble.RAISES:
                self.time.take(SLOW_S if self.trouble is Trouble.SLOW else math.inf)
            if self.trouble is not Trouble.SLOW:
                raise error


class StruckStream:
    def __init__(self, stream: RecognitionStream, strike: Strike) -> None:
        self._stream = stream
        self._strike = strike

    def accept(self, frame: Frame) -> Transcript | None:
        self._hit()
        return self._stream.accept(frame)

    def preview(self) -> Transcript | None:
        self._hit()
        return self._stream.preview()

    def finalise(self) -> Transcript:
        self._hit()
        return self._stream.finalise()

    def close(self) -> None:
        self._stream.close()

    def _hit(self) -> None:
        self._strike.hit(Engine.ASR, RuntimeError("the decoder is gone"))


class StruckRecogniser:
    def __init__(self, recogniser: Recogniser, strike: Strike) -> None:
        self._recogniser = recogniser
        self._strike = strike
        self.name = recogniser.name
        self.version = recogniser.version
        self.languages = recogniser.languages
        self.format: AudioFormat = recogniser.format

    def open(self, hints: Hints) -> RecognitionStream:
        self._strike.hit(Engine.ASR, RuntimeError("the decoder is gone"))
        return StruckStream(self._recogniser.open(hints), self._strike)


class StruckSynthesiser:
    def __init__(self, synthesiser: Synthesiser, strike: Strike) -> None:
        self._synthesiser = synthesiser
        self._strike = strike
        self.name = synthesiser.name
        self.version = synthesiser.version
        self.format: AudioFormat = synthesiser.format

    def voices(self) -> tuple[Voice, ...]:
        return self._synthesiser.voices()

    def synthesise(self, text: str, voice: Voice) -> Iterator[Frame]:
        self._strike.hit(Engine.TTS, SynthesisError("the voice is gone"))
        return self._synthesiser.synthesise(text, voice)


class StruckUnderstander:
    def __init__(self, understander: Understander, strike: Strike) -> None:
        self._understander = understander
        self._strike = strike
        self.version = understander.version

    def understand(self, text: str, context: Context) -> Understanding:
        self._strike.hit(Engine.NLU, RuntimeError("the session is gone"))
        return self._understander.understand(text, context)


class StruckConversation:
    def __init__(self, conversation: DialogueTurns, strike: Strike) -> None:
        self._conversation = conversation
        self._strike = strike

    async def start(self) -> Started:
        return await self._conversation.start()

    async def turn(self, intent: str, source: Source, sentiment: str, entities: tuple[WireEntity, ...] = ()) -> Reply:
        if self._strike.befalls(Engine.DIALOGUE):
            match self._strike.trouble:
                case Trouble.RAISES:
                    raise DialogueUnavailable("the dialogue worker is gone")
                case Trouble.HANGS:
                    await asyncio.Event().wait()
                case Trouble.SLOW:
                    await asyncio.sleep(SLOW_S)
        return await self._conversation.turn(intent, source, sentiment, entities)

    async def end(self) -> None:
        await self._conversation.end()


class StruckService(CallService):
    """What a call says without the mind is rendered before the dial, as in every call."""

    strike: Strike

    async def prepare(
        self,
        order: CallOrder,
        observe: Observe = lambda _: None,
        through: Callable[[DialogueTurns], DialogueTurns] = lambda conversation: conversation,
    ) -> Prepared:
        prepared = await super().prepare(
            order, observe, lambda conversation: StruckConversation(through(conversation), self.strike)
        )
        voice = self.equipment.voice(order.language, prepared.loaded.script)
        for prompt in (prepared.state.safe.apology, prepared.state.safe.one_moment):
            self.equipment.prompts.render(prompt.text, voice)
        return prepared


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def healthy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CallService]:
    folder = tmp_path_factory.mktemp("engines")
    models = await asyncio.to_thread(models_in, folder / "models")
    folders = FolderSettings(models=models, prompts=folder / "prompts", tapes=folder / "tapes", runtime=folder / "run")
    dialogue = DialogueSettings(turn_timeout_ms=PATIENCE_S * 1000)
    settings = Settings(dialogue=dialogue, folders=folders, queues={"service": "9301 XML default"})
    await asyncio.to_thread(prepare, settings, [SCRIPT], Console(stderr=True))
    async with platform(settings, [SCRIPT], with_switch=False) as service:
        yield service


@asynccontextmanager
async def struck(healthy: CallService, strike: Strike, prompts: Path) -> AsyncIterator[StruckService]:
    """The same platform with one engine that will be struck, and no prompt rendered yet."""
    equipment = healthy.equipment
    folders = equipment.settings.folders.model_copy(update={"prompts": prompts})
    equipment = Equipment(
        equipment.settings.model_copy(update={"folders": folders}),
        StruckRecogniser(equipment.recogniser, strike),
        StruckSynthesiser(equipment.synthesiser, strike),
        OneModel(StruckUnderstander(equipment.meaning.live(), strike)),
        equipment.voice_activity,
    )
    service = StruckService(equipment, healthy._workers, None, None)
    service.strike = strike
    yield service
    equipment.close()


async def answer(line: Line) -> None:
    """Answers each question once it has been asked, and waits otherwise."""
    heard = 0
    while True:
        await line.quiet(500, since=heard)
        asked = [said.prompt for said in line.said[heard:] if said.completed]
        heard = len(line.said)
        by_keys = KEYS_ONLY in [said.prompt for said in line.said]
        for question in asked:
            if by_keys and question in KEYS:
                await line.press(KEYS[question])
            elif question in ANSWERS:
                await line.say(ANSWERS[question])


async def call(healthy: CallService, engine: Engine, trouble: Trouble, prompts: Path) -> tuple[CallResult, Strike]:
    strike = Strike(engine, trouble, EngineTime())
    order = CallOrder("3001", SCRIPT, "en", {"bank_name": "Harbour Bank"}, date(2026, 11, 24))
    async with struck(healthy, strike, prompts) as service:
        speak = _customers_voice(healthy)
        result = await rehearse(
            service, order, answer, in_sound=True, speak=speak, executor=strike.time, observe=strike.observe
        )
    return result, strike


def _customers_voice(healthy: CallService) -> Callable[[str], Samples]:
    """The customer keeps their voice when the bot loses its own."""
    return synthetic(healthy.equipment.synthesiser, healthy.equipment.voice("en"))


def longest_silence_ms(result: CallResult, since_ms: float) -> float:
    """The longest silence on the line that was not the customer's to break, in the recording.

    In a queue the switch has music for the customer, which is not on it.
    """
    assert result.recording is not None
    rows = read_tape(result.tape)[1]
    origin = next(row["ms"] for row in rows if row["kind"] == "audio_origin")
    ours = next((round((row["t"] - origin) / 20) for row in rows if row["kind"] == "transfer_leg"), None)
    customer, bot = (_loud(side.samples())[:ours] for side in wav.read_stereo(result.recording))
    first = round((since_ms - origin) / 20)
    sounds = [tick for tick in np.flatnonzero(customer | bot) if tick >= first]
    ends = [(tick, bool(customer[tick])) for tick in sounds] + [(len(bot), False)]
    gaps = [later - tick - 1 for tick, (later, customers) in zip(sounds, ends[1:], strict=True) if not customers]
    return 20.0 * max(gaps)


def _loud(samples: Samples) -> npt.NDArray[np.bool_]:
    """For each 20 ms, whether there is a sound."""
    whole = samples[: len(samples) // TICK * TICK].astype(np.int32)
    peaks: npt.NDArray[np.int32] = np.abs(whole).reshape(-1, TICK).max(axis=1)
    return peaks >= LOUD


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("engine", Engine)
async def test_no_silence_and_no_lost_tape(
    healthy: CallService, engine: Engine, trouble: Trouble, tmp_path: Path
) -> None:
    result, strike = await call(healthy, engine, trouble, tmp_path)
    assert strike.at_ms is not None, "the call ended before the engine was struck"
    assert longest_silence_ms(result, strike.at_ms) < SILENCE_LIMIT_MS
    rows = read_tape(result.tape)[1]
    said = [row["prompt"]["name"] for row in rows if row["kind"] == "speak"]
    assert said[-1] == last_words(engine, trouble)
    assert (result.outcome is Outcome.HANDED_OVER) == (said[-1] == HAND_OVER)
    assert (KEYS_ONLY in said) == ((engine, trouble) in DEAF)
    assert "utter_ask_resolved" in said or (engine, trouble) not in DEAF
    assert (ONE_MOMENT in said) == (trouble is not Trouble.RAISES)
    assert verify_tape(result.tape).state is TapeState.INTACT
