"""The picture of a script: nothing is left out, nothing lies on anything else, and it leads where the rules lead."""

from __future__ import annotations

import random
import shutil
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dialogue.lint.flow import Flow
from dialogue.picture.answerers import treatments
from dialogue.picture.chart import Box, Chart, Edge, Kind, Words
from dialogue.picture.charting import chart_of
from dialogue.picture.drawing import svg
from dialogue.picture.layers import Node, layout
from dialogue.picture.lettering import ELLIPSIS, lines, width
from dialogue.picture.stories import WHEN, stories
from dialogue.picture.tried import Tried
from dialogue.prompts import PromptCatalogue
from dialogue.script import load_script
from dialogue.worker.project import load
from tests.dialogue.test_scripts_page import paste
from tests.dialogue.walks import REPAYMENT, SCRIPTS, SURVEY

pytestmark = pytest.mark.unit


def flow_and_words(scripts: Path, name: str, language: str = "en") -> tuple[Flow, Words]:
    catalogue = PromptCatalogue.load(scripts / name, scripts / "shared")
    return Flow(load(scripts, name)), Words.of(catalogue, load_script(scripts / name), language)


def chart(name: str, language: str = "en") -> Chart:
    return chart_of(*flow_and_words(SCRIPTS, name, language))


def steps(chart: Chart, title: str) -> dict[str, Box]:
    """What the edges of a box lead to, by what stands at them."""
    return {label: edge.target for edge in chart.edges if edge.source.title == title for label in edge.labels}


@pytest.mark.parametrize("name", [REPAYMENT, SURVEY, "errand"])
def test_every_prompt_and_outcome_of_a_rule_is_in_the_picture(tmp_path: Path, name: str) -> None:
    scripts = paste(tmp_path / "scripts") if name == "errand" else SCRIPTS
    flow, words = flow_and_words(scripts, name)
    found = chart_of(flow, words)
    shown = found.sentences()
    told = " ".join([*(box.title for box in found.boxes), *(one.closing for one in found.listed)])
    for action in {action for move in flow.reached for action in move.actions}:
        assert action not in words.sentences or words.sentences[action] in shown, action
        assert (flow.sets_outcome(action) or "") in told


def test_edges_lead_where_the_rules_lead() -> None:
    reminder = chart(REPAYMENT)
    assert steps(reminder, "1 right person")["affirm"].title == "2 identity"
    assert steps(reminder, "1 right person")["deny"].title == "wrong_person"
    paid = steps(reminder, "3 payment")["already_paid"]
    assert (paid.kind, paid.title, paid.closing) == (Kind.HANGS_UP, "already_paid", "hangs up")
    again = steps(reminder, "wrong digits")["digits wrong, another attempt"]
    assert (again.kind, again.closing) == (Kind.SAYS, "\N{RIGHTWARDS ARROW} 2 identity")
    colleague = steps(reminder, "4 human offer")["affirm"]
    assert (colleague.kind, colleague.closing) == (Kind.HANDS_OVER, "puts through to Repayment desk")


def test_what_is_said_anywhere_is_listed_once_and_not_drawn() -> None:
    survey = chart(SURVEY)
    (human,) = [one for one in survey.listed if one.title == "a human, please"]
    assert (human.when, human.closing) == ("at any question", "puts through to Customer service: handed_over")
    assert not [edge for edge in survey.edges if "ask_human" in edge.labels]


def test_a_choice_that_holds_at_other_questions_too_is_drawn_and_listed() -> None:
    reminder = chart(REPAYMENT)
    assert "already_paid" in steps(reminder, "3 payment")
    (listed,) = [one for one in reminder.listed if one.title == "has paid already"]
    assert (listed.when, listed.closing) == ("if identity_verified", "hangs up: already_paid")


def test_what_a_machine_hears_is_listed() -> None:
    script = load_script(SCRIPTS / REPAYMENT)
    listed = {one.title: one for one in treatments(script, flow_and_words(SCRIPTS, REPAYMENT)[1])}
    assert [sentence.prompt for sentence in listed["machine"].sentences] == ["utter_message_for_machine"]
    assert (listed["fax"].sentences, listed["fax"].closing) == ((), "hangs up")


