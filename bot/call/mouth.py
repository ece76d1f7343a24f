"""The mouth of a call: words become audio (from the cache if they were said before) and go to the line.

A synthesiser that hangs holds up nothing but the prompt it was given: `stop` gives that up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from bot.call.core.events import Broken, Event, PlayoutEnded
from bot.vocabulary import Failure
from dialogue.prompts import Prompt
from speech import wav
from speech.audio import Frame
from speech.tts.port import SynthesisError, Voice
from speech.tts.prompt_cache import PromptCache
from telephony_bridge.leg import LegGone, SwitchError
from telephony_bridge.playout import Playout


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt became audio. `ms` is the time that took; near zero from the cache."""

    playout_id: str
    prompt: str
    variation: int
    text: str
    ms: float


class Mouth:
    """Says prompts one after another; `stop` silences the line and forgets those not yet sent."""

    def __init__(
        self,
        call_id: str,
        playout: Playout,
        cache: PromptCache,
        voice: Voice,
        executor: Executor,
        tell: Callable[[Event], None],
        note: Callable[[Rendered], None],
    ) -> None:
        self._call_id = call_id
        self._playout = playout
        self._cache = cache
        self._voice = voice
        self._executor = executor
        self._tell = tell
        self._note = note
        self._waiting: asyncio.Queue[tuple[str, Prompt, int] | None] = asyncio.Queue()
        self._rendering: tuple[str, asyncio.Future[Path]] | None = None
        self._remainders: list[Path] = []
        self.sent: dict[str, Path] = {}
        """The audio file of every playout that went to the line."""

    def speak(self, playout_id: str, prompt: Prompt, start: int = 0) -> None:
        """Queue a prompt, from sample `start` of its audio on."""
        self._waiting.put_nowait((playout_id, prompt, start))

    def stop(self) -> None:
        if self._rendering is not None:
            playout_id, audio = self._rendering
            if audio.cancel():
                self._tell(PlayoutEnded(playout_id, heard=0, completed=False))
        while not self._waiting.empty():
            dropped = self._waiting.get_nowait()
            if dropped is not None:
                self._tell(PlayoutEnded(dropped[0], heard=0, completed=False))
        self._waiting.put_nowait(None)

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
        path = await self._rendered(playout_id, prompt, start)
        if path is None:
            return
        self._note(Rendered(playout_id, prompt.name, prompt.variation, prompt.text, (clock() - began) * 1000))
        self.sent[playout_id] = path
        await self._playout.play(path, playout_id)

    async def _rendered(self, playout_id: str, prompt: Prompt, start: int) -> Path | None:
        """The file to play; None where the call was told to be silent meanwhile."""
        audio = asyncio.get_running_loop().run_in_executor(self._executor, self._audio, playout_id, prompt, start)
        self._rendering = playout_id, audio
        try:
            await asyncio.wait([audio])
        finally:
            self._rendering = None
        return None if audio.cancelled() else audio.result()

    def _audio(self, playout_id: str, prompt: Prompt, start: int) -> Path:
        """The file to play: the prompt's own, or what is left of it from `start` on."""
        whole = self._cache.render(prompt.text, self._voice)
        if start == 0:
            return whole
        frame = wav.read(whole)
        rest = self._cache.folder / f"{self._call_id}.{playout_id}.wav"
        wav.write(rest, Frame.of(frame.samples()[start:], frame.format.rate))
        self._remainders.append(rest)
        return rest
