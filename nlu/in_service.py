"""The models in service, as long as a process runs: a new call gets the newest, a running call keeps its own."""

from __future__ import annotations

import threading
from pathlib import Path

import structlog

from nlu import pointers
from nlu.manifest import ModelError
from nlu.model import OnnxUnderstander, load
from nlu.pointers import LIVE, SHADOW

log = structlog.get_logger(__name__)


class ModelsInService:
    """`live` and `shadow` look at their pointer each time; a call asks once, when it begins.

    A pointer that leads to a broken model changes nothing for `live`, which goes on with the model it has.
    """

    def __init__(self, root: Path) -> None:
        """Raises `ModelError` where no sound model is live."""
        self._root = root
        self._lock = threading.Lock()
        self._loaded: dict[str, OnnxUnderstander] = {}
        self._live = load(root / pointers.live_version(root))

    def live(self) -> OnnxUnderstander:
        """Loading a new one takes a tenth of a second, the first of a process most of one."""
        with self._lock:
            self._live = self._newest(LIVE, self._live) or self._live
            return self._live

    def shadow(self) -> OnnxUnderstander | None:
        with self._lock:
            return self._newest(SHADOW, None)

    def _newest(self, pointer: str, otherwise: OnnxUnderstander | None) -> OnnxUnderstander | None:
        try:
            version = pointers.pointed(self._root, pointer)
            if version is None or (otherwise is not None and otherwise.version == version):
                return otherwise
            if (kept := self._loaded.get(pointer)) is not None and kept.version == version:
                return kept
            self._loaded[pointer] = load(self._root / version)
        except ModelError as error:
            log.error("nlu.model_not_served", pointer=pointer, error=error, remedy="`voicebot nlu promote` a sound one")
            return otherwise
        log.info("nlu.model_served", pointer=pointer, version=version)
        return self._loaded[pointer]
