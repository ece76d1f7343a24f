"""Lines that follow from one another: each ends with a hash of itself and of the line before it.

What a chain shows is damage, and changes by somebody who does not know it. It uses no key.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

_LINK = re.compile(r',"hash":"(?P<hash>[0-9a-f]{32})"\}$')


def chained(previous: str, row: Mapping[str, Any]) -> tuple[str, str]:
    """The line of `row` after a line whose hash is `previous` ("" before the first), without its end; and its hash."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    link = _hash(previous, text)
    return f'{text[:-1]},"hash":"{link}"}}', link


def link_of(previous: str, line: str) -> str | None:
    """The hash of a line, where the line follows from `previous`; None where it does not."""
    found = _LINK.search(line)
    if found is None or found["hash"] != _hash(previous, line[: found.start()] + "}"):
        return None
    return found["hash"]


def _hash(previous: str, text: str) -> str:
    """128 bits are enough against a forged line, and short enough to be read out."""
    return hashlib.sha256((previous + text).encode()).hexdigest()[:32]
