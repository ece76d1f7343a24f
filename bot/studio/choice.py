"""Which version a call gets: pure, so that the same call always gets the same one."""

from __future__ import annotations

import hashlib

from bot.studio.standing import Standing


def version_for(call: str, standing: Standing) -> str | None:
    """The version for the call of this id; None where no version is there for it.

    Whoever got the candidate at 5 % gets it at 25 %, too; another candidate is tried on other calls.
    """
    if standing.candidate is not None and _place(call, standing.candidate) < standing.share / 100:
        return standing.candidate
    return standing.live


def _place(call: str, candidate: str) -> float:
    """Where between 0 and 1 the call stands for this candidate: evenly spread, whatever ids look like."""
    digest = hashlib.sha256(f"{candidate} {call}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
