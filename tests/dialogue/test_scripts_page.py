"""docs/scripts.md, with its reference: the example is pasted, checked, trained and talked to, as a designer would."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.vocabulary import Outcome
from dialogue.building import build_scripts
from dialogue.dialogue_python import find_dialogue_python
from dialogue.prompts import PromptCatalogue
from dialogue.script import PROMPT_FOR, Treatment, WhoAnswered, load_script
from dialogue.worker.project import load
from dialogue.worker.validate import problems_of
from tests.dialogue.walks import NO, OF_THE_CUSTOMER, ROOT, SCRIPTS, YES, Walks, has_ended, outcome_of, said, walking

pytestmark = pytest.mark.integration

PAGE = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("scripts.md", "scripts_reference.md"))
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
FILES = {found[1]: block for block in BLOCKS if (found := re.match(r"# errand/([\w.]+):", block))}


def paste(scripts: Path) -> Path:
    shutil.copytree(SCRIPTS / "shared", scripts / "shared")
    (scripts / "errand").mkdir()
    for name, text in FILES.items():
        (scripts / "errand" / name).write_text(text, encoding="utf-8")
    return scripts


@pytest.fixture(scope="module")
def errand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walks]:
    scripts = paste(tmp_path_factory.mktemp("pasted") / "scripts")
    models = tmp_path_factory.mktemp("models")
    build_scripts(find_dialogue_python(), scripts, models, lambda progress: None)
    with walking(models, scripts, ["errand"]) as walks:
        yield walks


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_is_yaml(block: str) -> None:
    assert isinstance(YAML(typ="safe").load(block), dict)


def test_the_example_is_complete_and_right(tmp_path: Path) -> None:
    scripts = paste(tmp_path / "scripts")
    assert set(FILES) == {"script.yml", "domain.yml", "rules.yml", "responses.en.yml"}
    script = load_script(scripts / "errand")
    assert script.validate_contact(script.example_contact("en"))
    assert set(script.outcomes) <= {outcome.value for outcome in Outcome}
    PromptCatalogue.load(scripts / "errand", scripts / "shared")
    assert problems_of(load(scripts, "errand")) == []


def test_the_page_names_every_answerer_treatment_and_prompt() -> None:
    for word in (*WhoAnswered, *Treatment, *PROMPT_FOR.values()):
        assert f"`{word}`" in PAGE


@pytest.mark.requires("rasa")
@pytest.mark.parametrize("turn", [YES, NO, said("goodbye")])
def test_the_example_talks_to_its_end(errand: Walks, turn: dict[str, object]) -> None:
    replies = errand.play("errand", [turn])
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, "reminded")


@pytest.mark.requires("rasa")
def test_the_example_has_an_answer_to_every_turn(errand: Walks) -> None:
    for way in ([], [said("ask_human"), said("hand_over_failed", reason="closed")]):
        for turn in OF_THE_CUSTOMER:
            assert errand.play("errand", [*way, turn])[-1].steps, (way, turn)
