"""Does the business learn how every call ended?"""

from __future__ import annotations

from collections.abc import Iterator

from dialogue.lint.all_ways import AllWays
from dialogue.lint.flow import Flow
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem


def ending_problems(flow: Flow) -> Iterator[Problem]:
    """A rule with a slot in its condition is taken to know what was concluded before."""
    concluded = AllWays(
        flow,
        given=lambda move: bool(move.slots),
        after=lambda event, known: known or (event.action is not None and flow.sets_outcome(event.action) is not None),
    )
    for move in flow.moves:
        for action, known in concluded.walk(move):
            if not known and move in flow.reached and flow.ends(action):
                message = f"the rule `{move.title}` can end a call for which no outcome was set"
                yield move.placed.problem(message, Rule.NO_OUTCOME)
