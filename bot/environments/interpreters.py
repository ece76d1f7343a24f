"""Finds Python interpreters on this machine: on PATH, in pyenv, in uv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence, Tuple

Minor = Tuple[int, int]

# What an interpreter says about itself. A pyenv shim without a version behind it fails here, as it should.
_QUESTION = (
    "import sys, importlib.util as util;"
    "print(*sys.version_info[:3], all(util.find_spec(name) for name in ('venv', 'ensurepip')))"
)


@dataclass(frozen=True)
class Interpreter:
    path: Path
    version: tuple[int, int, int]
    makes_environments: bool  # Debian ships `venv` apart from the interpreter

    @property
    def minor(self) -> Minor:
        return self.version[:2]

    @property
    def release(self) -> str:
        return ".".join(map(str, self.version))


class NoInterpreter(Exception):
    """No Python here will do; the message says in one sentence what to install."""


def examine(path: Path) -> Interpreter | None:
    """Run the interpreter and ask it what it is; None if it does not run."""
    try:
        answer = subprocess.run(
            [str(path), "-c", _QUESTION],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            stdin=subprocess.DEVNULL,
        ).stdout.split()
        major, minor, micro = map(int, answer[:3])
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Interpreter(path, (major, minor, micro), answer[3:] == ["True"])


def find(minors: Sequence[Minor]) -> Interpreter:
    """The first interpreter of one of these versions that can make an environment.

    The Python that runs this comes first, then the versions in the order given.
    """
    without_venv: Interpreter | None = None
    for path in _candidates(minors):
        found = examine(path)
        if found is None or found.minor not in minors:
            continue
        if found.makes_environments:
            return found
        without_venv = without_venv or found
    if without_venv is not None:
        raise NoInterpreter(_venv_missing(without_venv))
    raise NoInterpreter(_nothing_found(minors))


def _candidates(minors: Sequence[Minor]) -> Iterator[Path]:
    if sys.version_info[:2] in minors:
        yield Path(sys.executable)
    for major, minor in minors:
        name = f"python{major}.{minor}"
        # A pyenv shim may hide a real interpreter further along PATH, so every folder is looked at.
        for folder in _search_path():
            if (folder / name).is_file():
                yield folder / name
        for root in _pyenv_roots():
            yield from sorted(root.glob(f"versions/{major}.{minor}.*/bin/python"), reverse=True)
        for root in _uv_roots():
            yield from sorted(root.glob(f"cpython-{major}.{minor}.*/bin/{name}"), reverse=True)


def _search_path() -> list[Path]:
    return [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]


def _pyenv_roots() -> list[Path]:
    roots = [Path(os.environ["PYENV_ROOT"])] if os.environ.get("PYENV_ROOT") else []
    roots += [folder.parent for folder in _search_path() if folder.name == "shims"]
    roots.append(Path.home() / ".pyenv")
    return list(dict.fromkeys(roots))


def _uv_roots() -> list[Path]:
    uv = shutil.which("uv")
    if uv is None:
        return []
    try:
        answer = subprocess.run([uv, "python", "dir"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return [Path(answer.stdout.strip())]


def _named(minors: Sequence[Minor]) -> str:
    names = [f"{major}.{minor}" for major, minor in minors]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _venv_missing(found: Interpreter) -> str:
    name = "python{}.{}".format(*found.minor)
    return (
        f"{found.path} (Python {found.release}) lacks the venv module: install it "
        f"(Debian and Ubuntu: apt install {name}-venv) and run this again."
    )


def _nothing_found(minors: Sequence[Minor]) -> str:
    version = "{}.{}".format(*minors[0])
    return (
        f"Python {_named(minors)} was not found on PATH, in pyenv or in uv: install one "
        f"(pyenv install {version}, uv python install {version}, or your system's python{version} "
        f"and python{version}-venv packages) and run this again."
    )
