"""The end-of-turn model, with a tiny random one in its place: what it is given, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from speech.audio import TELEPHONE, WIDEBAND, FormatMismatch, Frame, Samples, silence
from speech.turn_model import (
    MODEL_FILE,
    MODEL_NAME,
    EndOfTurnModel,
    SmartTurnModel,
    TurnModelMissing,
    TurnSound,
    installed,
    sounds_unfinished,
)

pytestmark = pytest.mark.integration

LENGTH = 8 * WIDEBAND.rate


def write_model(path: Path, columns: int = 800, bias: float = 0.0) -> Path:
    """A random layer and a sigmoid over the features: it hears every mel band of every 10 ms.

    With a large `bias` it takes every turn for finished, with one far below zero none.
    """
    weights = np.random.default_rng(7).normal(scale=0.05, size=(80 * columns, 1)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["input_features"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["heard"]),
            helper.make_node("Add", ["heard", "bias"], ["score"]),
            helper.make_node("Sigmoid", ["score"], ["logits"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("input_features", TensorProto.FLOAT, ["batch", 80, columns])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([bias], dtype=np.float32), "bias"),
        ],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> EndOfTurnModel:
    return SmartTurnModel(write_model(tmp_path_factory.mktemp("turn") / MODEL_FILE))


def hum(samples: int, gain: float = 0.3, seed: int = 1) -> Samples:
    """A tone that rises and falls, with some noise."""
    t = np.arange(samples) / WIDEBAND.rate
    wave = np.sin(2 * np.pi * (150 + 40 * np.sin(t * 3)) * t) * (0.6 + 0.4 * np.sin(t * 5))
    noise = np.random.default_rng(seed).normal(scale=0.05, size=samples)
    return np.asarray((wave + noise) * gain * 20000, dtype=np.int16)


def wide(samples: Samples) -> Frame:
    return Frame.of(samples, WIDEBAND.rate)


@pytest.mark.parametrize("samples", [0, 1, 1600, LENGTH - 1, LENGTH, LENGTH + 4800])
def test_a_turn_of_any_length_has_a_probability(model: EndOfTurnModel, samples: int) -> None:
    assert 0 <= model.probability(wide(hum(samples))) <= 1


def test_what_lies_more_than_eight_seconds_back_is_not_heard(model: EndOfTurnModel) -> None:
    turn = hum(LENGTH)
    before = hum(WIDEBAND.rate, seed=2)
    assert model.probability(wide(np.concatenate([before, turn]))) == model.probability(wide(turn))


def test_a_short_turn_is_heard_after_silence(model: EndOfTurnModel) -> None:
    turn = hum(WIDEBAND.rate)
    padded = np.concatenate([np.zeros(LENGTH - len(turn), dtype=np.int16), turn])
    assert model.probability(wide(turn)) == model.probability(wide(padded))
    at_the_beginning = np.concatenate([turn, np.zeros(LENGTH - len(turn), dtype=np.int16)])
    assert model.probability(wide(turn)) != model.probability(wide(at_the_beginning))


def test_a_soft_caller_sounds_like_a_loud_one(model: EndOfTurnModel) -> None:
    loud, soft = model.probability(wide(hum(LENGTH, 1.0))), model.probability(wide(hum(LENGTH, 0.1)))
    assert soft == pytest.approx(loud, abs=0.02)


def test_telephone_audio_is_refused_rather_than_heard_at_double_speed(model: EndOfTurnModel) -> None:
    with pytest.raises(FormatMismatch, match="16000 Hz, but got l16 at 8000 Hz"):
        model.probability(silence(TELEPHONE, 500))


def test_the_folder_it_was_fetched_into_will_do(tmp_path: Path) -> None:
    write_model(tmp_path / MODEL_FILE)
    assert 0 <= SmartTurnModel(tmp_path).probability(silence(WIDEBAND, 100)) <= 1


def test_a_missing_model_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(TurnModelMissing, match=r"no end-of-turn model at .*voicebot models fetch smart-turn-v3\.2"):
        SmartTurnModel(tmp_path)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(TurnModelMissing, match=f"cannot load the end-of-turn model from {path}"):
        SmartTurnModel(path)


def test_another_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TurnModelMissing, match="is no Smart Turn v3 model"):
        SmartTurnModel(write_model(tmp_path / "whisper.onnx", columns=3000))


def test_it_is_used_where_it_was_fetched(tmp_path: Path) -> None:
    assert installed(tmp_path) is None
    (tmp_path / MODEL_NAME).mkdir()
    write_model(tmp_path / MODEL_NAME / MODEL_FILE)
    assert isinstance(installed(tmp_path), SmartTurnModel)


def test_the_sound_of_a_turn_is_its_last_eight_seconds() -> None:
    sound, said = TurnSound(), hum(9 * TELEPHONE.rate)
    for at in range(0, len(said), 160):
        sound.accept(Frame.of(said[at : at + 160], TELEPHONE.rate, at))
    assert sound.taken() == Frame.of(said[-8 * TELEPHONE.rate :], TELEPHONE.rate)


@pytest.mark.parametrize(("bias", "unfinished"), [(-1000, True), (1000, False)])
def test_telephone_sound_is_brought_to_the_models_rate(tmp_path: Path, bias: float, unfinished: bool) -> None:
    model = SmartTurnModel(write_model(tmp_path / MODEL_FILE, bias=bias))
    assert sounds_unfinished(model, Frame.of(hum(TELEPHONE.rate), TELEPHONE.rate)) is unfinished
