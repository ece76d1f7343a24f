"""How often the guard stops a candidate that is as good as the live version, and how soon one that is worse.

python -m bot.studio.false_alarms
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.studio.events import Metric
from bot.studio.guard import Counts, judge

RATES = (0.1, 0.15, 0.25, 0.1)
"""In how many calls each metric happens: hang-ups, wishes for a human, no match, negative sentiment."""


def stops(
    rates: Sequence[float], live_rates: Sequence[float], calls: int, share: float, trials: int, seed: int
) -> NDArray[np.int_]:
    """After how many of its calls the candidate of each trial was stopped; -1 for never.

    `share` of all calls are the candidate's, which is looked at after each of its own.
    """
    random = np.random.default_rng(seed)
    found = np.full(trials, -1)
    for trial in range(trials):
        gaps = random.geometric(share, calls).cumsum() - np.arange(1, calls + 1)
        mine = (random.random((calls, len(rates))) < rates).cumsum(axis=0)
        theirs = (random.random((int(gaps[-1]) + 1, len(rates))) < live_rates).cumsum(axis=0)
        for number in range(calls):
            live = int(gaps[number])
            counts = Counts(number + 1, dict(zip(Metric, mine[number].tolist(), strict=True)))
            before = dict(zip(Metric, theirs[live - 1].tolist(), strict=True)) if live else {}
            if judge(counts, Counts(live, before)).worse:
                found[trial] = number + 1
                break
    return found


def main() -> None:
    worse_rates = (2 * RATES[0], *RATES[1:])
    for share in (0.05, 0.25):
        equal = stops(RATES, RATES, 1000, share, 400, seed=1)
        worse = stops(worse_rates, RATES, 1000, share, 200, seed=2)
        print(f"with {share:.0%} of the calls, within 1000 calls of the candidate:")
        print(f"  as good as the live version: {np.mean(equal > 0):.1%} stopped")
        print(
            f"  {worse_rates[0]:.0%} hang up early and not {RATES[0]:.0%}: {np.mean(worse > 0):.1%} stopped, "
            f"half of them after {np.median(worse[worse > 0]):.0f}"
        )


if __name__ == "__main__":
    main()
