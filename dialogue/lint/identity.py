"""Is account data said only after a check has compared what the customer knows with what the bank knows?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dialogue.lint.flow import Flow, Move, said_by
from dialogue.script import PROMPT_FOR, FieldType, Purpose, Script
from dialogue.worker.project import PLACEHOLDER, START_INTENT, Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem
from dialogue.worker.validate_checks import steps_of

_ALWAYS = frozenset({FieldType.MONEY, FieldType.DIGITS})
_OF_PAYMENTS = frozenset({Purpose.REMINDER, Purpose.COLLECTION, Purpose.RISK_VERIFICATION})  # a date tells there, too
_WITHOUT_RULES = (*PROMPT_FOR.values(), "utter_technical_apology", "utter_technical_hand_over", "utter_keys_only")


def identity_problems(flow: Flow, script: Script) -> Iterator[Problem]:
    telling = _telling(flow.project, script)
    if not telling:
        return
    for name in _WITHOUT_RULES:
        if name in telling:
            message = f"`{name}` says {telling[name]}, and whoever picks up hears it"
            yield flow.project.primary[name].problem(message, Rule.ACCOUNT_DATA)
    verified = Verified(flow)
    for move in flow.moves:
        for action, known in verified.walk(move):
            for prompt in said_by(flow.project, action):
                if not known and prompt in telling:
                    message = f"`{prompt}` says {telling[prompt]} before it is known who is speaking"
                    yield move.placed.problem(message, Rule.ACCOUNT_DATA)


def _telling(project: Project, script: Script) -> dict[str, str]:
    """The prompts that say account data, and which."""
    secret = _ALWAYS | ({FieldType.DATE} if script.purpose in _OF_PAYMENTS else frozenset())
    fields = {name for name, field in script.contact.items() if field.type in secret}
    found = {}
    for prompts in project.responses.values():
        for name, prompt in prompts.items():
            said = {slot for one in prompt.value for slot in PLACEHOLDER.findall(one["text"])} & fields
            if said:
                found[name] = ", ".join(f"`{slot}`" for slot in sorted(said))
    return found


class Verified:
    """Before which rule, question and action is identity verified, whichever way the call came there?"""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.proofs = _proofs(flow.project)
        self.at_question = dict.fromkeys(flow.forms, True)
        self.after_action: dict[str, bool] = {}
        settled = False
        while not settled:
            before = (dict(self.at_question), dict(self.after_action))
            for move in flow.reached:
                for action, known in self.walk(move):
                    into = self.at_question if action in self.at_question else self.after_action
                    into[action] = into.get(action, True) and known
            settled = before == (self.at_question, self.after_action)

    def walk(self, move: Move) -> Iterator[tuple[str, bool]]:
        """The rule's actions, each with whether identity is verified when it runs."""
        known = self._before(move)
        for event in move.events:
            if event.slot in self.proofs:
                known = event.value == self.proofs[event.slot]
            elif event.action is not None:
                yield event.action, known

    def _before(self, move: Move) -> bool:
        if any(move.slots.get(slot) == value for slot, value in self.proofs.items()):
            return True
        if START_INTENT in move.intents:
            return False
        if move.after in self.at_question:
            return self.at_question[move.after]
        if move.after is not None and not move.forms:
            return self.after_action.get(move.after, True)
        forms = move.forms or set(self.flow.forms)
        return all(known for form, known in self.at_question.items() if form in forms)


def _proofs(project: Project) -> dict[str, Any]:
    """Slots that a comparison with a field of the contact sets, and the value that means the same."""
    found: dict[str, Any] = {}
    for placed in project.checks.values():
        for step in steps_of(placed):
            if "compare" in step and step["compare"]["expected"] in project.contact:
                slot = project.slots[step["sets"]].value
                found[str(step["sets"])] = True if slot["type"] == "bool" else "same"
    return found
