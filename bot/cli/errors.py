"""One way to end a command that cannot go on: a sentence on the error stream, and no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from bot.call.equipment import NotReady
from bot.call.keyring import SealError
from bot.call.recording import RecordingError
from bot.call.tape import TapeError
from bot.insight.calls import NothingToLearn
from bot.preparation import UnknownOutcome
from bot.settings import SettingsError
from bot.simulation.persona import PersonaError
from bot.simulation.process import SimulationFailed
from bot.studio.ledger import LedgerError
from bot.studio.publishing import CannotPublish
from bot.studio.standing import NotAllowed
from bot.studio.versions import VersionError
from dialogue.building import ScriptBuildError
from dialogue.client import DialogueError, DialogueUnavailable
from dialogue.prompts import PromptError
from dialogue.script import ContactError
from dialogue.worker.source import ScriptError
from nlu.corpus import CorpusError
from nlu.entities.evaluation import PhrasesError
from nlu.manifest import ModelError
from nlu.policy.costs import CostsError
from nlu.prediction import PredictionError
from speech.asr.port import RecognitionError
from speech.engines import UnknownEngine
from speech.tts.port import SynthesisError
from speech.turn_model import TurnModelMissing
from speech.vad.silero import VoiceModelMissing
from telephony_bridge.esl.protocol import UnsafeText
from telephony_bridge.leg import SwitchError
from telephony_bridge.media_tls import CertificateError

EXPECTED = (
    CannotPublish,
    CertificateError,
    ContactError,
    CorpusError,
    CostsError,
    DialogueError,
    DialogueUnavailable,
    LedgerError,
    ModelError,
    NotAllowed,
    NotReady,
    NothingToLearn,
    PersonaError,
    PhrasesError,
    PredictionError,
    PromptError,
    RecognitionError,
    RecordingError,
    ScriptBuildError,
    ScriptError,
    SealError,
    SettingsError,
    SimulationFailed,
    SwitchError,
    SynthesisError,
    TapeError,
    UnknownEngine,
    UnknownOutcome,
    UnsafeText,
    TurnModelMissing,
    VersionError,
    VoiceModelMissing,
)
"""What a user can bring about and mend; anything else is our mistake and keeps its traceback."""


def _of_training(error: Exception) -> bool:
    """Only who has imported the training can meet its error; every other command starts a second sooner without it."""
    training = sys.modules.get("nlu.training")
    return training is not None and isinstance(error, training.TrainingError)


@contextmanager
def friendly(code: int = 1) -> Iterator[None]:
    """Turn expected errors into a message and that exit code."""
    try:
        yield
    except UnknownEngine as error:
        fail(f"voicebot.toml, [speech]: {error}", code)
    except EXPECTED as error:
        fail(str(error), code)
    except OSError as error:
        fail(f"{error.filename or ''} {error.strerror or error}".strip(), code)
    except Exception as error:
        if not _of_training(error):
            raise
        fail(str(error), code)


def fail(message: str, code: int = 1) -> NoReturn:
    Console(stderr=True).print(f"[red]error[/] {escape(message)}", highlight=False, soft_wrap=True)
    raise typer.Exit(code)
