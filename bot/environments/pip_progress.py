"""Reads pip's output as progress: which packages it has settled on, and how many are installed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class PipProgress:
    """Fed one line of pip's output at a time.

    `expected` is how many packages the requirement file names; pip may find more.
    """

    expected: int
    collected: set[str] = field(default_factory=set)
    to_install: int = 0

    def feed(self, line: str) -> None:
        words = line.split()
        if words[:1] == ["Collecting"] and len(words) > 1:
            self.collected.add(words[1])
        elif words[:3] == ["Requirement", "already", "satisfied:"] and len(words) > 3:
            self.collected.add(words[3])
        elif line.startswith("Installing collected packages:"):
            self.to_install = len(words) - 3

    def describe(self, installed: int) -> tuple[float, str]:
        """The share done, 0 to 1, and the stage in words; `installed` counts packages added to the environment.

        Downloading and installing count half each: on a home connection the first is longer, from a local cache
        the second.
        """
        if self.to_install:
            done = min(installed, self.to_install)
            return 0.5 + 0.5 * done / self.to_install, f"installing package {done} of {self.to_install}"
        total = max(self.expected, len(self.collected), 1)
        return 0.5 * len(self.collected) / total, f"fetching package {len(self.collected)} of {total}"
