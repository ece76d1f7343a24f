"""Is account data said only after a check has compared what the customer knows with what the bank knows?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dialogue.account_data import account_fields
from dialogue.lint.all_ways import AllWays
from dialogue.lint.flow import Flow, said_by
from dialogue.script import PROMPT_FOR, Script
from dialogue.worker.project import PLACEHOLDER, Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem
from dialogue.worker.validate_checks import steps_of

WITHOUT_RULES = (*PROMPT_FOR.values(), "utter_technical_apology", "utter_technical_hand_over", "utter_keys_only")
"""Prompts that the call says of itself."""


def identity_problems(flow: Flow, script: Script) -> Iterator[Problem]:
    telling = _telling(flow.project, script)
    if not telling:
        return
    for name in WITHOUT_RULES:
        if name in telling:
            message = f"`{name}` says {telling[name]}, and whoever picks up hears it"
            yield flow.project.primary[name].problem(message, Rule.ACCOUNT_DATA)
    verified = verified_ways(flow)
    for move in flow.moves:
        for action, known in verified.walk(move):
            for prompt in said_by(flow.project, action):
                if not known and prompt in telling:
                    message = f"`{prompt}` says {telling[prompt]} before it is known who is speaking"
                    yield move.placed.problem(message, Rule.ACCOUNT_DATA)


def _telling(project: Project, script: Script) -> dict[str, str]:
    """The prompts that say account data, and which."""
    fields = account_fields(script)
    found = {}
    for prompts in project.responses.values():
        for name, prompt in prompts.items():
            said = {slot for one in prompt.value for slot in PLACEHOLDER.findall(one["text"])} & fields
            if said:
                found[name] = ", ".join(f"`{slot}`" for slot in sorted(said))
    return found


def verified_ways(flow: Flow) -> AllWays:
    """Before which question and action is identity verified, whichever way the call came there?"""
    proofs = proofs_of(flow.project)
    return AllWays(
        flow,
        given=lambda move: any(move.slots.get(slot) == value for slot, value in proofs.items()),
        after=lambda event, known: event.value == proofs[event.slot] if event.slot in proofs else known,
    )


def proofs_of(project: Project) -> dict[str, Any]:
    """Slots that a comparison with a field of the contact sets, and the value that means the same."""
    found: dict[str, Any] = {}
    for placed in project.checks.values():
        for step in steps_of(placed):
            if "compare" in step and step["compare"]["expected"] in project.contact:
                slot = project.slots[step["sets"]].value
                found[str(step["sets"])] = True if slot["type"] == "bool" else "same"
    return found
