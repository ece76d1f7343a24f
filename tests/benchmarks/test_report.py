"""The findings as figures, data and a page, from calls made up for it."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchmarks.conversation import Findings
from benchmarks.talk.answered import Answered
from benchmarks.talk.held import HeldCall
from benchmarks.talk.measures import Aim, Measure
from benchmarks.talk.report import write_report
from benchmarks.talk.tables import tables
from benchmarks.talk.trial import Kind, Trial
from benchmarks.talk.verdicts import Judged, Verdict
from bot.call.latency import Stage
from bot.vocabulary import Outcome

pytestmark = pytest.mark.unit

VOID = {"meta", "line", "circle", "rect", "br"}


def found(*, empty: bool = False) -> Findings:
    call = HeldCall("7001", Outcome.PROMISED, [], None, ())
    stages = dict.fromkeys(Stage, 100.0)
    answers = () if empty else tuple(Answered("7001", "yes_no", 0, 400.0 + n, 395.0, stages) for n in range(5))
    trial = Trial(Kind.COUGH, "a <cough>", 1000, 1400, 0, "p1", "utter_ask_rating")
    judged = () if empty else (Judged(call, trial, Verdict.DROPPED, ("uh",)),)
    response = Measure("response", Aim(p50=450, p95=800), "ms", tuple(one.ms for one in answers))
    noises = Measure("false barge-ins", Aim(below=5), "%", (100.0,) if judged else ())
    return Findings("a machine", (call,), (response, noises), answers, judged, judged, {"platform": 100.0})


class Balanced(HTMLParser):
    """Fails where an element is not closed in order, or something is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {name for name, _ in attrs} & {"src", "href"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(params=[False, True], ids=["with trials", "without any"])
def findings(request: pytest.FixtureRequest) -> Findings:
    return found(empty=request.param)


def test_the_page_is_whole_and_needs_nothing_else(findings: Findings, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "report.html"
    write_report(findings, path)
    page = path.read_text(encoding="utf-8")
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert "a <cough>" not in page


def test_the_tables_name_aims_and_what_was_missed() -> None:
    rendered = {str(column._cells) for table in tables(found()) for column in table.columns}
    assert any("p50 ≤ 450, p95 ≤ 800 ms" in cells for cells in rendered)
    assert any("[red]missed[/]" in cells for cells in rendered)


def test_data_holds_each_measure_with_its_aim(findings: Findings) -> None:
    data = json.loads(json.dumps(findings.as_json()))
    keys = {"name", "where", "aim", "p50", "p95", "p99", "share", "n", "unit", "met"}
    assert {frozenset(measure) for measure in data["measures"]} == {frozenset(keys)}
    assert {"machine", "stages", "trials"} <= set(data)


@pytest.mark.parametrize(
    ("values", "met"),
    [((400, 420, 700), True), ((500, 500, 700), False), ((400, 420, 900), False), ((), None)],
)
def test_an_aim_is_met_where_every_limit_holds(values: tuple[float, ...], met: bool | None) -> None:
    assert Measure("response", Aim(p50=450, p95=800), "ms", values).met is met


def test_a_share_must_stay_below_its_aim() -> None:
    assert Measure("missed", Aim(below=5), "%", (100.0, *[0.0] * 19)).met is False
    assert Measure("missed", Aim(below=5), "%", (100.0, *[0.0] * 20)).met is True
