"""From rules to boxes and edges; every rule that a call can come to is either drawn or listed.

Questions are numbered in the order in which a call comes to them. An edge leads one step further into the call; where
the call goes back or across, the number of the question stands in place of the edge.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from dialogue.lint.flow import Event, Flow, Move, questions
from dialogue.lint.identity import proofs_of, verified_ways
from dialogue.picture.answers import choices, conditions, expected, label_at, result
from dialogue.picture.chart import ANYWHERE, Box, Chart, Edge, Kind, Listed, Sentence, Words
from dialogue.picture.course import Course, Goal, branches, course_of, is_own
from dialogue.protocol import Signal
from dialogue.worker.project import START_INTENT

Place = tuple[str, tuple[Event, ...]]
"""A form, or a check and what its rule itself does after it."""

_BEGINNINGS = {START_INTENT: "the customer answers", Signal.HAND_OVER_FAILED.value: "nobody takes over"}
ARROW = "\N{RIGHTWARDS ARROW}"


def chart_of(flow: Flow, words: Words) -> Chart:
    charting = _Charting(flow, words)
    for intent, title in _BEGINNINGS.items():
        charting.begin(intent, title)
    charting.draw_the_rest()
    charting.list_the_rest()
    return charting.chart


class _Charting:
    def __init__(self, flow: Flow, words: Words) -> None:
        self.flow = flow
        self.words = words
        self.chart = Chart()
        self.proofs = proofs_of(flow.project)
        self.verified = verified_ways(flow)
        self.places: dict[Place, Box] = {}
        self.waiting: deque[Place] = deque()
        self.led: dict[tuple[Box, Course], Edge] = {}
        self.drawn: set[Move] = set()

    def begin(self, intent: str, title: str) -> None:
        moves = [move for move in self.flow.moves if intent in move.intents and move in self.flow.reached]
        if moves:
            start = self._add(Box(Kind.START, 0, title))
            for move in moves:
                self._draw(start, move.title if len(moves) > 1 else "", move)
            self._follow_up()

    def draw_the_rest(self) -> None:
        """Questions to which only rules lead that hold anywhere."""
        for form in self.flow.forms:
            if (form, ()) not in self.places and any(form in move.actions for move in self.flow.reached):
                self._place((form, ()), 0)
                self._follow_up()

    def list_the_rest(self) -> None:
        """Also what is drawn as a choice of one question and holds at others as well."""
        for move in self.flow.moves:
            anywhere = move.intents and not move.forms and not move.intents & _BEGINNINGS.keys()
            if move in self.flow.reached and (anywhere or move not in self.drawn):
                self.chart.listed.append(self._listed(move))

    def _follow_up(self) -> None:
        """Draw what leads on from the questions and checks that edges have come to."""
        while self.waiting:
            name, rest = self.waiting.popleft()
            box = self.places[name, rest]
            if box.kind is Kind.QUESTION:
                for move, label in self._turns(name):
                    self._draw(box, label, move, name)
                continue
            if rest:
                self._lead(box, result(rest), course_of(self.flow, rest), [])
            for move in branches(self.flow, name):
                self._draw(box, move.title, move)

    def _turns(self, form: str) -> Iterator[tuple[Move, str]]:
        """The rules drawn at a question: for its answer, for this question alone, and for its choices."""
        answers = [move for move in self.flow.following(form) if not move.forms or form in move.forms]
        made_for = [move for move in self.flow.moves if form in move.forms and move.intents]
        known = self.proofs if self.verified.at_question[form] else {}
        for move in [*answers, *made_for]:
            if move in self.flow.reached and not move.after_failure:
                yield move, label_at(self.flow, form, move, known)
        for intent in choices(self.flow.project, form):
            if not self.flow.taken_as_answer(form, intent):
                for move in self._own(form, intent):
                    yield move, intent

    def _own(self, form: str, intent: str) -> list[Move]:
        """The script's own rules for an intent at any question; of those that ask whether identity is verified, the
        ones that fit what is known by then."""
        moves = [move for move in self.flow.at(form, intent) if is_own(move) and not (move.forms or move.after_failure)]
        proven = [move for move in moves if self.proofs.keys() & move.slots.keys()]
        if self.verified.at_question[form]:
            return proven or moves
        return [move for move in moves if move not in proven]

    def _draw(self, source: Box, label: str, move: Move, form: str | None = None) -> None:
        self.drawn.add(move)
        course = course_of(self.flow, move.events)
        if course.goal is Goal.STAYS and form is not None and not move.leaves:
            course = replace(course, goal=Goal.ASKS, name=form)
        self._lead(source, label, course, [move.title])

    def _lead(self, source: Box, label: str, course: Course, rules: list[str]) -> None:
        """Draw a course to its goal; where the same one is drawn from this box already, only its label."""
        self.drawn |= set(course.through)
        labels = [label] if label else []
        if (source, course) in self.led:
            self.led[source, course].labels.extend(labels)
            self.led[source, course].rules.extend(rules)
            return
        depth = source.depth + 1
        says = bool(course.said or course.outcome)
        there = self.places.get((course.name, course.rest))
        goes_on = course.goal in {Goal.ASKS, Goal.CHECKS} and (there is None or there.depth == depth + says)
        if says or not goes_on:
            target = self._add(self._box(course, depth, goes_on))
        else:
            target = self._place((course.name, course.rest), depth)
        self.led[source, course] = self._connect(source, target, labels, rules)
        if says and goes_on:
            self._connect(target, self._place((course.name, course.rest), depth + 1), [], [])

    def _box(self, course: Course, depth: int, goes_on: bool) -> Box:
        """What is said on the way; what comes of it where no edge goes on from there."""
        closing = "" if goes_on else self._closing(course)
        if course.goal is Goal.HANDS_OVER:
            return Box(Kind.HANDS_OVER, depth, course.outcome or "", self._sentences(course), closing)
        if course.goal is Goal.HANGS_UP:
            return Box(Kind.HANGS_UP, depth, course.outcome or "", self._sentences(course), closing)
        noted = f"outcome so far: {course.outcome}" if course.outcome else ""
        kind = Kind.SAYS if course.said or noted else Kind.BACK
        return Box(kind, depth, noted, self._sentences(course), closing)

    def _place(self, place: Place, depth: int) -> Box:
        """The box of a question or a check; a new one is followed up later."""
        if place not in self.places:
            name = place[0]
            if name in self.flow.forms:
                number = 1 + sum(box.kind is Kind.QUESTION for box in self.places.values())
                asked = tuple(self.words.sentences[one] for one in questions(self.flow.project, name))
                answer = expected(self.flow.project, name)
                closing = f"expects {answer}" if answer else ""
                box = Box(Kind.QUESTION, depth, f"{number} {_readable(name.removesuffix('_form'))}", asked, closing)
            else:
                box = Box(Kind.CHECK, depth, _readable(name.removeprefix("action_")))
            self.places[place] = self._add(box)
            self.waiting.append(place)
        return self.places[place]

    def _add(self, box: Box) -> Box:
        self.chart.boxes.append(box)
        return box

    def _connect(self, source: Box, target: Box, labels: list[str], rules: list[str]) -> Edge:
        edge = Edge(source, target, labels, rules)
        self.chart.edges.append(edge)
        return edge

    def _listed(self, move: Move) -> Listed:
        course = course_of(self.flow, move.events)
        while course.goal is Goal.CHECKS and course.rest:
            later = course_of(self.flow, course.rest)
            course = replace(later, said=course.said + later.said, outcome=later.outcome or course.outcome)
        at = [self.places[form, ()].title for form in sorted(move.forms) if (form, ()) in self.places]
        when = [*(f"at {title}" for title in at), *([f"if {conditions(move.slots)}"] if move.slots else [])]
        closing = self._closing(course) + (f": {course.outcome}" if course.outcome else "")
        return Listed(", ".join(when) or ANYWHERE, move.title, self._sentences(course), closing)

    def _sentences(self, course: Course) -> tuple[Sentence, ...]:
        return tuple(self.words.sentences[name] for name in course.said)

    def _closing(self, course: Course) -> str:
        match course.goal:
            case Goal.HANGS_UP:
                return "hangs up" if course.outcome else "hangs up, the outcome stays"
            case Goal.HANDS_OVER:
                return f"puts through to {self.words.queues.get(course.name, course.name)}"
            case Goal.STAYS:
                return "asks again"
            case _:
                there = self.places.get((course.name, course.rest))
                return f"{ARROW} {there.title if there is not None else _readable(course.name)}"


def _readable(name: str) -> str:
    return name.replace("_", " ")
