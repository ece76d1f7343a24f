"""Judges the steps of a scenario, when the call is over, by the prompts that were heard and the lines of the tape.

The customer only acts, and remembers what it acted upon (`Trace`). So a step that never came fails like any other: the
limits of the call end it, and no scenario hangs. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.rehearsal.line import Row, Said
from bot.rehearsal.scenario import Step, fits, is_prompt
from bot.simulation.persona import plain


@dataclass
class Trace:
    """What the customer knew and did at one step. Times in milliseconds of the call, None for what did not come.

    `since`: how many prompts were behind the customer. `waits_from`: their last sound or key, or when the silence they
    keep began. `began`: of what they did. `interrupted`: the prompt they spoke into.
    """

    since: int
    waits_from: float
    began: float | None = None
    interrupted: Said | None = None


def heard(cue: str, said: Sequence[Said], since: int) -> tuple[int, int] | None:
    """Where in `said` a cue begins and ends, among the prompts from `since` on that were said to their end.

    A pattern may reach over several prompts.
    """
    words, ends = "", []
    for index in range(since, len(said)):
        if said[index].completed:
            if is_prompt(cue) and said[index].prompt == cue:
                return index, index
            words = f"{words} {plain(said[index].text)}".strip()
            ends.append((len(words), index))
    match = None if is_prompt(cue) else re.search(cue, words)
    if match is None or not ends:
        return None
    first = next(index for end, index in ends if match.start() < end or end == len(words))
    last = next(index for end, index in ends if match.end() <= end)
    return first, last


def judge(
    steps: Sequence[Step], index: int, traces: Sequence[Trace], said: Sequence[Said], rows: Sequence[Row]
) -> str | None:
    """Why a step failed; None where it did not."""
    step = steps[index]
    if index < len(traces):
        trace = traces[index]
    elif set(step.acts) - {"silence", "pause_ms"} or not traces:
        return f"the call ended before the customer came to this; {_last_words(said)}"
    else:
        trace = Trace(_behind(steps, traces, said), traces[-1].waits_from)
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: _judge_hear(step, trace, said),
        lambda: _judge_act(step, trace, said),
        lambda: _judge_stop(step, traces[: index + 1]),
        lambda: _judge_meaning(step, trace, rows),
        lambda: _judge_sayings(step, trace, said),
    )
    return next((problem for check in checks if (problem := check()) is not None), None)


def _behind(steps: Sequence[Step], traces: Sequence[Trace], said: Sequence[Said]) -> int:
    """How many prompts lay behind a customer whom the call left waiting at the last of `traces`."""
    step, since = steps[len(traces) - 1], traces[-1].since
    found = heard(step.hear, said, since) if step.hear is not None else None
    return since if found is None else found[1] + 1


def _judge_hear(step: Step, trace: Trace, said: Sequence[Said]) -> str | None:
    if step.hear is None:
        return None
    found = heard(step.hear, said, trace.since)
    if found is None:
        return f"expected to hear {step.hear!r}; {_last_words(said)}"
    waited = said[found[0]].began - trace.waits_from
    if step.within_ms is not None and waited > step.within_ms:
        return f"expected {step.hear!r} to begin within {step.within_ms} ms, not after {waited:.0f} ms"
    return None


def _judge_act(step: Step, trace: Trace, said: Sequence[Said]) -> str | None:
    if not set(step.acts) - {"silence", "pause_ms"} or trace.began is not None:
        return None
    if step.interrupt_at is None:
        return f"the call ended before the customer could do this; {_last_words(said)}"
    if trace.interrupted is None:
        return f"expected {step.interrupt_at.hear!r} to sound; {_last_words(said)}"
    lasted = (trace.interrupted.ended or 0) - trace.interrupted.began
    return f"expected to interrupt {trace.interrupted.prompt} after {step.interrupt_at.ms} ms; it took {lasted:.0f} ms"


def _judge_stop(step: Step, traces: Sequence[Trace]) -> str | None:
    if step.stopped_within_ms is None:
        return None
    trace = [trace for trace in traces if trace.interrupted is not None][-1]
    assert trace.interrupted is not None
    if trace.began is None:
        return None  # the interruption itself has failed
    if trace.interrupted.ended is None:
        return f"expected {trace.interrupted.prompt} to stop, and it never did"
    took = trace.interrupted.ended - trace.began
    return (
        None
        if took <= step.stopped_within_ms
        else f"expected silence within {step.stopped_within_ms} ms of the "
        f"interruption; {trace.interrupted.prompt} went on for {took:.0f} ms"
    )


def _judge_meaning(step: Step, trace: Trace, rows: Sequence[Row]) -> str | None:
    if step.expect is None or trace.began is None:
        return None
    later = [row for row in rows if row["t"] >= trace.began - 1]  # the times of the tape are rounded
    told = next((row for row in later if row["kind"] == "told"), None)
    if told is None:
        return "expected a turn of the customer, and the dialogue was told of none"
    understood = next((row for row in later if row["kind"] == "understood" and row["turn"] == told["turn"]), None)
    meaning = understood["understanding"] if understood is not None else {}
    values = {str(entity["value"]) for entity in (*meaning.get("entities", ()), meaning.get("answer")) if entity}
    was = {"intent": told["intent"], "sentiment": meaning.get("sentiment"), "value": ", ".join(sorted(values)) or None}
    wrong = [
        f"{key} {wanted}, not {was[key]}"
        for key, wanted in step.expect.model_dump(exclude_none=True).items()
        if wanted not in (values if key == "value" else {was[key]})
    ]
    return f"expected {'; '.join(wrong)}" if wrong else None


def _judge_sayings(step: Step, trace: Trace, said: Sequence[Said]) -> str | None:
    """What holds of the whole call, or from this step on."""

    def sayings(cue: str) -> list[Said]:
        return [saying for saying in said if fits(cue, saying.prompt, saying.text)]

    if step.absent is not None:
        until = trace.waits_from + step.within_ms if step.within_ms is not None else float("inf")
        for saying in sayings(step.absent):
            if saying.began <= until and saying in said[trace.since :]:
                return f"expected not to hear {step.absent!r}; it was said after {saying.began / 1000:.1f} s"
    if step.said_once is not None:
        times = sum(saying.start == 0 for saying in sayings(step.said_once))
        if times != 1:
            return f"expected to hear {step.said_once!r} once; it was said {times} times"
    if step.heard_to_end is not None and not any(
        saying.completed and saying.start == 0 for saying in sayings(step.heard_to_end)
    ):
        return f"expected {step.heard_to_end!r} to be heard from beginning to end, and it was not"
    if step.resumed is not None and not any(saying.start > 0 for saying in sayings(step.resumed)):
        return f"expected {step.resumed!r} to be said on from where it had stopped, and it was not"
    return None


def _last_words(said: Sequence[Said]) -> str:
    return f'the bot\'s last words were: "{said[-1].text}"' if said else "the bot said nothing"
