"""A bar for a training, which says how far it is by calling back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from bot.cli.errors import fail
from bot.progress import step
from nlu.training import Progress

INTERRUPTED = 130  # what a shell expects after Ctrl-C


@contextmanager
def follow(title: str, steps: int, console: Console, resumes: bool) -> Iterator[Progress]:
    """Gives what a training calls `steps` times. An interrupted one that `resumes` says so, and exits with 130."""
    done = 0
    try:
        with step(title, total=steps, console=console) as bar:

            def reached(_: str) -> None:
                nonlocal done
                done += 1
                bar.reach(done)

            yield reached
    except KeyboardInterrupt:
        if not resumes:
            raise
        fail("interrupted; the same command goes on from the last checkpoint", INTERRUPTED)
