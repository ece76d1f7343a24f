"""A core for each process of a benchmark, and what other programs take of it all the same."""

from __future__ import annotations

import os
import time

import psutil


def keep_to_core(number: int) -> None:
    """This process runs on one core from here on; where there are fewer, several share."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[number % len(cores)]})


class Others:
    """What other programs take, from now on, of the cores that this process may use."""

    def __init__(self) -> None:
        self._cores = os.sched_getaffinity(0)
        self._began, self._busy_s, self._own_s = time.monotonic(), self._busy(), time.process_time()

    def percent(self) -> float:
        """Of all the time these cores had."""
        busy = self._busy() - self._busy_s - (time.process_time() - self._own_s)
        passed = (time.monotonic() - self._began) * len(self._cores)
        return round(100 * max(0.0, busy) / passed, 1)

    def _busy(self) -> float:
        """Seconds that the cores have worked, for whoever it was."""
        times = [one for core, one in enumerate(psutil.cpu_times(percpu=True)) if core in self._cores]
        return sum(one.user + one.nice + one.system + one.irq + one.softirq + one.steal for one in times)
