"""Building a small environment for real, with no package from any index."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.environments.building import STAMP, UNFINISHED, BuildFailed, Environment, build
from tests.needs import ROOT

pytestmark = pytest.mark.integration


class Log(io.StringIO):
    name = "setup.log"


def test_needs_nothing_installed() -> None:
    """`-S` hides every installed package, as on a machine before setup."""
    subprocess.run([sys.executable, "-S", "-c", "import bot.environments.__main__"], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("house")
    (folder / "requirements.txt").write_text("# nothing\n")
    environment = Environment("test environment", folder / "env", folder / "requirements.txt", (sys.version_info[:2],))
    assert not environment.is_complete()
    build(environment, Log())
    return environment


def test_builds_an_environment_that_runs(built: Environment) -> None:
    assert built.is_complete()
    subprocess.run([built.python, "-c", "import pip"], check=True)


def test_is_not_complete_when_the_requirements_change(built: Environment, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("# something else\n")
    assert not replace(built, requirements=tmp_path / "requirements.txt").is_complete()


def test_is_not_complete_when_its_python_is_another(built: Environment) -> None:
    assert not replace(built, pythons=((2, 7),)).is_complete()


def test_a_failed_installation_says_so_and_where_the_output_is(built: Environment, tmp_path: Path) -> None:
    stamp = (built.folder / STAMP).read_text()
    (tmp_path / "requirements.txt").write_text("./absent-1.0-py3-none-any.whl\n")
    log = Log()
    with pytest.raises(BuildFailed) as caught:
        build(replace(built, requirements=tmp_path / "requirements.txt"), log)
    assert str(caught.value).endswith("The test environment could not be built; the whole output is in setup.log.")
    assert "absent-1.0" in str(caught.value)
    assert "absent-1.0" in log.getvalue()
    assert (built.folder / UNFINISHED).exists(), "the next run makes it anew"
    assert not built.is_complete()
    (built.folder / UNFINISHED).unlink()
    (built.folder / STAMP).write_text(stamp)
