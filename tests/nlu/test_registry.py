"""The registry: nothing is trained twice, equal inputs give equal bytes, and `live` is never half written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu import pointers, registry
from nlu.in_service import ModelsInService
from nlu.manifest import ModelError
from nlu.training import Options, TrainingError
from tests.nlu.conftest import write_rows

pytestmark = pytest.mark.unit


def test_the_same_data_is_not_trained_again(small_root: Path, small_data: Path) -> None:
    steps: list[str] = []
    version, fresh = registry.train_version(small_data, small_root, progress=steps.append)
    assert (version, fresh, steps) == (pointers.live_version(small_root), False, [])


def test_the_same_seed_gives_the_same_bytes(small_folder: Path, small_data: Path, tmp_path: Path) -> None:
    version, fresh = registry.train_version(small_data, tmp_path)
    assert fresh
    for path in small_folder.iterdir():
        assert (tmp_path / version / path.name).read_bytes() == path.read_bytes()


def test_other_data_or_options_are_another_version(small_data: Path, tmp_path: Path) -> None:
    lines = (small_data / "en.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "en.jsonl").write_text("\n".join(lines[1:]), encoding="utf-8")
    (tmp_path / "zh.jsonl").write_bytes((small_data / "zh.jsonl").read_bytes())
    names = {
        registry.version_of(small_data, Options()),
        registry.version_of(small_data, Options(seed=1)),
        registry.version_of(small_data, Options(c=5)),
        registry.version_of(tmp_path, Options()),
    }
    assert len(names) == 4


def test_a_failed_training_leaves_nothing_behind(small_data: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError):
        registry.train_version(small_data, tmp_path, Options(max_iter=3))
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_nobody_measured_is_not_stored(small_data: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (small_data / "en.jsonl").read_text(encoding="utf-8").splitlines()]
    write_rows(tmp_path / "data" / "en.jsonl", (row for row in rows if row["split"] != "test"))
    with pytest.raises(TrainingError, match="no row in the test split"):
        registry.train_version(tmp_path / "data", tmp_path / "models")


def test_live_needs_a_model(small_root: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model is live; run `voicebot nlu train`"):
        registry.load_live(tmp_path)
    with pytest.raises(ModelError, match="no such model; the versions here are none"):
        pointers.set_live(tmp_path, "abc")
    (tmp_path / "live").write_text("abc\n", encoding="utf-8")
    with pytest.raises(ModelError, match="names model 'abc', which is not there"):
        registry.load_live(tmp_path)
    assert registry.load_live(small_root).version == pointers.live_version(small_root)


def test_a_rollback_brings_back_the_model_before(two_models: tuple[Path, str, str]) -> None:
    root, first, second = two_models
    pointers.set_live(root, first)
    pointers.set_live(root, second, "better on the rows kept aside")
    assert pointers.roll_back(root) == (second, first)
    assert registry.load_live(root).version == first
    assert [(c.action, c.version) for c in pointers.history(root)] == [
        ("promote", first),
        ("promote", second),
        ("rollback", first),
    ]
    with pytest.raises(ModelError, match="knows no model before"):
        pointers.roll_back(root)
    assert pointers.live_version(root) == first


def test_a_running_call_keeps_its_model(two_models: tuple[Path, str, str]) -> None:
    root, first, second = two_models
    pointers.set_live(root, first)
    service = ModelsInService(root)
    running = service.live()
    pointers.set_live(root, second)
    assert (running.version, service.live().version) == (first, second)
    assert service.live() is service.live()
    pointers.roll_back(root)
    assert service.live().version == first


def test_a_broken_model_is_not_taken_into_service(two_models: tuple[Path, str, str]) -> None:
    root, first, second = two_models
    pointers.set_live(root, first)
    service = ModelsInService(root)
    (root / second / "en.onnx").write_bytes(b"broken")
    pointers.set_live(root, second)
    pointers.set_shadow(root, second)
    assert service.live().version == first
    assert service.shadow() is None


def test_a_shadow_comes_and_goes(two_models: tuple[Path, str, str]) -> None:
    root, first, second = two_models
    pointers.set_live(root, first)
    service = ModelsInService(root)
    assert service.shadow() is None
    pointers.set_shadow(root, second)
    shadow = service.shadow()
    assert shadow is not None
    assert shadow.version == second
    pointers.set_shadow(root, None)
    assert service.shadow() is None


def test_the_model_card_names_its_figures(small_folder: Path) -> None:
    page = (small_folder / "model_card.md").read_text(encoding="utf-8")
    assert small_folder.name in page
    assert "majority baseline" in page
