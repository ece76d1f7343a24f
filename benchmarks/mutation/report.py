"""docs/mutation.md: what was tried, what was noticed, and what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.mutation.trial import Catch, Verdicts
from dialogue.worker.rule import Rule

HEAD = """# Would a slip in a script be noticed?

Written by `python -m benchmarks.mutation`. It deletes one line of a script, or swaps it with the next, and lets
`voicebot script check` and the scenarios of `voicebot script test`, in text, say what they find.

**What counts.** A slip that leaves what the file says as it was is not tried: a comment, a blank line, spaces, the
order of what has no order (keys, rules, conditions), the version of the format, and the words of script.yml that only
people read (title, descriptions, examples). Every other one is taken to change what calls do, and counts as noticed if
`check` finds something (training included) or a scenario fails. Some of what nobody notices changes nothing that a
customer could hear; it counts as missed all the same.

"""


@dataclass(frozen=True)
class Run:
    """`there`: how many slips there are; `drawn`: how many were looked at to find those that change something."""

    verdicts: tuple[Verdicts, ...]
    drawn: int
    there: int
    seed: int
    minutes: float
    machine: str

    @property
    def caught(self) -> int:
        return sum(one.catch is not Catch.NOBODY for one in self.verdicts)


def report(run: Run) -> str:
    tried = len(run.verdicts)
    drawn = "all were" if run.drawn == run.there else f"{run.drawn:,} were drawn (seed {run.seed}) and"
    lines = [
        f"**The run.** There are {run.there:,} slips; {drawn} looked at,",
        f"and the {tried} that change what a file says were tried, in {run.minutes:.0f} minutes on {run.machine}.",
        "",
        f"**Noticed: {run.caught} of {tried}, {_share(run.caught, tried)}.** {_of_the_well_formed(run.verdicts)}",
        "",
        *_table(run.verdicts),
        "",
        "## By what they were noticed",
        "",
        *_reasons(run.verdicts),
        "",
        "## Noticed by nobody",
        "",
        *_survivors(one for one in run.verdicts if one.catch is Catch.NOBODY),
    ]
    return HEAD + "\n".join(lines) + "\n"


def _of_the_well_formed(verdicts: Sequence[Verdicts]) -> str:
    formed = [one for one in verdicts if one.by not in {Rule.YAML.value, Rule.STRUCTURE.value}]
    caught = sum(one.catch is not Catch.NOBODY for one in formed)
    return (
        f"Those aside that leave no well-formed script (`yaml`, `structure`): {caught} of {len(formed)}, "
        f"{_share(caught, len(formed))}."
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _table(verdicts: Iterable[Verdicts]) -> Iterator[str]:
    rows: dict[str, Counter[str]] = {}
    for one in verdicts:
        rows.setdefault(one.mutant.script, Counter())[one.catch.value] += 1
    yield "| script | tried | by reading | by training | by a scenario | by nobody | noticed |"
    yield "|---|---|---|---|---|---|---|"
    for script, counts in sorted(rows.items()):
        tried = counts.total()
        columns = (counts[catch.value] for catch in (Catch.CHECK, Catch.TRAINING, Catch.TEST, Catch.NOBODY))
        noticed = _share(tried - counts[Catch.NOBODY.value], tried)
        yield f"| {script} | {tried} | {' | '.join(map(str, columns))} | {noticed} |"


def _reasons(verdicts: Iterable[Verdicts]) -> Iterator[str]:
    reasons = Counter("a scenario" if one.catch is Catch.TEST else f"`{one.by}`" for one in verdicts if one.by)
    yield ", ".join(f"{reason} {number}" for reason, number in reasons.most_common()) + "."


def _survivors(verdicts: Iterable[Verdicts]) -> Iterator[str]:
    rows = [f"| {one.mutant.place} | {one.mutant.slip} | `{one.mutant.was.replace('|', '¦')}` |" for one in verdicts]
    if not rows:
        yield "None."
        return
    yield "| place | the line was | |"
    yield "|---|---|---|"
    yield from rows
