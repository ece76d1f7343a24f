"""Shows one step at a time: a moving bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import time

BAR_WIDTH = 24  # characters


class StepDisplay:
    """One step, from `begin` to `end`."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._began = time.monotonic()
        self._live = sys.stdout.isatty()

    def begin(self, note: str) -> None:
        if not self._live:
            print(f"{self.title}: {note}", flush=True)

    def show(self, share: float, note: str) -> None:
        if self._live:
            filled = int(BAR_WIDTH * share)
            bar = "█" * filled + "░" * (BAR_WIDTH - filled)
            self._redraw(f"{self.title}  {bar}  {note}  {self._elapsed()}")

    def end(self, note: str) -> None:
        if self._live:
            self._redraw("")
            print("\r", end="")
        print(f"{self.title}: {note} in {self._elapsed()}", flush=True)

    def _redraw(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        print("\r" + text[:width].ljust(width), end="", flush=True)

    def _elapsed(self) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        return f"{minutes}:{seconds:02d}"
