"""The mouth of a call: words become audio (from the cache if they were said before) and go to the line.

What has to be spoken anew goes sentence by sentence, so that the first sounds while the others are spoken. To the
call it is one prompt all the same (`pieces.py`). A synthesiser that hangs holds up nothing but the prompt it was given:
`stop` gives that up.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from bot.call.core.events import Broken, Event, PlayoutEnded
from bot.call.pieces import Pieces
from bot.vocabulary import Failure
from dialogue.prompts import Prompt
from speech import wav
from speech.audio import TELEPHONE, Frame
from speech.tts.port import SynthesisError, Voice
from speech.tts.prompt_cache import PromptCache
from speech.tts.sentences import sentences
from telephony_bridge.leg import LegEvent, LegGone, SwitchError
from telephony_bridge.playout import Playout
from telephony_bridge.wav import BadPrompt, prompt_length

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt became audio, or its first sentence did. `ms` is the time that took; near zero from the cache."""

    playout_id: str
    prompt: str
    variation: int
    text: str
    ms: float


class Mouth:
    """Says prompts one after another; `stop` silences the line and forgets those not yet sent.

    `by_sentence`: where rendering takes time. It takes none in virtual time.
    """

    def __init__(
        self,
        call_id: str,
        playout: Playout,
        cache: PromptCache,
        voice: Voice,
        executor: Executor,
        tell: Callable[[Event], None],
        note: Callable[[Rendered], None],
        *,
        by_sentence: bool = False,
    ) -> None:
        self._call_id = call_id
        self._playout = playout
        self._cache = cache
        self._voice = voice
        self._executor = executor
        self._tell = tell
        self._note = note
        self._by_sentence = by_sentence
        self._waiting: asyncio.Queue[tuple[str, Prompt, int] | None] = asyncio.Queue()
        self._rendering: tuple[str, asyncio.Future[Any]] | None = None
        self._stops = 0
        self._pieces = Pieces()
        self._in_pieces: set[str] = set()
        """Texts that this call says so; what is left of one is cut from the same sound."""
        self._remainders: list[Path] = []
        self.sent: dict[str, Path] = {}
        """The audio file of every piece that went to the line, by the id that the line tells of it with."""
        self.lengths: dict[str, int] = {}
        """Samples at 8 kHz of every prompt that went to the line to its end."""

    def speak(self, playout_id: str, prompt: Prompt, start: int = 0) -> None:
        """Queue a prompt, from sample `start` of its audio on."""
        self._waiting.put_nowait((playout_id, prompt, start))

    def stop(self) -> None:
        self._stops += 1
        if self._rendering is not None:
            playout_id, audio = self._rendering
            if audio.cancel() and not self._pieces.begun(playout_id):
                self._tell(PlayoutEnded(playout_id, heard=0, completed=False))
        while not self._waiting.empty():
            dropped = self._waiting.get_nowait()
            if dropped is not None:
                self._tell(PlayoutEnded(dropped[0], heard=0, completed=False))
        self._waiting.put_nowait(None)

    def joined(self, event: LegEvent) -> LegEvent | None:
        """What the line tells of a piece, as what is told of its prompt; None where there is nothing to tell."""
        return self._pieces.joined(event)

    async def run(self) -> None:
        while True:
            item = await self._waiting.get()
            try:
                if item is None:
                    await self._playout.stop()
                else:
                    await self._say(*item)
            except (SynthesisError, ValueError, OSError) as error:
                self._tell(Broken(Failure.SYNTHESIS, str(error)))
            except LegGone:
                pass  # the hang-up event says so
            except SwitchError as error:
                self._tell(Broken(Failure.CONTROL, str(error)))

    def close(self) -> None:
        """Remove what was made for this call alone. The switch has played it or never will."""
        for path in self._remainders:
            path.unlink(missing_ok=True)

    async def _say(self, playout_id: str, prompt: Prompt, start: int) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        parts = self._parts(prompt.text) if start == 0 else ()
        if len(parts) > 1:
            await self._say_parts(playout_id, prompt, parts, began)
            return
        path = await self._rendered(playout_id, partial(self._audio, playout_id, prompt.text, start))
        if path is None:
            return
        self._note(Rendered(playout_id, prompt.name, prompt.variation, prompt.text, (clock() - began) * 1000))
        self.sent[playout_id] = path
        self._count(playout_id, [path])
        await self._playout.play(path, playout_id)

    def _parts(self, text: str) -> Sequence[str]:
        """The sentences that are to be said by themselves; none where all has been spoken before."""
        if not self._by_sentence or (text not in self._in_pieces and self._cache.find(text, self._voice) is not None):
            return ()
        return sentences(text)

    async def _say_parts(self, playout_id: str, prompt: Prompt, parts: Sequence[str], began: float) -> None:
        self._in_pieces.add(prompt.text)
        stops = self._stops
        paths: list[Path] = []
        try:
            for part in parts:
                path = await self._rendered(playout_id, partial(self._cache.render, part, self._voice))
                if path is None or self._stops != stops or self._pieces.over(playout_id):
                    break
                if not paths:
                    ms = (asyncio.get_running_loop().time() - began) * 1000
                    self._note(Rendered(playout_id, prompt.name, prompt.variation, prompt.text, ms))
                paths.append(path)
                last = len(paths) == len(parts)
                if last:
                    self._count(playout_id, paths)
                piece_id = self._pieces.send(playout_id, last=last)
                self.sent[piece_id] = path
                await self._playout.play(path, piece_id)
        finally:
            if (ended := self._pieces.cut(playout_id)) is not None:
                self._tell(PlayoutEnded(playout_id, ended.heard, completed=False))

    def _count(self, playout_id: str, paths: Sequence[Path]) -> None:
        with contextlib.suppress(BadPrompt):  # the line will say that it cannot play it
            self.lengths[playout_id] = sum(map(prompt_length, paths))

    async def _rendered(self, playout_id: str, render: Callable[[], T]) -> T | None:
        """What is rendered; None where the call was told to be silent meanwhile."""
        audio = asyncio.get_running_loop().run_in_executor(self._executor, render)
        self._rendering = playout_id, audio
        try:
            await asyncio.wait([audio])
        finally:
            self._rendering = None
        return None if audio.cancelled() else audio.result()

    def _audio(self, playout_id: str, text: str, start: int) -> Path:
        """The file to play: the prompt's own, or what is left of it from `start` on."""
        parts = sentences(text) if text in self._in_pieces else [text]
        paths = [self._cache.render(part, self._voice) for part in parts]
        if start == 0 and len(paths) == 1:
            return paths[0]
        whole = np.concatenate([wav.read(path).samples() for path in paths])
        rest = self._cache.folder / f"{self._call_id}.{playout_id}.wav"
        wav.write(rest, Frame.of(whole[start:], TELEPHONE.rate))
        self._remainders.append(rest)
        return rest
