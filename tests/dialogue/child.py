"""A process that works for the tests, and does not outlive them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.patience import PATIENCE_S


@contextmanager
def child(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Ends with its standard input, which is closed when this is left; killed where it does not."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
        process.communicate(timeout=PATIENCE_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
