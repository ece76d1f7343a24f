"""Slips in scripts: which of them change anything, which are drawn, and what is said of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.mutation.mutants import Mutant, Slip, meaning, mutants_of, sampled
from benchmarks.mutation.report import Run, report
from benchmarks.mutation.trial import Catch, Verdicts, trial
from bot.settings import ROOT, FolderSettings, Settings
from tests.trained import models_in

pytestmark = pytest.mark.integration

SCRIPTS = ROOT / "dialogue" / "scripts"
SCRIPT = "event_invitation"

RULES = """\
# what happens when
rules:
  - rule: hello
    condition:
      - active_loop: a_form
      - slot_was_set: [{b: true}]
    steps:
      - intent: greet
      - or:
          - slot_was_set: [{c: 1}]
          - slot_was_set: [{c: 2}]
      - action: utter_one
      - action: utter_two

  - rule: bye
    steps:
      - intent: goodbye
      - action: utter_bye
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "rules.yml").write_text(RULES, encoding="utf-8")
    return tmp_path


def slip(scripts: Path, line: str, kind: Slip) -> Mutant:
    return next(one for one in mutants_of(scripts, "small") if one.was == line and one.slip is kind)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("# what happens when", Slip.DELETED),
        ("", Slip.DELETED),
        ("- active_loop: a_form", Slip.SWAPPED),
        ("- slot_was_set: [{c: 1}]", Slip.SWAPPED),
    ],
)
def test_what_changes_nothing(scripts: Path, line: str, kind: Slip) -> None:
    assert not slip(scripts, line, kind).changes()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- active_loop: a_form", Slip.DELETED),
        ("- action: utter_one", Slip.SWAPPED),
        ("- action: utter_two", Slip.DELETED),
        ("steps:", Slip.DELETED),
    ],
)
def test_what_changes_a_call(scripts: Path, line: str, kind: Slip) -> None:
    assert slip(scripts, line, kind).changes()


def test_words_for_people_and_the_spaces_between_words_say_nothing() -> None:
    assert meaning("script.yml", "title: One\nname: x\n") == meaning("script.yml", "title: Two\nname: x\n")
    folded = "responses:\n  utter_a:\n    - text: >-\n        Hello.\n        You.\n"
    assert meaning("responses.en.yml", folded) == meaning(
        "responses.en.yml", "responses: {utter_a: [{text: 'Hello.  You.'}]}"
    )
    assert meaning("responses.en.yml", folded) != meaning("responses.en.yml", folded.replace("You.", "Me."))


def test_the_same_seed_draws_the_same(scripts: Path) -> None:
    mutants = list(mutants_of(scripts, "small"))
    chosen, drawn = sampled(mutants, 5, 1)
    assert (chosen, drawn) == sampled(mutants, 5, 1)
    assert len(chosen) == 5 <= drawn < len(mutants)
    everything, looked_at = sampled(mutants, None, 1)
    assert looked_at == len(mutants)
    assert set(chosen) <= set(everything)
    assert all(one.changes() for one in everything)


def test_the_report_counts_and_lists(scripts: Path) -> None:
    caught = Verdicts(slip(scripts, "- action: utter_one", Slip.DELETED), Catch.CHECK, "steps")
    missed = Verdicts(slip(scripts, "- action: utter_two", Slip.DELETED), Catch.NOBODY)
    text = report(Run((caught, caught, caught, missed), 6, 40, 1, 3.2, "a machine"))
    assert "Noticed: 3 of 4, 75.0 %" in text
    assert "| small | 4 | 3 | 0 | 0 | 1 | 75.0 % |" in text
    assert "| small/rules.yml:13 | deleted | `- action: utter_two` |" in text


@pytest.mark.requires("rasa")
def test_slips_are_noticed_where_they_should_be(tmp_path: Path) -> None:
    folders = FolderSettings(models=models_in(tmp_path / "models"), prompts=tmp_path / "prompts")
    of_rules = [one for one in mutants_of(SCRIPTS, SCRIPT) if one.path.name == "rules.yml"]
    deleted = {one.was: one for one in reversed(of_rules) if one.slip is Slip.DELETED}
    tried = [
        deleted[was] for was in ("- action: utter_hang_up", "- action: utter_no_hurry", "- action: utter_declined")
    ]

    async def judge() -> list[Verdicts]:
        async with trial(Settings(folders=folders), [SCRIPT], tmp_path / "trial") as ready:
            return [await ready.of(one) for one in tried]

    verdicts = asyncio.run(judge())
    assert [one.catch for one in verdicts] == [Catch.CHECK, Catch.CHECK, Catch.TEST]