def test_legal_sentences_are_marked() -> None:
    assert "§ Hello. This is an automated" in svg(chart(REPAYMENT), "reminder", "")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [REPAYMENT, SURVEY])
def test_the_file_is_svg_that_fetches_nothing(name: str, language: str) -> None:
    drawn = svg(chart(name, language), 'a "title" & more', "<note>")
    assert {one.tag.split("}")[1] for one in ElementTree.fromstring(drawn).iter()} <= {
        *("svg", "title", "style", "defs", "marker", "path", "rect", "text")
    }
    assert not {"url(http", "href", "@import"} & set(drawn.split())


def large(seed: int) -> Chart:
    """More than forty questions, each with up to four ways on, some of which meet again."""
    chance = random.Random(seed)
    rows = [
        [Box(Kind.QUESTION, depth, f"{depth}.{number}") for number in range(chance.randint(3, 6))]
        for depth in range(12)
    ]
    edges = []
    for above, below in pairwise(rows):
        for box in below:
            edges += [Edge(source, box, ["yes"]) for source in chance.sample(above, chance.randint(1, 2))]
    return Chart([box for row in rows for box in row], edges)


@pytest.mark.parametrize("drawn", [chart(REPAYMENT), chart(SURVEY), large(1), large(2)])
def test_nothing_lies_on_anything_else(drawn: Chart) -> None:
    def size(node: Node) -> tuple[float, float]:
        return (262.0, 40.0 + 30 * len(node.sentences)) if isinstance(node, Box) else (158.0, 20.0)

    places = layout(drawn, size)
    assert set(places) == {*drawn.boxes, *drawn.edges}
    assert not [pair for pair in combinations(places.values(), 2) if pair[0].meets(pair[1])]
    for edge in drawn.edges:
        assert places[edge.source].bottom < places[edge].top < places[edge].bottom < places[edge.target].top


@pytest.mark.parametrize(
    "text",
    [
        "May I ask you three short questions about our service?",
        "请问您现在方便回答三个关于我们服务的问题吗？",
        "w" * 90,
    ],
)
def test_lines_keep_within_their_room(text: str) -> None:
    found = lines(text, 13, 120, 2)
    assert len(found) <= 2
    assert all(width(line, 13) <= 120 for line in found)
    assert "".join(found).endswith(ELLIPSIS)
    assert lines(text, 13, 5000, 2) == [text]


def test_what_calls_came_to_is_marked_and_what_they_did_not_has_a_broken_line() -> None:
    survey = chart(SURVEY)
    tried = Tried(9, {"opening": 9, "takes part": 7}, {"utter_ask_survey_consent": 9, "utter_ask_rating": 6})
    times = tried.drawn(survey)
    by_title = {box.title: times[box] for box in survey.boxes}
    assert by_title["the customer answers"] == by_title["1 consent"] == 9
    assert (by_title["2 rating"], by_title["survey_declined"]) == (6, 0)
    picture = svg(survey, "survey", "", tried)
    assert "of 9 calls" in picture
    assert picture.count('class="box question tried"') == 2
    never = sum(not count for node, count in times.items() if isinstance(node, Box))
    assert picture.count(' never" x=') == never + 1  # and the legend
    assert ' never" x=' not in svg(survey, "survey", "")


def test_stories_are_listed_with_how_often_calls_came_to_them(tmp_path: Path) -> None:
    scripts = Path(shutil.copytree(SCRIPTS, tmp_path / "scripts"))
    steps = "  steps:\n  - intent: thanks\n  - action: utter_ask_survey_consent\n"
    (scripts / SURVEY / "stories.yml").write_text(f"stories:\n- story: thanked\n{steps}- story: again\n{steps}")
    flow, words = flow_and_words(scripts, SURVEY)
    survey = chart_of(flow, words)
    survey.listed += stories(flow.project, words)
    told = [one for one in survey.listed if one.when == WHEN]
    assert [(one.title, [said.prompt for said in one.sentences]) for one in told] == [
        ("thanked", ["utter_ask_survey_consent"]),
        ("again", ["utter_ask_survey_consent"]),
    ]
    tried = Tried(9, {}, {}, {"thanked": 3, "again": 0})
    assert [tried.listed(one) for one in told] == [3, 0]
    assert "3 ×" in svg(survey, "survey", "", tried)
