"""`voicebot script learn` and `draw --tapes`: what a designer sees of recorded calls."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from tests.bot.call.made_calls import DISCLOSURE, WHO, MadeCall
from tests.bot.insight.many_calls import BEGAN, calls
from tests.needs import ROOT

pytestmark = pytest.mark.integration


@pytest.fixture
def tapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for call in (*calls("old1", 40, 2, 14, 2), *calls("new2", 50, 1, 3, 2, began=BEGAN + timedelta(minutes=30))):
        call.write(tmp_path / "tapes")
    return tmp_path / "tapes"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["script", *arguments])


def section(output: str, title: str) -> str:
    return output.partition(f"\n{title}")[2].partition("\n\n")[0]


def test_the_tables_of_the_version_with_the_latest_call(tapes: Path) -> None:
    result = run("learn", "reminder", "--tapes", str(tapes))
    assert result.exit_code == 0, result.output
    output = result.stdout
    assert "reminder: 114 calls with 2 versions, 2026-11-20 to 2026-11-20" in output
    assert re.search(r"reached a person +56 +58\n", section(output, "How calls went"))
    assert re.search(r"came to a result +89 % \(79–95\) +69 % \(56–79\)\n", output)
    assert re.search(r"pay +55 +91 % +5 %", section(output, "Question by question, version new2"))
    assert "a person please" in section(output, "Turns to listen to, version new2")
    assert re.search(r"3 +what about the fees +pay", section(output, "What customers said in vain, version new2"))


def test_two_versions_are_compared(tapes: Path) -> None:
    result = run("learn", "reminder", "--tapes", str(tapes), "--version", "new", "--against", "old")
    assert result.exit_code == 0, result.output
    told = section(result.stdout, "new2 compared with old1")
    assert "new2 is hung up on before its end less often than old1" in told
    assert "cannot be told apart yet: about" in told
    assert "did not call at the same time" not in told


def test_the_goal_is_a_measure_like_others(tapes: Path) -> None:
    result = run("learn", "reminder", "--tapes", str(tapes), "--against", "old1", "--goal", "promised")
    assert result.exit_code == 0, result.output
    assert re.search(r"reached the goal +89 % \(79–95\) +69 % \(56–79\)\n", result.stdout)
    assert "new2 reaches the goal more often than old1: +20.3 points" in result.stdout
    assert run("learn", "reminder", "--tapes", str(tapes), "--goal", "joy").exit_code == 2


def test_where_and_why_customers_hang_up(tapes: Path) -> None:
    result = run("learn", "reminder", "--tapes", str(tapes))
    told = section(result.stdout, "Where and why customers hang up, version new2")
    assert re.search(r"who +1 of 56 +1 without a word to it *\n", told)
    assert re.search(r"pay +3 of 55 +3 after not being understood", told)


def test_the_figures_for_other_programs(tapes: Path) -> None:
    run("learn", "reminder", "--tapes", str(tapes), "--version", "new2", "--against", "old1", "--json", "out.json")
    found = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert (found["version"], [one["calls"] for one in found["versions"]]) == ("new2", [56, 58])
    assert found["versions"][0]["questions"][1]["rates"]["hung_up"]["hits"] == 3
    assert {one["verdict"] for one in found["comparison"]["calls"]} >= {"better", "unsure"}
    assert found["worst_turns"][0]["why"] == ["no_match", "angry", "hung_up"]


class Page(HTMLParser):
    """What a page fetches, and whether each element is closed."""

    EMPTY = frozenset({"meta", "br", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_fetches_nothing(tapes: Path) -> None:
    evil = MadeCall("evil", "new2").opens(DISCLOSURE, WHO).says("<script>alert(1)</script>", "no_match", WHO)
    evil.hangs_up().write(tapes)
    arguments = ("--tapes", str(tapes), "--version", "new2", "--against", "old1", "--html", "out.html")
    assert run("learn", "reminder", *arguments).exit_code == 0
    text = Path("out.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert (page.open, page.fetched) == ([], [])
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "new2 compared with old1" in text


def test_turns_are_cut_beside_the_page(tapes: Path) -> None:
    held = ("--tapes", str(ROOT / "tests" / "tapes"), "--language", "en")
    result = run("learn", "repayment_reminder", *held, "--clips", "cut", "--html", "out.html")
    assert result.exit_code == 0, result.output
    assert "1 of 1 turns cut into cut\n" in result.stdout
    assert Path("cut/01_asks_for_a_human.wav").is_file()
    assert 'src="cut/01_asks_for_a_human.wav"' in Path("out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("learn", "remainder"), "has no call of remainder; there are 114 of reminder"),
        (("learn", "reminder", "--version", "c"), "--version c: no call was made with it; these tapes have new2, old1"),
        (("learn", "reminder", "--version", "old1", "--against", "old1"), "--against old1: that is the version itself"),
        (("learn", "reminder", "--html", "gone/out.html"), "gone/out.html No such file or directory"),
    ],
)
def test_mistakes_end_in_a_sentence(tapes: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments, "--tapes", str(tapes))
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_picture_is_coloured_by_where_customers_hang_up(tapes: Path) -> None:
    for call in calls("v1", 8, 2, 0):
        call.script = "repayment_reminder"
        text = call.write(tapes).read_text(encoding="utf-8")
        (tapes / f"{call.call}.jsonl").write_text(
            text.replace("utter_ask_who", "utter_ask_right_person"), encoding="utf-8"
        )
    result = run("draw", "repayment_reminder", "--tapes", str(tapes), "--out", "drawn.svg")
    assert result.exit_code == 0, result.output
    drawn = Path("drawn.svg").read_text(encoding="utf-8")
    assert "20 % hang up: 2 of 10" in drawn
    assert "Coloured by 10 calls with version v1" in drawn
    assert "no call came here" in drawn


def test_one_picture_is_not_filled_twice(tapes: Path) -> None:
    result = run("draw", "repayment_reminder", "--tapes", str(tapes), "--coverage", "results.json")
    assert result.exit_code == 1
    assert "--tapes and --coverage both fill the boxes" in result.stderr
