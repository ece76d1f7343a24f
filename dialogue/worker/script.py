"""One version of one script, loaded: it opens conversations and plays turns in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MAX_NUMBER_OF_PREDICTIONS
from rasa.shared.core.constants import ACTION_DEFAULT_FALLBACK_NAME, ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.worker.engine import Prompts, Steps, load_processor
from dialogue.worker.manifest import Manifest, read_manifest
from dialogue.worker.problems import Code, DialogueProblem
from dialogue.worker.project import START_INTENT
from dialogue.worker.turn import RUNNING, Json, Memory, RunningTurn


@dataclass
class Position:
    """Where a conversation stands. A turn that fails leaves it as it was."""

    tracker: DialogueStateTracker
    language: str
    day: str
    memory: Memory


class Script:
    def __init__(self, manifest: Manifest, model: Path) -> None:
        self.manifest = manifest
        self._processor = load_processor(model, manifest)
        self._prompts = Prompts(manifest)

    @classmethod
    def load(cls, folder: Path, version: str) -> Script:
        return cls(read_manifest(folder / f"{version}.json"), folder / f"{version}.tar.gz")

    def position(self, conversation: str, language: str, day: str, slots: Json) -> Position:
        """The beginning: slots filled, nothing said."""
        events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
        events += [SlotSet(name, value) for name, value in {**slots, "day": day, "language": language}.items()]
        events.append(ActionExecuted(ACTION_LISTEN_NAME))
        return Position(self._tracker(conversation, events), language, day, Memory())

    async def open(self, position: Position) -> Json:
        return await self._play(position, START_INTENT, [])

    async def turn(self, position: Position, intent: str, sentiment: str, entities: Sequence[Json]) -> Json:
        """The bot's answer, a `Reply`. Raises DialogueProblem and leaves the position as it was."""
        if intent not in self.manifest.intents:
            raise DialogueProblem(Code.UNKNOWN_INTENT, f"the script {self.manifest.script} has no intent `{intent}`")
        latest = {entity["type"]: entity["value"] for entity in entities}
        latest["sentiment"] = sentiment
        known = {kind: value for kind, value in latest.items() if kind in self.manifest.entities}
        return await self._play(position, intent, [{"entity": kind, "value": value} for kind, value in known.items()])

    async def _play(self, position: Position, intent: str, entities: list[Json]) -> Json:
        tracker, before = position.tracker, len(position.tracker.events)
        turn = RunningTurn(tracker, position.language, position.day, intent, position.memory.copy())
        token = RUNNING.set(turn)
        try:
            await self._processor.handle_message(self._message(tracker.sender_id, intent, entities))
            self._raise_if_lost(turn, list(tracker.events)[before:])
            self._finish(turn)
        except BaseException:
            position.tracker = self._tracker(tracker.sender_id, list(tracker.events)[:before])
            raise
        finally:
            RUNNING.reset(token)
        position.memory = turn.memory
        return {
            "steps": turn.steps,
            "state": turn.memory.state,
            "slots": self._learnt(tracker),
            "rules": turn.rules,
            "stories": turn.stories,
        }

    @staticmethod
    def _message(conversation: str, intent: str, entities: list[Json]) -> UserMessage:
        understood = {
            "text": f"/{intent}",
            "intent": {"name": intent, "confidence": 1.0},
            "entities": entities,
            "intent_ranking": [],
        }
        return UserMessage(f"/{intent}", Steps(), conversation, parse_data=understood)

    def _tracker(self, conversation: str, events: Sequence[Event]) -> DialogueStateTracker:
        domain = self._processor.domain
        return DialogueStateTracker.from_events(conversation, list(events), domain.slots, domain=domain)

    def _raise_if_lost(self, turn: RunningTurn, events: Sequence[Event]) -> None:
        if turn.failure:
            raise DialogueProblem(Code.ACTION_FAILED, f"in the script {self.manifest.script}: {turn.failure}")
        done = [event.action_name for event in events if isinstance(event, ActionExecuted)]
        where = f"the script {self.manifest.script}, after `{turn.intent}` at {turn.memory.state or 'no question'}"
        if ACTION_DEFAULT_FALLBACK_NAME in done:
            raise DialogueProblem(Code.NO_REPLY, f"no rule says what to do in {where}")
        if not done or done[-1] != ACTION_LISTEN_NAME:
            raise DialogueProblem(Code.NO_REPLY, f"more than {MAX_NUMBER_OF_PREDICTIONS} actions in {where}")
        if not turn.steps and not turn.repeat:
            raise DialogueProblem(Code.NO_REPLY, f"nothing is said in {where}")

    def _finish(self, turn: RunningTurn) -> None:
        """Put what is to be repeated first, hints before the question, and remember what this turn leaves."""
        memory = turn.memory
        if turn.repeat:
            saying = {step.get("prompt") for step in turn.steps}
            slots = turn.tracker.current_slot_values()
            again = [self._prompts.step(name, slots) for name in memory.last_said if name not in saying]
            turn.steps[:0] = [step for step in again if step is not None]
        self._hint(turn)
        said = tuple(step["prompt"] for step in turn.steps if step["kind"] == "say")
        questions = [name for name in said if self._asks(name)]
        if questions or not memory.last_said:
            memory.last_said = said
        memory.state_before = memory.state
        if any(step["kind"] in {"transfer", "hang_up"} for step in turn.steps):
            memory.state = None
        elif questions:
            memory.state = questions[-1]
        memory.intent = turn.intent
        if not turn.steps:
            raise DialogueProblem(Code.NO_REPLY, f"the script {self.manifest.script} has nothing to repeat yet")

    def _hint(self, turn: RunningTurn) -> None:
        """A hint helps to answer: where nothing is asked any more it is not said."""
        asks = (i for i, step in enumerate(turn.steps) if step["kind"] == "say" and self._asks(step["prompt"]))
        at = next(asks, None)
        if at is not None:
            saying = {step.get("prompt") for step in turn.steps}
            slots = turn.tracker.current_slot_values()
            hints = [self._prompts.step(name, slots) for name in turn.hints if name not in saying]
            turn.steps[at:at] = [step for step in hints if step is not None]

    def _asks(self, prompt: str) -> bool:
        return bool(self.manifest.prompts[prompt]["asks"])

    def _learnt(self, tracker: DialogueStateTracker) -> Json:
        values: dict[str, Any] = tracker.current_slot_values()
        return {name: value for name, value in values.items() if self.manifest.learnt(name) and _is_slot_value(value)}


def _is_slot_value(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool))
