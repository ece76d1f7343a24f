"""What all calls of a process share: engines, models, grammars, prompts. Loaded once, checked before the first dial."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

from bot.call.keyring import load_keyring
from bot.call.listening_grammar import beside_free_speech, listening_grammar
from bot.call.script_source import ScriptSource
from bot.settings import Settings
from dialogue.prompts import Expectation, PromptCatalogue
from dialogue.script import Script, load_script
from dialogue.worker.project import SHARED
from nlu.in_service import ModelsInService
from nlu.understanding import Understander
from speech.asr.engines import load_recogniser_apart
from speech.asr.grammar import BOOK, GrammarBook
from speech.asr.port import Hints, Recogniser
from speech.asr.processes import RecogniserProcesses
from speech.asr.warming import warm_up
from speech.engines import load_synthesiser
from speech.tts.port import Synthesiser, Voice
from speech.tts.prompt_cache import PromptCache
from speech.turn_model import EndOfTurnModel, installed
from speech.vad.silero import SileroModel


class NotReady(Exception):
    """Something a call needs is missing; the message says what and how to get it."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedScript:
    """A script as the platform needs it; its rules live in the dialogue workers. Equal to nothing but itself."""

    script: Script
    catalogue: PromptCatalogue
    books: Mapping[str, GrammarBook]
    """What can be heard, by language; a language without a book is heard as free speech."""


class Meaning(Protocol):
    """The models of meaning a new call gets; it keeps them to its end, whatever is promoted meanwhile."""

    def live(self) -> Understander: ...
    def shadow(self) -> Understander | None:
        """A model that listens and is not obeyed."""
        ...


@dataclass(frozen=True, slots=True)
class OneModel:
    """Always this model, and no shadow: for replays and tests."""

    understander: Understander

    def live(self) -> Understander:
        return self.understander

    def shadow(self) -> Understander | None:
        return None


class Equipment:
    """Build with `load`; close when the process ends."""

    def __init__(
        self,
        settings: Settings,
        recogniser: Recogniser,
        synthesiser: Synthesiser,
        meaning: Meaning,
        voice_activity: SileroModel,
        turn_model: EndOfTurnModel | None = None,
    ) -> None:
        self.settings = settings
        self.recogniser = recogniser
        self.synthesiser = synthesiser
        self.meaning = meaning
        self.voice_activity = voice_activity
        self.turn_model = turn_model
        self.keys = load_keyring(settings.recordings)
        self.prompts = PromptCache(settings.folders.prompts, synthesiser)
        self.executor: Executor = ThreadPoolExecutor(thread_name_prefix="speech")
        self._scripts: dict[ScriptSource, LoadedScript] = {}
        self.hints = cache(self._hints)

    @classmethod
    def load(cls, settings: Settings, *, for_calls: bool = True) -> Equipment:
        """Load engines and models, the recogniser in processes of its own where calls in real time need that.

        Takes a second or two. Raises `NotReady` and the engines' own errors.
        """
        speech = settings.speech
        processes = speech.recogniser_processes if for_calls else 0
        return cls(
            settings,
            load_recogniser_apart(speech.recogniser, speech.recogniser_options, processes),
            load_synthesiser(speech.synthesiser, speech.synthesiser_options),
            ModelsInService(settings.folders.models / "nlu"),
            SileroModel(),
            installed(settings.folders.models / "fetched"),
        )

    def prepare(self, source: ScriptSource) -> LoadedScript:
        """Load a script and compose every grammar of its questions, which its first call would wait for otherwise.

        A tenth of a second the first time: 80 ms for the script, 1 ms a grammar. Raises `ScriptError` or `PromptError`.
        """
        if source in self._scripts:
            return self._scripts[source]
        folder, shared = source.scripts / source.name, source.scripts / SHARED
        books = _grammar_books(folder, source.grammars)
        loaded = LoadedScript(load_script(folder), PromptCatalogue.load(folder, shared), books)
        self._hints_of(loaded)
        self._scripts[source] = loaded
        return loaded

    def warm_up(self, source: ScriptSource) -> None:
        """Have the recogniser take up every grammar of a prepared script; in any thread.

        Up to 0.4 s a grammar, which is what the first customer who is asked that question would wait for.
        """
        for hints in self._hints_of(self.prepare(source)):
            if hints.language in self.recogniser.languages:
                warm_up(self.recogniser, hints)

    def _hints_of(self, loaded: LoadedScript) -> set[Hints]:
        return {
            self.hints(loaded, template.language, template.expectation, known)
            for template in loaded.catalogue.prompts()
            for known in (True, False)
        }

    def voice(self, language: str, script: Script | None = None) -> Voice:
        return voice_for(self.synthesiser, language, script)

    @staticmethod
    def _hints(loaded: LoadedScript, language: str, expectation: Expectation, answerer_known: bool) -> Hints:
        book = loaded.books.get(language)
        if book is None:
            return Hints(language)
        grammar = listening_grammar(book, expectation, answerer_known)
        return Hints(language, grammar, beside_free_speech(book, expectation) if grammar is None else None)

    def require_language(self, language: str) -> None:
        """Raises `NotReady` where nobody here could hear or speak it."""
        self.voice(language)
        if language not in self.recogniser.languages:
            known = ", ".join(self.recogniser.languages)
            raise NotReady(
                f"the recogniser {self.recogniser.name} does not hear `{language}` (it hears: {known}). Fetch a model "
                "that does (`voicebot models list`) and name its engine in [speech], or call in text."
            )

    def close(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)
        if isinstance(self.recogniser, RecogniserProcesses):
            self.recogniser.close()


def voice_for(synthesiser: Synthesiser, language: str, script: Script | None = None) -> Voice:
    """The script's voice where the engine has it, else the engine's default of the language. Raises `NotReady`."""
    voices = [voice for voice in synthesiser.voices() if voice.language == language]
    if not voices:
        raise NotReady(f"the synthesiser {synthesiser.name} has no voice for `{language}`")
    wanted = script.voices.get(language) if script is not None else None
    if wanted is None:
        return voices[0]
    named = [voice for voice in voices if voice.name == wanted.name]
    return replace((named or voices)[0], rate=wanted.rate)


def _grammar_books(folder: Path, shipped: Path | None) -> dict[str, GrammarBook]:
    """The book of each language, with what the script adds to it in its own `grammar.<language>.jsgf`.

    `shipped`: the folder of the product's grammars, where it is not today's.
    """
    files = BOOK if shipped is None else {path.stem: path for path in sorted(shipped.glob("*.jsgf"))}
    books = {}
    for language, path in files.items():
        own = folder / f"grammar.{language}.jsgf"
        books[language] = GrammarBook.load([path, own] if own.exists() else [path])
    return books
