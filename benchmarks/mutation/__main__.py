"""`python -m benchmarks.mutation [SCRIPT ...]`: how many slips in scripts `check` and `test` notice."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.mutation.mutants import Mutant, mutants_of, sampled
from benchmarks.mutation.report import Run, report
from benchmarks.mutation.trial import Catch, Verdicts, trial
from bot.machine import machine
from bot.progress import step
from bot.settings import ROOT, Settings, load_settings
from dialogue.worker.project import script_names

SEED = 20261121
SAMPLE = 140


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help="all that ship by default")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many slips; 0 tries all, which takes hours")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed chooses others")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "mutation.md")
    given = parser.parse_args()
    settings = load_settings()
    names = given.scripts or script_names(settings.folders.scripts)
    mutants = [mutant for name in names for mutant in mutants_of(settings.folders.scripts, name)]
    chosen, drawn = sampled(mutants, given.sample or None, given.seed)
    began = time.monotonic()
    verdicts = asyncio.run(_run(settings, names, chosen))
    minutes = (time.monotonic() - began) / 60
    run = Run(tuple(verdicts), drawn, len(mutants), given.seed, minutes, machine())
    given.out.write_text(report(run), encoding="utf-8")
    print(f"{run.caught} of {len(run.verdicts)} noticed; {given.out} written")


async def _run(settings: Settings, names: Sequence[str], mutants: Sequence[Mutant]) -> list[Verdicts]:
    found = []
    with tempfile.TemporaryDirectory(prefix="voicebot-mutation-") as folder:
        async with trial(settings, names, Path(folder)) as ready:
            with step("trying slips", total=len(mutants)) as bar:
                for number, mutant in enumerate(mutants, 1):
                    found.append(await ready.of(mutant))
                    if found[-1].catch is Catch.NOBODY:
                        print(f"{mutant.place} {mutant.slip}: {mutant.was}", flush=True)
                    bar.reach(number)
    return found


if __name__ == "__main__":
    main()
