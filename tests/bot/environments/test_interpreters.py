"""Finding a Python: past shims that do not run, in pyenv and uv, and one sentence where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.environments.interpreters import NoInterpreter, examine, find

pytestmark = pytest.mark.unit

WANTED = ((3, 10),)


def fake(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def python(path: Path, version: str = "3 10 13", venv: bool = True) -> Path:
    return fake(path, f"echo {version} {venv}")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python but those a test puts there."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return tmp_path


def test_asks_a_real_interpreter_what_it_is() -> None:
    found = examine(Path(sys.executable))
    assert found is not None
    assert found.version == sys.version_info[:3]
    assert found.makes_environments


def test_finds_it_on_path(machine: Path) -> None:
    expected = python(machine / "bin" / "python3.10")
    found = find(WANTED)
    assert (found.path, found.release) == (expected, "3.10.13")


def test_passes_over_a_shim_that_does_not_run(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = machine / "opt" / "pyenv"
    monkeypatch.setenv("PATH", f"{root / 'shims'}:{machine / 'bin'}")
    fake(root / "shims" / "python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    python(root / "versions" / "3.10.4" / "bin" / "python", "3 10 4")
    assert find(WANTED).release == "3.10.4"
    python(machine / "bin" / "python3.10")
    assert find(WANTED).path == machine / "bin" / "python3.10", "PATH comes first"


def test_passes_over_an_interpreter_of_another_version(machine: Path) -> None:
    python(machine / "bin" / "python3.10", "3 12 1")
    python(machine / "home" / ".pyenv" / "versions" / "3.10.13" / "bin" / "python")
    assert find(WANTED).path.is_relative_to(machine / "home" / ".pyenv")


def test_finds_those_that_uv_manages(machine: Path) -> None:
    store = machine / "uv"
    fake(machine / "bin" / "uv", f"echo {store}")
    expected = python(store / "cpython-3.10.16-linux" / "bin" / "python3.10", "3 10 16")
    assert find(WANTED).path == expected


def test_keeps_to_the_order_of_the_versions(machine: Path) -> None:
    python(machine / "bin" / "python3.9", "3 9 1")
    python(machine / "bin" / "python3.10")
    assert find(((3, 10), (3, 9))).minor == (3, 10)
    assert find(((3, 9), (3, 10))).minor == (3, 9)


def test_says_in_one_sentence_what_to_install(machine: Path) -> None:
    with pytest.raises(NoInterpreter) as caught:
        find(WANTED)
    message = str(caught.value)
    assert message.startswith("Python 3.10 was not found on PATH, in pyenv or in uv: install one")
    assert message.count(". ") == 0
    assert "\n" not in message


def test_says_which_package_brings_venv(machine: Path) -> None:
    without = python(machine / "bin" / "python3.10", venv=False)
    with pytest.raises(NoInterpreter, match=r"apt install python3\.10-venv") as caught:
        find(WANTED)
    assert str(without) in str(caught.value)


def test_prefers_an_interpreter_with_venv(machine: Path) -> None:
    python(machine / "bin" / "python3.10", venv=False)
    python(machine / "home" / ".pyenv" / "versions" / "3.10.2" / "bin" / "python", "3 10 2")
    assert find(WANTED).release == "3.10.2"
