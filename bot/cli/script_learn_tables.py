"""What `voicebot script learn` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.insight.comparison import Compared, Comparison, Verdict
from bot.insight.intervals import Rate
from bot.insight.report import Report
from bot.insight.summary import QuestionMeasure, QuestionSummary, VersionSummary
from bot.insight.unanswered import Unanswered
from bot.insight.wording import NAMES, bounds, calls, clock, hang_ups, percent, points, seconds
from bot.insight.worst_turns import WorstTurn

VERSIONS = 3
"""So many are shown beside each other, the latest first."""
OUTCOMES, GROUPS, EXAMPLES = 6, 10, 3
COLOURS = {Verdict.BETTER: "green", Verdict.WORSE: "bold red", Verdict.DIFFERS: "bold", Verdict.UNSURE: ""}
HEADINGS = {
    QuestionMeasure.ANSWERED: "ans-\nwered",
    QuestionMeasure.NO_MATCH: "not\nunder-\nstood",
    QuestionMeasure.SILENCE: "said\nno-\nthing",
    QuestionMeasure.INTERRUPTED: "inter-\nrup-\nted",
    QuestionMeasure.HUMAN: "asked\nfor a\nhuman",
    QuestionMeasure.NEGATIVE: "angry,\nanx-\nious",
    QuestionMeasure.HUNG_UP: "hung\nup",
    QuestionMeasure.GOAL: "goal\nin the\nend",
}
NAME = 8
"""So many characters of a tape's or a version's name tell it apart from others, where there is little room."""


def show(found: Report, clips: Sequence[Path | None], console: Console) -> None:
    """`clips`: a file for each of the report's worst turns, where one was cut."""
    console.print(_title(found), highlight=False, soft_wrap=True, markup=False)
    _heading(console, "How calls went")
    console.print(_versions(_shown(found)))
    _heading(console, "What to look at first")
    for sentence in [one.sentence for one in found.findings] or ["No question stands out from the others."]:
        console.print(f"- {sentence}", highlight=False, markup=False)
    _heading(console, f"Question by question, version {found.version.version}")
    console.print(_questions(found.version.questions))
    _heading(console, f"Where and why customers hang up, version {found.version.version}")
    _hang_ups(found.version, console)
    if found.comparison is not None:
        _compare(found.comparison, console)
    _heading(console, f"Turns to listen to, version {found.version.version}")
    _turns(found.worst, clips, console)
    _heading(console, f"What customers said in vain, version {found.version.version}")
    _unanswered(found.unanswered, console)
    _notes(found, console)


def _title(found: Report) -> str:
    dates = [date for one in found.versions for date in (one.first, one.last) if date is not None]
    when = f", {_day(min(dates))} to {_day(max(dates))}" if dates else ""
    dialled = sum(one.dialled for one in found.versions)
    count = len(found.versions)
    return f"{found.script}: {calls(dialled)} with {count} version{'s' if count > 1 else ''}{when}"


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _heading(console: Console, title: str) -> None:
    console.print(f"\n[bold]{escape(title)}[/]", highlight=False)


def _shown(found: Report) -> list[VersionSummary]:
    """The two that are compared; otherwise the one asked about, and the latest."""
    of = {one.version: one for one in found.versions}
    own = found.version.version
    names = [own, found.comparison.against] if found.comparison is not None else [own, *of]
    return [of[name] for name in list(dict.fromkeys(names))[:VERSIONS]]


