"""How the product shows that a long step is moving: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

LINES = 4  # for one step where there is no terminal: at a quarter, a half, three quarters and the end


class Step(Protocol):
    def reach(self, done: float, total: float | None = None) -> None:
        """`done` of `total` is behind us; give `total` where it has become known or has changed."""
        ...


@contextmanager
def step(
    title: str, total: float | None = None, *, in_bytes: bool = False, console: Console | None = None
) -> Iterator[Step]:
    """Show one step while the block runs; `in_bytes` shows the amounts as file sizes."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console, title, total)
        return
    amount: ProgressColumn = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), amount, TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield _Bar(progress, progress.add_task(title, total=total))


@dataclass
class _Bar:
    progress: Progress
    task: TaskID

    def reach(self, done: float, total: float | None = None) -> None:
        self.progress.update(self.task, completed=done, total=total)


@dataclass
class _Lines:
    console: Console
    title: str
    total: float | None
    printed: int = 0

    def reach(self, done: float, total: float | None = None) -> None:
        self.total = total or self.total
        if not self.total:
            return
        parts = int(LINES * min(done / self.total, 1.0))
        if parts > self.printed:
            self.printed = parts
            self.console.print(f"{self.title}: {100 * parts // LINES} %", highlight=False)
