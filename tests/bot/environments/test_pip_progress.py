"""Reading pip's output as progress."""

from __future__ import annotations

import pytest

from bot.environments.pip_progress import PipProgress

pytestmark = pytest.mark.unit


def test_counts_what_pip_settles_on() -> None:
    progress = PipProgress(expected=4)
    for line in (
        "Collecting numpy==2.4.6 (from -r requirements.txt (line 3))\n",
        "  Downloading numpy-2.4.6-cp311-cp311-manylinux.whl (16.6 MB)\n",
        "Requirement already satisfied: idna==3.20 in ./lib (from -r requirements.txt (line 9)) (3.20)\n",
        "Collecting numpy==2.4.6 (from -r requirements.txt (line 3))\n",
    ):
        progress.feed(line)
    assert progress.describe(installed=0) == (0.25, "fetching package 2 of 4")


def test_never_shows_more_than_there_is() -> None:
    progress = PipProgress(expected=1)
    for name in ("rasa", "numpy", "scipy"):
        progress.feed(f"Collecting {name}\n")
    assert progress.describe(installed=0) == (0.5, "fetching package 3 of 3")


def test_counts_what_is_installed() -> None:
    progress = PipProgress(expected=4)
    progress.feed("Installing collected packages: a, b, c, d\n")
    assert progress.describe(installed=1) == (0.625, "installing package 1 of 4")
    assert progress.describe(installed=9) == (1.0, "installing package 4 of 4")
