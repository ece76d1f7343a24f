"""What keeps a model out of service, each with its reason; and the way in, back and into the shadow."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from bot.promotion import scripts
from nlu import pointers, registry, training
from nlu.comparison import promotion
from nlu.comparison.comparing import compare
from nlu.comparison.measuring import measure
from nlu.comparison.statistics import macro_f1_gain, mcnemar, wilson
from nlu.corpus import Split, of_split, read
from nlu.evaluation import SAFETY_INTENTS
from nlu.inventory import Intent
from nlu.model import load
from nlu.policy.costs import costs
from nlu.training import Options
from tests.needs import ROOT
from tests.nlu.conftest import DATA, write_rows

pytestmark = pytest.mark.unit

PER_SPLIT = {"train": 9, "valid": 4, "test": 5}


def run(*words: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words))
    return result.exit_code, result.output


@pytest.fixture(scope="session")
def all_intents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few rows of every intent."""
    folder = tmp_path_factory.mktemp("all_intents")
    for language in ("en", "zh"):
        taken: Counter[tuple[str, str]] = Counter()
        rows = []
        for line in (DATA / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            key = (row["intent"], row["split"])
            taken[key] += 1
            if taken[key] <= PER_SPLIT[row["split"]]:
                rows.append(row)
        write_rows(folder / f"{language}.jsonl", rows)
    return folder


@pytest.fixture(scope="session")
def trained(all_intents: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("registry")
    return root, registry.train_version(all_intents, root)[0]


@pytest.fixture(scope="session")
def equal(all_intents: Path, trained: tuple[Path, str]) -> str:
    """Another version beside it, of the same data."""
    return registry.train_version(all_intents, trained[0], Options(max_iter=2999))[0]  # the seed draws what is misheard


@pytest.fixture
def root(trained: tuple[Path, str], equal: str, tmp_path: Path) -> Path:
    """A registry of one's own with both models, the first one live."""
    own = tmp_path / "registry"
    own.mkdir()
    for version in (trained[1], equal):
        shutil.copytree(trained[0] / version, own / version)
    pointers.set_live(own, trained[1])
    return own


def promote(version: str, root: Path, data: Path) -> tuple[int, str]:
    return run("promote", version, "--models", str(root), "--data", str(data), "--last", "0")


def test_an_equal_model_is_promoted_and_taken_back(root: Path, equal: str, all_intents: Path) -> None:
    before = pointers.live_version(root)
    code, shown = promote(equal, root, all_intents)
    assert code == 0, shown
    assert pointers.live_version(root) == equal
    assert run("rollback", "--models", str(root)) == (
        0,
        f"model {before} is live again, {equal} is not; running calls keep theirs\n",
    )
    assert pointers.live_version(root) == before


def test_a_model_that_never_learnt_a_safety_intent_is_refused(root: Path, all_intents: Path, tmp_path: Path) -> None:
    before = pointers.live_version(root)
    for language in ("en", "zh"):
        rows = [json.loads(line) for line in (all_intents / f"{language}.jsonl").read_text().splitlines()]
        write_rows(tmp_path / "less" / f"{language}.jsonl", (row for row in rows if row["intent"] != "hardship"))
    version, _ = registry.train_version(tmp_path / "less", root)
    code, shown = promote(version, root, all_intents)
    assert code == 1
    assert "labels lack hardship, which scripts or safety need" in shown
    assert "safety intent hardship drops: recall 0.000" in shown
    code, shown = promote(version, root, tmp_path / "less")
    assert code == 1
    assert "the rows kept aside have no hardship" in shown
    assert pointers.live_version(root) == before


def test_a_model_that_is_too_sure_of_itself_is_refused(
    root: Path, all_intents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "tempered", lambda head, *_: replace(head, temperature=0.05))
    version, _ = registry.train_version(all_intents, root, Options(seed=2))
    code, shown = promote(version, root, all_intents)
    assert code == 1
    assert "calibration breaks: ECE" in shown


def test_a_model_that_was_tampered_with_is_refused(root: Path, equal: str, all_intents: Path) -> None:
    with (root / equal / "en.onnx").open("ab") as target:
        target.write(b"more")
    code, shown = promote(equal, root, all_intents)
    assert code == 1
    assert "en.onnx: is not the file model.json describes (sha256 differs)" in shown


def test_a_worse_model_is_refused_by_the_paired_test(root: Path, all_intents: Path) -> None:
    model = load(root / pointers.live_version(root))
    rows = of_split(read(all_intents / "en.jsonl"), Split.TEST)
    good = measure(model, rows, "en")
    bad = measure(model, [replace(row, text=row.text[::-1]) for row in rows], "en")
    reasons = list(promotion.of_comparison(compare(good, replace(bad, rows=rows)), costs()))
    assert any("worse than the live model" in reason for reason in reasons)
    assert any("macro-F1" in reason for reason in reasons)
    assert list(promotion.of_comparison(compare(good, good), costs())) == []


def test_a_tape_that_would_end_otherwise_has_to_be_acknowledged() -> None:
    changed = [("abc", "promised", "no_response")]
    assert "--acknowledge abc" in next(promotion.of_tapes(changed, []))
    assert list(promotion.of_tapes(changed, ["abc"])) == []


def test_scripts_need_what_their_rules_wait_for() -> None:
    folders = [ROOT / "dialogue" / "scripts"]
    assert {*SAFETY_INTENTS, Intent.AFFIRM, Intent.ALREADY_PAID} <= scripts.needed_intents(folders)
    assert scripts.languages(folders) == {"en", "zh"}


def test_the_shadow_is_set_shown_and_taken_away(root: Path) -> None:
    version = pointers.live_version(root)
    assert run("shadow", version, "--models", str(root)) == (0, f"shadow: {version}\n")
    assert run("shadow", "--models", str(root)) == (0, f"shadow: {version}\n")
    assert run("shadow", "--off", "--models", str(root)) == (0, "shadow: none\n")
    assert "no such model" in run("shadow", "nonsense", "--models", str(root))[1]


def test_two_models_are_compared_by_intent_and_state(root: Path, all_intents: Path, tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    code, shown = run(
        "compare",
        "live",
        pointers.live_version(root),
        "--models",
        str(root),
        "--data",
        str(all_intents),
        "--json",
        str(path),
    )
    assert code == 0, shown
    assert "yes_no" in shown
    assert "do_not_call" in shown
    [english, _] = json.loads(path.read_text(encoding="utf-8"))
    assert english["accuracy"]["p"] == 1.0


def test_one_language_of_ones_own_file_is_enough(root: Path, tmp_path: Path) -> None:
    rows = tmp_path / "mine.jsonl"
    write_rows(rows, [{"text": "yes", "lang": "en", "intent": "affirm"}])
    code, shown = run("compare", "live", "live", "--models", str(root), "--on", str(rows))
    assert code == 0, shown
    assert "1 rows" in shown


@pytest.mark.parametrize(("only_a", "only_b", "p"), [(0, 0, 1.0), (5, 5, 1.0), (0, 6, 0.03125), (1, 9, 0.021484375)])
def test_mcnemar_is_exact(only_a: int, only_b: int, p: float) -> None:
    assert mcnemar(only_a, only_b) == pytest.approx(p)
    assert mcnemar(only_b, only_a) == pytest.approx(p)


def test_intervals() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(95, 100) == pytest.approx((0.8882, 0.9785), abs=1e-4)
    truth = ["a", "b"] * 50
    low, high = macro_f1_gain(truth, ["a"] * 100, truth, [str(n) for n in range(100)])
    assert 0 < low <= high <= 1
