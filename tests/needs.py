"""What some tests need and a machine may lack: one function a need, its answer the reason it is missing."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED_DATA = Path(os.environ.get("VOICEBOT_TEST_DATA", ROOT.parent / "shared" / "data"))
HUMAN_SPEECH = SHARED_DATA / "speech"
VOSK_MODELS = ROOT / "models" / "fetched"
DIALOGUE_PYTHON = ROOT / ".venv-dialogue" / "bin" / "python"


def _human_speech() -> str | None:
    return (
        None if HUMAN_SPEECH.is_dir() else f"human speech recordings are not at {HUMAN_SPEECH} (set VOICEBOT_TEST_DATA)"
    )


def _rasa() -> str | None:
    return None if DIALOGUE_PYTHON.exists() else "the dialogue environment is not set up (run `make setup`)"


def _piper() -> str | None:
    return None if find_spec("piper") else "piper-tts is not installed (pip install 'voicebot[piper]')"


def vosk_model() -> str | None:
    """The name of a fetched English Vosk model."""
    return next((path.name for path in sorted(VOSK_MODELS.glob("vosk-model*-en-*"))), None)


def _vosk_model() -> str | None:
    if find_spec("vosk") is None:
        return "vosk is not installed (pip install 'voicebot[vosk]')"
    return None if vosk_model() else "no Vosk model is installed (voicebot models fetch vosk-model-small-en-us-0.15)"


def _torch() -> str | None:
    absent = [name for name in ("torch", "transformers", "onnx_ir") if find_spec(name) is None]
    return f"{', '.join(absent)} not installed (pip install 'voicebot[encoder]')" if absent else None


def _openssl() -> str | None:
    return None if shutil.which("openssl") else "the openssl command is not installed (apt install openssl)"


def _listens(host: str, port: int, name: str) -> str | None:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError as error:
        return f"no {name} at {host}:{port} ({error})"
    return None


NEEDS: dict[str, Callable[[], str | None]] = {
    "human-speech": _human_speech,
    "rasa": _rasa,
    "piper": _piper,
    "vosk-model": _vosk_model,
    "openssl": _openssl,
    "torch": _torch,
    "postgres": lambda: _listens("127.0.0.1", 5432, "PostgreSQL"),
    "redis": lambda: _listens("127.0.0.1", 6379, "Redis"),
}


@cache
def missing(name: str) -> str | None:
    """Why the need is not met here, or None if it is."""
    return NEEDS[name]()
