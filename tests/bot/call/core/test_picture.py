"""The picture of the core in docs/: current, whole and readable."""

from __future__ import annotations

from typing import get_args
from xml.etree import ElementTree

import pytest

from bot.call.core import events
from bot.call.core.commands import Command, Timer
from bot.call.core.picture.arrows import LINE, Arrow, Frame, arrows
from bot.call.core.picture.drawing import overlapping, svg
from bot.call.core.picture.exploration import Edge, Node, explore
from bot.call.core.picture.files import PAGE, PICTURE
from bot.call.core.picture.page import CORE, MEANINGS, NO_POLICY, markdown
from bot.call.core.state import Phase
from tests.needs import ROOT

pytestmark = pytest.mark.unit

DOCS = ROOT / "docs"
STALE = "docs/ does not show the core as it is: run python -m bot.call.core.picture"


@pytest.fixture(scope="module")
def edges() -> tuple[Edge, ...]:
    return explore()


@pytest.fixture(scope="module")
def drawn(edges: tuple[Edge, ...]) -> tuple[Arrow, ...]:
    return arrows(edges)


def test_the_picture_is_current(drawn: tuple[Arrow, ...]) -> None:
    assert svg(drawn) == (DOCS / PICTURE).read_text(encoding="utf-8"), STALE


def test_the_page_is_current(edges: tuple[Edge, ...]) -> None:
    assert markdown(edges, PICTURE) == (DOCS / PAGE).read_text(encoding="utf-8"), STALE


def test_every_phase_is_walked_and_drawn(edges: tuple[Edge, ...], drawn: tuple[Arrow, ...]) -> None:
    assert {edge.source for edge in edges} == set(Node) - {Node.ENDED}
    assert {edge.target for edge in edges} == set(Node) - {Node.RINGING}
    assert {phase.value for phase in Phase} <= {node.value for node in Node}
    names = [text.text for text in ElementTree.fromstring(svg(drawn)).iterfind(".//*[@class='name']")]
    assert names == [node.value.replace("_", " ") for node in Node]
    assert set(MEANINGS) == set(Node)


def test_every_event_happens_on_the_walk(edges: tuple[Edge, ...]) -> None:
    happened = {edge.trigger.partition(":")[0] for edge in edges}
    assert {kind.__name__ for kind in get_args(events.Event)} - {"TimerFired"} <= happened


def test_every_timer_runs_out_on_the_walk(edges: tuple[Edge, ...]) -> None:
    assert {f"timer {timer}" for timer in Timer} <= {edge.trigger for edge in edges}


def test_every_file_of_the_core_decides_something(edges: tuple[Edge, ...]) -> None:
    files = {path.stem for path in CORE.glob("*.py")} - NO_POLICY
    assert {name for edge in edges for name in edge.decided_in} - {"step"} == files


def test_edges_name_the_files_that_decide_them(edges: tuple[Edge, ...]) -> None:
    found = {(edge.source, edge.trigger, edge.target): edge for edge in edges}
    barge_in = found[Node.SPEAKING, "VoiceStarted", Node.PAUSED]
    assert barge_in.decided_in == ("turn_start", "barge_in")
    assert barge_in.always == ("StopSpeaking",)
    assert found[Node.LISTENING, "timer no_input", Node.THINKING].always == ("ConsiderAbsence",)
    assert found[Node.HANDING_OVER, "HandOverFailed", Node.THINKING].decided_in == ("handing_over", "deciding")


def test_labels_can_be_read(drawn: tuple[Arrow, ...]) -> None:
    assert overlapping(drawn) == [], "move these labels in bot/call/core/picture/places.py"


def test_no_word_of_a_label_is_broken(drawn: tuple[Arrow, ...]) -> None:
    assert max(len(line) for arrow in drawn for line in arrow.label) <= LINE
    words = {word.strip(",:#") for arrow in drawn for line in arrow.label for word in line.split()}
    names = {kind.__name__ for kind in (*get_args(events.Event), *get_args(Command))} | {timer.value for timer in Timer}
    assert {word for word in words if word[:1].isupper() or "_" in word} <= names


def test_what_all_states_do_is_drawn_once(drawn: tuple[Arrow, ...]) -> None:
    gone = [(arrow.source, arrow.target) for arrow in drawn if any("Gone" in line for line in arrow.label)]
    assert gone == [(Frame.CALL, Node.ENDED)]
