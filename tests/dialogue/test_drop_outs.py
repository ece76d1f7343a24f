"""The picture of a script, coloured by where customers hang up."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from dialogue.picture.chart import Box, Chart, Kind, Sentence
from dialogue.picture.drawing import svg
from dialogue.picture.drop_outs import STEPS, UNKNOWN, DropOut, colour
from tests.dialogue.test_picture import chart
from tests.dialogue.walks import REPAYMENT

pytestmark = pytest.mark.unit


def question(*prompts: str) -> Box:
    return Box(Kind.QUESTION, 1, "1 pay", tuple(Sentence(prompt, "Will you pay?", False) for prompt in prompts))


@pytest.mark.parametrize(
    ("reached", "hung_up", "fill", "note"),
    [
        (0, 0, UNKNOWN, "no call came here"),
        (100, 1, STEPS[0][1], "1 % hang up: 1 of 100"),
        (100, 2, STEPS[1][1], "2 % hang up: 2 of 100"),
        (30, 2, STEPS[2][1], "7 % hang up: 2 of 30"),
        (30, 30, STEPS[-1][1], "100 % hang up: 30 of 30"),
    ],
)
def test_the_more_hang_up_the_redder(reached: int, hung_up: int, fill: str, note: str) -> None:
    box = question("utter_ask_pay")
    colour(Chart([box]), {"utter_ask_pay": DropOut(reached, hung_up)})
    assert (box.fill, box.note) == (fill, note)


def test_a_question_of_two_prompts_is_one() -> None:
    box = question("utter_ask_pay", "utter_ask_pay_again")
    colour(Chart([box]), {"utter_ask_pay": DropOut(40, 4), "utter_ask_pay_again": DropOut(10, 6)})
    assert box.note == "20 % hang up: 10 of 50"


def test_only_questions_are_coloured_and_the_colours_explained() -> None:
    drawn = chart(REPAYMENT)
    colour(drawn, {"utter_ask_right_person": DropOut(20, 5)})
    page = ElementTree.fromstring(svg(drawn, "reminder", "a note"))
    words = ["".join(one.itertext()) for one in page.iter("{http://www.w3.org/2000/svg}text")]
    assert "25 % hang up: 5 of 20" in words
    assert {"customers who hang up at the question:", "below 2 %", "20 % or more", "no call"} <= set(words)
    assert all((box.fill is not None) == (box.kind is Kind.QUESTION) for box in drawn.boxes)
    assert words.count("no call came here") == sum(box.kind is Kind.QUESTION for box in drawn.boxes) - 1


def test_the_explanation_lies_on_nothing() -> None:
    drawn = chart(REPAYMENT)
    colour(drawn, {})
    shapes = [
        one.attrib for one in ElementTree.fromstring(svg(drawn, "r", "n")) if one.attrib.get("class", "")[:3] == "box"
    ]
    tops = [(float(one["x"]), float(one["y"]), float(one["width"]), float(one["height"])) for one in shapes]
    for (x, y, wide, high), (left, top, width, height) in combinations(tops, 2):
        assert x + wide <= left or left + width <= x or y + high <= top or top + height <= y
