"""Where a training stands, on disk, so that an interrupted one goes on instead of starting again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from nlu.training import TrainingError


@dataclass
class State:
    """`epoch` and `step` are the next to do; `scores` those on validation rows after each epoch that is done."""

    network: dict[str, Any]
    optimiser: dict[str, Any]
    chance: Any
    epoch: int = 0
    step: int = 0
    best: dict[str, Any] | None = None
    best_epoch: int = 0
    scores: list[float] = field(default_factory=list)
    finished: bool = False


class Checkpoint:
    """One file, which belongs to the training that `key` names: another one's is not gone on with but replaced."""

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self._key = key

    def load(self) -> State | None:
        """Raises `TrainingError` for a file that cannot be read."""
        if not self._path.is_file():
            return None
        try:
            found = torch.load(self._path, weights_only=True)
            key, state = found["key"], found["state"]
        except Exception as error:  # torch raises several unrelated classes for a broken file
            raise TrainingError(
                f"{self._path}: the interrupted training cannot be read ({type(error).__name__}); "
                "delete it to start again"
            ) from error
        return State(**state) if key == self._key else None

    def save(self, state: State) -> None:
        """In one step: an interruption leaves the earlier file or this one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        plain = {name: getattr(state, name) for name in State.__dataclass_fields__}
        torch.save({"key": self._key, "state": plain}, fresh)
        fresh.replace(self._path)