def _versions(shown: Sequence[VersionSummary]) -> Table:
    table = Table("", *(one.version for one in shown), box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("dialled", *(str(one.dialled) for one in shown))
    table.add_row("reached a person", *(str(one.calls) for one in shown))
    table.add_row("[dim]of these customers[/]")
    for measure in shown[0].rates:
        table.add_row(NAMES[measure], *(_both(one.rates[measure]) for one in shown))
    table.add_row("[dim]length of a call[/]")
    for name in ("p50", "p95", "p99"):
        table.add_row(name, *("" if one.duration is None else seconds(getattr(one.duration, name)) for one in shown))
    table.add_row("[dim]how it ended[/]")
    for outcome in list(dict.fromkeys(outcome for one in shown for outcome in one.outcomes))[:OUTCOMES]:
        name = outcome.value.replace("_", " ")
        table.add_row(name, *(_both(one.outcomes.get(outcome, Rate(0, one.calls))) for one in shown))
    return table


def _both(rate: Rate) -> str:
    return f"{percent(rate)} [dim]({bounds(rate)})[/]" if rate.of else percent(rate)


def _questions(questions: Sequence[QuestionSummary]) -> Table:
    """Two lines a question: the share, and its interval under it."""
    measures = [one for one in QuestionMeasure if any(one in question.rates for question in questions)]
    headings = [HEADINGS[measure] for measure in measures]
    table = Table("question", "reached", *headings, "answer\nafter", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.columns[0].overflow = "fold"
    for column in table.columns[1:]:
        column.justify = "right"
    for question in questions:
        waited = question.waited
        wait = "" if waited is None else f"{seconds(waited.p50)}\n[dim]{seconds(waited.p95)}[/]"
        cells = (_under(question.rates[measure]) for measure in measures)
        reached = f"{question.reached.hits}\n[dim]{percent(question.reached)}[/]"
        table.add_row(_short(question.state), reached, *cells, wait)
    return table


def _hang_ups(version: VersionSummary, console: Console) -> None:
    left = [question for question in version.questions if question.left_after]
    if not left:
        console.print("At no question.")
        return
    table = Table("question", "hung up", "when", box=None, pad_edge=False)
    for question in left:
        count = f"{sum(question.left_after.values())} of {question.reached.hits}"
        table.add_row(_short(question.state), count, hang_ups(question))
    console.print(table)


def _short(state: str | None) -> str:
    """Where there is little room: without what all questions' names begin with."""
    return (state or "").removeprefix("utter_ask_").removeprefix("utter_")


def _under(rate: Rate) -> str:
    return f"{percent(rate)}\n[dim]{bounds(rate)}[/]"


def _compare(comparison: Comparison, console: Console) -> None:
    _heading(console, f"{comparison.version} compared with {comparison.against}")
    versions = (comparison.version[:NAME], comparison.against[:NAME])
    table = Table("", *versions, "difference\nin points", "", box=None, pad_edge=False)
    for column in table.columns[1:4]:
        column.justify = "right"
        column.no_wrap = True
    for one in comparison.calls:
        _add(table, NAMES[one.measure], one)
    console.print(table)
    for verdict, told in comparison.sentences():
        colour, sentence = COLOURS[verdict], escape(told)
        console.print(f"- [{colour}]{sentence}[/]" if colour else f"- {sentence}", highlight=False)
    for line in _cautions(comparison):
        console.print(f"- {line}", highlight=False, markup=False)


def _add(table: Table, name: str, one: Compared) -> None:
    low, high = points(one.difference.low), points(one.difference.high)
    interval = f"{points(one.difference.value)}\n[dim]{low} to {high}[/]"
    colour = COLOURS[one.verdict]
    conclusion = f"[{colour}]{one.conclusion}[/]" if colour else one.conclusion
    table.add_row(name, percent(one.rate), percent(one.against), interval, conclusion)


def _cautions(comparison: Comparison) -> Iterator[str]:
    if not any(one.difference.sure for one in comparison.questions):
        yield "at no question can the two versions be told apart yet"
    for version, states in ((comparison.version, comparison.only), (comparison.against, comparison.only_against)):
        if states:
            yield f"only {version} asks {', '.join(states)}"
    if not comparison.same_time:
        yield "the two versions did not call at the same time: what differs may be the days, and not the script"


def _turns(worst: Sequence[WorstTurn], clips: Sequence[Path | None], console: Console) -> None:
    if not worst:
        console.print("No turn went wrong.")
        return
    named = "clip" if any(clips) else "tape, begins with"
    table = Table("at", "question", "what was heard", "why", named, box=None, pad_edge=False)
    table.columns[1].overflow = table.columns[4].overflow = "fold"
    for number, one in enumerate(worst):
        clip = clips[number] if number < len(clips) else None
        where = f"{one.recorded.tape.stem[:NAME]}" if clip is None else clip.name
        heard = escape(one.turn.text or "(no words)")
        table.add_row(clock(one.turn.began_ms), _short(one.turn.state), heard, one.why, escape(where))
    console.print(table)


def _unanswered(found: Unanswered, console: Console) -> None:
    if not found.groups:
        console.print("No words that the script had no answer to.")
    table = Table("turns", "for example", "others like it", "mostly at", box=None, pad_edge=False)
    table.columns[0].justify = "right"
    for group in found.groups[:GROUPS]:
        others = [text for text, _ in group.texts if text != group.text]
        shown = "\n".join(others[:EXAMPLES])
        more = f"\nand {len(others) - EXAMPLES} more" if len(others) > EXAMPLES else ""
        table.add_row(
            str(group.turns),
            escape(group.text),
            escape(shown) + more,
            _short(group.states[0][0] if group.states else None),
        )
    if found.groups:
        console.print(table)
    rest = found.groups[GROUPS:]
    if rest:
        console.print(
            f"and {len(rest)} smaller groups with {sum(group.turns for group in rest)} turns", highlight=False
        )
    if found.unheard:
        console.print(f"{found.unheard} more turns had no words that the recogniser stands by", highlight=False)


def _notes(found: Report, console: Console) -> None:
    console.print(
        "\n82 % (74\N{EN DASH}88) means: 82 % in these calls; over many calls it is most likely between 74 and 88 %. "
        "Every share counts calls: who is not understood three times at a question counts once there. A question "
        "begins with the sentences that lead to it. Answer after: p50 and p95 of the time from the question's end.",
        style="dim",
        highlight=False,
    )
    for message in found.left_out:
        console.print(f"left out: {message}", highlight=False, soft_wrap=True, markup=False)
