"""What is drawn where: boxes, frames, and how each arrow bends. In units of the picture, 1500 wide."""

from __future__ import annotations

from dataclasses import dataclass

from bot.call.core.picture.arrows import End, Frame
from bot.call.core.picture.exploration import Node

WIDTH, HEIGHT = 1505, 1090
BOX = 150, 46


@dataclass(frozen=True, slots=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def meets(self, other: Rectangle) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Course:
    """`bend`: how far an arrow leaves the straight line, to its left where positive. `at`: the label's centre.

    `begin` and `end` are points on a frame's border.
    """

    bend: float = 0.0
    at: tuple[float, float] | None = None
    begin: tuple[float, float] | None = None
    end: tuple[float, float] | None = None


CENTRES: dict[Node, tuple[float, float]] = {
    Node.RINGING: (130, 110),
    Node.SPEAKING: (440, 270),
    Node.LISTENING: (900, 270),
    Node.PAUSED: (440, 740),
    Node.THINKING: (900, 740),
    Node.AT_MACHINE: (140, 520),
    Node.OUT_OF_REACH: (1240, 270),
    Node.APOLOGISING: (1240, 620),
    Node.HANDING_OVER: (620, 960),
    Node.LEAVING: (980, 960),
    Node.ENDED: (1420, 960),
}

FRAMES: dict[Frame, Rectangle] = {
    Frame.CALL: Rectangle(15, 40, 1330, 1040),
    Frame.ON_THE_LINE: Rectangle(40, 160, 1040, 842),
    Frame.CONVERSATION: Rectangle(300, 185, 1025, 825),
}

COURSES: dict[tuple[End, End], Course] = {
    (Node.RINGING, Node.SPEAKING): Course(30),
    (Node.SPEAKING, Node.LISTENING): Course(30, at=(670, 237)),
    (Node.LISTENING, Node.SPEAKING): Course(26, at=(670, 300)),
    (Node.SPEAKING, Node.PAUSED): Course(26, at=(430, 488)),
    (Node.PAUSED, Node.SPEAKING): Course(40, at=(410, 590)),
    (Node.SPEAKING, Node.THINKING): Course(36, at=(650, 420)),
    (Node.THINKING, Node.SPEAKING): Course(36, at=(655, 560)),
    (Node.LISTENING, Node.PAUSED): Course(0, at=(800, 365)),
    (Node.LISTENING, Node.THINKING): Course(40, at=(920, 448)),
    (Node.THINKING, Node.LISTENING): Course(26, at=(875, 610)),
    (Node.PAUSED, Node.THINKING): Course(50, at=(670, 670)),
    (Node.THINKING, Node.PAUSED): Course(26, at=(680, 764)),
    (Node.AT_MACHINE, Node.SPEAKING): Course(60, at=(210, 320)),
    (Frame.CONVERSATION, Node.AT_MACHINE): Course(0, begin=(300, 470), at=(180, 430)),
    (Node.AT_MACHINE, Node.LEAVING): Course(-112, begin=(140, 543), end=(905, 952), at=(230, 765)),
    (Node.SPEAKING, Node.HANDING_OVER): Course(0, at=(570, 872)),
    (Frame.ON_THE_LINE, Node.HANDING_OVER): Course(0, begin=(430, 842), at=(390, 905)),
    (Node.HANDING_OVER, Node.THINKING): Course(-20, at=(795, 878)),
    (Node.HANDING_OVER, Node.APOLOGISING): Course(-60, at=(1090, 815)),
    (Node.APOLOGISING, Node.HANDING_OVER): Course(30, at=(893, 810)),
    (Node.HANDING_OVER, Node.ENDED): Course(-50, at=(1010, 1010)),
    (Frame.ON_THE_LINE, Node.OUT_OF_REACH): Course(16, begin=(1040, 215), at=(1100, 205)),
    (Node.OUT_OF_REACH, Frame.ON_THE_LINE): Course(0, end=(1040, 320), at=(1110, 350)),
    (Frame.ON_THE_LINE, Node.APOLOGISING): Course(0, begin=(1040, 570), at=(1100, 552)),
    (Node.APOLOGISING, Node.OUT_OF_REACH): Course(-50, at=(1290, 545)),
    (Node.OUT_OF_REACH, Node.APOLOGISING): Course(-10, at=(1215, 450)),
    (Node.OUT_OF_REACH, Node.ENDED): Course(60, at=(1410, 520)),
    (Node.APOLOGISING, Node.LEAVING): Course(0, at=(1160, 740)),
    (Frame.ON_THE_LINE, Node.LEAVING): Course(0, begin=(975, 842), at=(1025, 885)),
    (Node.LEAVING, Node.ENDED): Course(0, at=(1200, 960)),
    (Frame.CALL, Node.ENDED): Course(0, begin=(1330, 830), at=(1420, 870)),
}
"""Any other arrow is drawn with a slight bend and its label in the middle."""


def box_of(node: Node) -> Rectangle:
    x, y = CENTRES[node]
    return Rectangle(x - BOX[0] / 2, y - BOX[1] / 2, x + BOX[0] / 2, y + BOX[1] / 2)


def rectangle_of(end: End) -> Rectangle:
    return FRAMES[end] if isinstance(end, Frame) else box_of(end)
