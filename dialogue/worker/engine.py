"""Rasa's message processor with its edges replaced: no server for actions, no sentence in its answers, no silence
about errors.

Prompts come out as names (`Prompts`), checks run in this process (`Actions`), trackers live with their
conversation (`Trackers`), and an action that fails is noted (`LoudProcessor`), where Rasa would log it and go on.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig

from dialogue.worker.checks import Moment, run
from dialogue.worker.manifest import Manifest
from dialogue.worker.noted_rules import note_rules
from dialogue.worker.noted_stories import note_stories
from dialogue.worker.project import REPEAT_ACTION
from dialogue.worker.turn import RUNNING, Json

_RESULT = jsonschema.Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(_self: RemoteAction, result: Json) -> bool:
    """Rasa compiles this constant schema anew at every action, most of its time per message."""
    _RESULT.validate(result)
    return True


def make_fast() -> None:
    RemoteAction._validate_action_result = _validate_action_result


class Trackers(TrackerStore):
    """The tracker of the running turn; it is owned by the conversation, so there is nothing to save or evict."""

    async def retrieve(self, sender_id: str) -> Any:
        return RUNNING.get().tracker

    async def save(self, tracker: Any) -> None:
        pass


class Prompts(NaturalLanguageGenerator):
    """Answers with a step of the protocol instead of a sentence."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest

    async def generate(self, utter_action: str, tracker: Any, output_channel: str, **_: Any) -> Json | None:
        step = self.step(utter_action, tracker.current_slot_values())
        return None if step is None else {"custom": step}

    def step(self, name: str, slots: Json) -> Json | None:
        """The command of that name, or the prompt in its next variation; None if it is neither."""
        if name in self._manifest.commands:
            command = dict(self._manifest.commands[name])
            return {"kind": command.pop("command"), **command}
        prompt = self._manifest.prompts.get(name)
        if prompt is None:
            return None
        turn = RUNNING.get()
        variation = turn.memory.spoken[name] % prompt["variations"][turn.language]
        turn.memory.spoken[name] += 1
        return {
            "kind": "say",
            "prompt": name,
            "variation": variation,
            "slots": {slot: slots.get(slot) for slot in prompt["slots"]},
        }


class Actions(EndpointConfig):
    """Stands where Rasa expects the address of an action server and carries out the script's checks."""

    def __init__(self, manifest: Manifest) -> None:
        super().__init__(url="in-process", **{SELECTIVE_DOMAIN: True})
        self._manifest = manifest
        self._types = manifest.slot_types

    async def request(self, method: str = "post", *_: Any, **kwargs: Any) -> Json:
        call = kwargs["json"]
        name = call["next_action"]
        turn = RUNNING.get()
        if name == REPEAT_ACTION:
            turn.repeat = True
            return {"events": [], "responses": []}
        moment = Moment(
            slots=call["tracker"]["slots"],
            day=date.fromisoformat(turn.day),
            intent=turn.intent,
            previous_intent=turn.memory.intent,
            question=turn.memory.state,
            previous_question=turn.memory.state_before,
        )
        effect = run(name, self._manifest.checks[name], moment, self._types)
        turn.hints += effect.hint
        return {
            "events": [{"event": "slot", "name": slot, "value": value} for slot, value in effect.slots.items()],
            "responses": [{"response": prompt} for prompt in effect.say],
        }


class Steps(OutputChannel):
    """Collects the steps in the order in which the script says them."""

    @classmethod
    def name(cls) -> str:
        return "steps"

    async def send_response(self, recipient_id: str, message: Json) -> None:
        step = message.get("custom")
        if step:
            RUNNING.get().steps.append(step)


class _Watched:
    """An action whose failure is noted on the turn before Rasa swallows it."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, *arguments: Any) -> Any:
        try:
            return await self._action.run(*arguments)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            RUNNING.get().failure = f"{self._action.name()}: {type(error).__name__}"
            raise


class LoudProcessor(MessageProcessor):
    async def _run_action(self, action: Any, *arguments: Any, **named: Any) -> bool:
        watched: Any = _Watched(action)
        return bool(await super()._run_action(watched, *arguments, **named))


def load_processor(model: Path, manifest: Manifest) -> LoudProcessor:
    """About 0.2 s of CPU. Raises what Rasa raises for a damaged model."""
    note_rules()
    note_stories()
    return LoudProcessor(
        model_path=str(model),
        tracker_store=Trackers(None),
        lock_store=InMemoryLockStore(),
        generator=Prompts(manifest),
        action_endpoint=Actions(manifest),
    )
