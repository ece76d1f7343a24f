"""Where customers hang up: the questions of a picture, the redder the more calls end there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialogue.picture.chart import Box, Chart, Fills, Kind

STEPS = ((0.02, "#fff7ec"), (0.05, "#fdd9a5"), (0.1, "#fcae74"), (0.2, "#f57d55"), (1.0, "#d7421f"))
"""Each fill and the share below which it stands."""
UNKNOWN = "#ffffff"


@dataclass(frozen=True, slots=True)
class DropOut:
    """Of the calls that `reached` a question, those in which the customer `hung_up` at it."""

    reached: int
    hung_up: int


def colour(chart: Chart, calls: Mapping[str, DropOut]) -> None:
    """Fill the chart's questions. `calls`: by the prompt that asks; a question that no call came to stays white."""
    for box in chart.boxes:
        if box.kind is Kind.QUESTION:
            box.fill, box.note = _told(_of(box, calls))
    meanings = [(UNKNOWN, "no call"), *((fill, _below(number)) for number, (_, fill) in enumerate(STEPS))]
    chart.fills = Fills("customers who hang up at the question:", meanings)


def _of(box: Box, calls: Mapping[str, DropOut]) -> DropOut:
    """A question may be asked by more than one prompt."""
    found = [calls[sentence.prompt] for sentence in box.sentences if sentence.prompt in calls]
    return DropOut(sum(one.reached for one in found), sum(one.hung_up for one in found))


def _told(found: DropOut) -> tuple[str, str]:
    if not found.reached:
        return UNKNOWN, "no call came here"
    share = found.hung_up / found.reached
    fill = next((fill for below, fill in STEPS if share < below), STEPS[-1][1])
    return fill, f"{100 * share:.0f} % hang up: {found.hung_up} of {found.reached}"


def _below(number: int) -> str:
    if number == len(STEPS) - 1:
        return f"{100 * STEPS[number - 1][0]:.0f} % or more"
    return f"below {100 * STEPS[number][0]:.0f} %"
