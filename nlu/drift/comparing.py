"""Two profiles beside each other: what moved, whether chance alone would do that, and what is an alarm. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from nlu.comparison.statistics import share_gain
from nlu.drift.profile import Profile

PSI_LIMIT = 0.25
"""Population stability index. As it is usually read: below 0.1 nothing has changed, from 0.25 on it is another mix."""

CHANCE = 0.01
"""An index as large comes of few turns alone; it is an alarm where chance would give it less often than this."""

SHARE_LIMIT = 0.02
"""A share is an alarm where the 95 % interval of its rise lies above this."""

RESAMPLES = 2000
MOVERS = 3


class What(StrEnum):
    INTENTS = "intent mix"
    CONFIDENCE = "confidence"
    UNKNOWN_WORDS = "unknown words"
    ASKED_AGAIN = "asked again"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class Drift:
    """One figure then and now. A mix has `psi` and `p`, how often chance alone gives such an index; a share `rise`.

    `movers`: intents that changed most, with their shares then and now. `alarm` is None for what is only shown.
    """

    language: str
    what: What
    before: float | None
    now: float | None
    psi: float | None = None
    p: float | None = None
    rise: tuple[float, float] | None = None
    movers: tuple[tuple[str, float, float], ...] = ()
    alarm: bool | None = None


def compare(before: Profile, now: Profile, *, of_calls: bool) -> Iterator[Drift]:
    """`of_calls`: `before` was said in calls, too.

    Written rows have another mix of intents, and no question before them that makes the model surer: what depends on
    these is shown only.
    """
    for one in _figures(before, now):
        yield one if of_calls or one.what is What.UNKNOWN_WORDS else replace(one, alarm=None)


def _figures(before: Profile, now: Profile) -> Iterator[Drift]:
    yield _intents(before, now)
    yield _confidence(before, now)
    shares = {
        What.UNKNOWN_WORDS: (before.unknown, before.words, now.unknown, now.words),
        What.ASKED_AGAIN: (before.asked_again, before.turns, now.asked_again, now.turns),
    }
    if before.unheard is not None and now.unheard is not None:
        heard = (before.turns + before.unheard, now.turns + now.unheard)
        shares[What.UNHEARD] = (before.unheard, heard[0], now.unheard, heard[1])
    for what, (hits, of, hits_now, of_now) in shares.items():
        rise = share_gain(hits, of, hits_now, of_now)
        yield Drift(
            now.language, what, hits / max(of, 1), hits_now / max(of_now, 1), rise=rise, alarm=rise[0] > SHARE_LIMIT
        )


def stability_index(before: NDArray[np.int_], now: NDArray[np.int_]) -> NDArray[np.float64]:
    """Of counts in the last dimension; half a turn is added to each, so that an empty place is no infinite change."""
    places = before.shape[-1]
    then = (before + 0.5) / (before.sum(axis=-1, keepdims=True) + 0.5 * places)
    later = (now + 0.5) / (now.sum(axis=-1, keepdims=True) + 0.5 * places)
    return np.asarray(((later - then) * np.log(later / then)).sum(axis=-1))


def by_chance(before: NDArray[np.int_], now: NDArray[np.int_], seed: int = 0) -> float:
    """How often turns dealt out anew to then and now give an index as large."""
    pooled = before + now
    dealt = np.random.default_rng(seed).multivariate_hypergeometric(pooled, int(now.sum()), size=RESAMPLES)
    as_large = stability_index(pooled - dealt, dealt) >= stability_index(before, now) - 1e-12
    return float((1 + as_large.sum()) / (1 + RESAMPLES))


def _intents(before: Profile, now: Profile) -> Drift:
    names = sorted({*before.intents, *now.intents})
    then, later = (_counts(one.intents, names) for one in (before, now))
    psi, p = float(stability_index(then, later)), by_chance(then, later)
    shares = zip(names, (then / then.sum()).tolist(), (later / later.sum()).tolist(), strict=True)
    movers = sorted(shares, key=lambda mover: -abs(mover[2] - mover[1]))[:MOVERS]
    alarm = psi >= PSI_LIMIT and p < CHANCE
    return Drift(now.language, What.INTENTS, None, None, psi=psi, p=p, movers=tuple(movers), alarm=alarm)


def _confidence(before: Profile, now: Profile) -> Drift:
    """An alarm only where the model has become less sure: that it has become surer is no complaint."""
    then, later = np.array(before.confidence), np.array(now.confidence)
    psi, p = float(stability_index(then, later)), by_chance(then, later)
    less = now.mean_confidence < before.mean_confidence
    return Drift(
        now.language,
        What.CONFIDENCE,
        before.mean_confidence,
        now.mean_confidence,
        psi=psi,
        p=p,
        alarm=less and psi >= PSI_LIMIT and p < CHANCE,
    )


def _counts(found: Mapping[str, int], names: list[str]) -> NDArray[np.int_]:
    return np.array([found.get(name, 0) for name in names])
