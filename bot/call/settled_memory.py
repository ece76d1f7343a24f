"""Keeps the garbage collector off what was loaded before the first call and stays until the last.

A full collection stands the loop still while it looks at every object there is. With engines and libraries loaded that
took 60 to 90 ms, so that frames of every call were late at once; without them it takes a fifth of it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled_memory() -> Iterator[None]:
    """What is there now is not looked at again before the end."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
