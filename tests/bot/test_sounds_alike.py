"""A script's own grammar: what it adds must be known to the recogniser, and sound like no other answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sounds_alike import grammar_problems
from dialogue.worker.rule import Rule
from tests.dialogue.test_scripts_page import paste

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paste(tmp_path_factory.mktemp("alike") / "scripts")


def found(scripts: Path, *rules: str) -> list[tuple[int | None, Rule]]:
    path = scripts / "errand" / "grammar.en.jsgf"
    path.write_text("\n".join(["#JSGF V1.0;", "grammar errand;", *rules]) + "\n", encoding="utf-8")
    problems = list(grammar_problems(scripts, "errand"))
    assert {problem.file for problem in problems} <= {str(path)}
    return [(problem.line, problem.rule) for problem in problems]


def test_the_grammar_of_the_page_is_fine(scripts: Path) -> None:
    assert found(scripts, "public <affirm> = i will | i will come;", "public <deny> = i will not;") == []


def test_answers_that_sound_alike(scripts: Path) -> None:
    rules = ("public <affirm> = i can make it;", "public <deny> = i can't make it;")
    assert found(scripts, *rules) == [(3, Rule.SOUNDS_ALIKE), (4, Rule.SOUNDS_ALIKE)]


def test_an_answer_that_sounds_like_a_wish_of_any_question(scripts: Path) -> None:
    assert found(scripts, "public <affirm> = wrong lumber;") == [(3, Rule.SOUNDS_ALIKE)]


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("public <afirm> = with pleasure;", Rule.UNKNOWN_NAME),
        ("public <affirm> = xyzzyq;", Rule.NOT_WORDS),
        ("public <affirm> = <nothing>;", Rule.STRUCTURE),
        ("public <affirm> = with pleasure", Rule.STRUCTURE),
    ],
)
def test_a_rule_that_the_recogniser_cannot_use(scripts: Path, rule: str, broken: Rule) -> None:
    assert found(scripts, rule) == [(3, broken)]
