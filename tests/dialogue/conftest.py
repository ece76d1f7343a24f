"""The small scripts of scripts_fixture/, trained once a session, and a real worker that speaks them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialogue.building import build_scripts
from dialogue.dialogue_python import worker_command
from tests.dialogue import walks as shipped
from tests.dialogue.child import child
from tests.needs import DIALOGUE_PYTHON
from tests.trained import MODELS

SCRIPTS = Path(__file__).parent / "scripts_fixture"


@dataclass(frozen=True)
class RunningWorker:
    """A worker of its own process; `printed` holds all it wrote to its two streams so far."""

    address: str
    streams: tuple[Path, Path]

    @property
    def printed(self) -> str:
        return "".join(path.read_text() for path in self.streams)


@pytest.fixture(scope="session")
def fixture_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture's scripts, trained. Only for tests that need `rasa`."""
    models = tmp_path_factory.mktemp("dialogue-models")
    build_scripts(DIALOGUE_PYTHON, SCRIPTS, models, lambda progress: None)
    return models


@pytest.fixture(scope="session")
def worker(fixture_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWorker]:
    """One worker for all tests that do not harm it, on a TCP port."""
    folder = tmp_path_factory.mktemp("dialogue-worker")
    streams = (folder / "out", folder / "err")
    command = worker_command(DIALOGUE_PYTHON, "serve", "--models", str(fixture_models), "--listen", "tcp:127.0.0.1:0")
    with (
        streams[0].open("wb") as out,
        streams[1].open("wb") as err,
        child([*command, "--stop-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err) as process,
    ):
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert ready, f"the worker ended before it was ready: {streams[1].read_text()}"
        out.write(ready)
        out.flush()
        yield RunningWorker(json.loads(ready)["address"], streams)


@pytest.fixture(scope="session")
def walks() -> Iterator[shipped.Walks]:
    """The shipped scripts, trained where they have changed, to be walked through. Only for tests that need `rasa`."""
    models = MODELS / "dialogue"
    build_scripts(DIALOGUE_PYTHON, shipped.SCRIPTS, models, lambda progress: None, only=shipped.NAMES)
    with shipped.walking(models, shipped.SCRIPTS, shipped.NAMES) as walks:
        yield walks
