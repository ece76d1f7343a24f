"""Which rules a turn ran. Rasa knows it for a moment, while it trains and while it predicts, and does not keep it.

A rule becomes a chain of predictions, each with a key that other rules may share: two rules for a silence both begin by
counting it. The key of the last prediction is the rule's own, so training keeps that one with the rule's title in the
model, and a turn that comes to it has run the rule to its end.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import DEFAULT_RULES, LOOP_RULES, RulePolicy

from dialogue.worker.turn import RUNNING

TITLES = "titles"
"""Under this name the model keeps key -> titles beside Rasa's own look-ups."""

_collect, _analyze, _predict = RulePolicy._collect_sources, RulePolicy._analyze_rules, RulePolicy._predict


def _collect_sources(self: Any, tracker: Any, predicted: Any, gold: Any, source: str) -> None:
    _collect(self, tracker, predicted, gold, source)
    if not source.startswith((DEFAULT_RULES, LOOP_RULES)):
        self.last_sources[id(tracker)] = (tracker, source)  # the tracker is held, so that its id stays its own


def _analyze_rules(self: Any, rule_trackers: Any, all_trackers: Any, domain: Any) -> Any:
    self.last_sources = {}
    unused = _analyze(self, rule_trackers, all_trackers, domain)
    titles: dict[str, list[str]] = {}
    for tracker, source in self.last_sources.values():
        if tracker.sender_id not in titles.setdefault(source, []):
            titles[source].append(tracker.sender_id)
    self.lookup[TITLES] = titles
    return unused


def _predict_and_note(self: Any, tracker: Any, domain: Any) -> Any:
    prediction, source = _predict(self, tracker, domain)
    turn = RUNNING.get(None)  # there is none while a script is trained
    if turn is not None:
        turn.rules += [title for title in self.lookup.get(TITLES, {}).get(source, ()) if title not in turn.rules]
    return prediction, source


def note_rules() -> None:
    """From here on, models that are trained know their rules' titles, and turns note the rules that they run."""
    RulePolicy._collect_sources = _collect_sources
    RulePolicy._analyze_rules = _analyze_rules
    RulePolicy._predict = _predict_and_note
