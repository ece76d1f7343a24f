"""What holds before an action on every way that a call can come to it: identity is verified, an outcome is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dialogue.lint.flow import Event, Flow, Move
from dialogue.worker.project import START_INTENT


class AllWays:
    """`given`: does a rule's condition say that it holds? `after`: does it hold after a step, if it held before?"""

    def __init__(self, flow: Flow, given: Callable[[Move], bool], after: Callable[[Event, bool], bool]) -> None:
        self._flow = flow
        self._given = given
        self._after = after
        self.at_question = dict.fromkeys(flow.forms, True)
        self.after_action: dict[str, bool] = {}
        settled = False
        while not settled:
            before = (dict(self.at_question), dict(self.after_action))
            for move in flow.reached:
                for action, holds in self.walk(move):
                    into = self.at_question if action in self.at_question else self.after_action
                    into[action] = into.get(action, True) and holds
            settled = before == (self.at_question, self.after_action)

    def walk(self, move: Move) -> Iterator[tuple[str, bool]]:
        """The rule's actions, each with whether it holds when the action runs."""
        holds = self._before(move)
        for event in move.events:
            if event.action is not None:
                yield event.action, holds
            holds = self._after(event, holds)

    def _before(self, move: Move) -> bool:
        if self._given(move):
            return True
        if START_INTENT in move.intents:
            return False
        if move.after in self.at_question:
            return self.at_question[move.after]
        if move.after is not None and not move.forms:
            return self.after_action.get(move.after, True)
        forms = move.forms or set(self._flow.forms)
        return all(holds for form, holds in self.at_question.items() if form in forms)
