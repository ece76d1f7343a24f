"""Which stories a turn ran, noted as `noted_rules` notes rules.

A story is memorised as look-ups, each of what has been so far and what to do then. Stories that begin alike share their
first ones; the last one is kept with the story's title. It counts when it is found there, also where a rule says the
same.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from rasa.core.policies.memoization import AugmentedMemoizationPolicy

from dialogue.worker.noted_rules import TITLES
from dialogue.worker.turn import RUNNING

_train, _look_up, _recall = (
    AugmentedMemoizationPolicy.train,
    AugmentedMemoizationPolicy._create_lookup_from_states,
    AugmentedMemoizationPolicy._recall_states,
)

PARTS = " > "
"""Between the titles of stories that go on into each other (`checkpoint`)."""


@wraps(_train)  # Rasa reads its types
def _train_and_note(self: Any, training_trackers: Any, domain: Any, **named: Any) -> Any:
    titles: dict[str, list[str]] = {}
    for tracker in training_trackers:
        if getattr(tracker, "is_rule_tracker", False) or getattr(tracker, "is_augmented", False):
            continue
        states, _ = self.featurizer.training_states_and_labels([tracker], domain)
        if states:
            of_its_end = titles.setdefault(self._create_feature_key(states[-1]), [])
            of_its_end += [title for title in tracker.sender_id.split(PARTS) if title not in of_its_end]
    self.last_steps = titles
    return _train(self, training_trackers, domain, **named)


def _create_lookup(self: Any, trackers_as_states: Any, trackers_as_actions: Any) -> Any:
    return {**_look_up(self, trackers_as_states, trackers_as_actions), TITLES: self.last_steps}


def _recall_and_note(self: Any, states: Any) -> Any:
    action = _recall(self, states)
    turn = RUNNING.get(None)
    if action is not None and turn is not None:
        found = self.lookup.get(TITLES, {}).get(self._create_feature_key(states), ())
        turn.stories += [title for title in found if title not in turn.stories]
    return action


def note_stories() -> None:
    """From here on, models that are trained know their stories' titles, and turns note the stories that they run."""
    AugmentedMemoizationPolicy.train = _train_and_note
    AugmentedMemoizationPolicy._create_lookup_from_states = _create_lookup
    AugmentedMemoizationPolicy._recall_states = _recall_and_note
