"""A Piper voice for tests: it hums one note, longer the more there is to say, and slower by its length scale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SAMPLES_PER_SOUND = 1000
HERTZ = 440.0


def make_voice(folder: Path, name: str, espeak_voice: str, family: str, rate: int) -> Path:
    """Write `NAME.onnx` and `NAME.onnx.json` as Piper's training writes them; return the model's path."""
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    path = folder / f"{name}.onnx"
    onnx.save(_model(rate), path)
    settings = {
        "audio": {"sample_rate": rate},
        "espeak": {"voice": espeak_voice},
        "language": {"family": family},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "num_symbols": 256,
        "num_speakers": 1,
    }
    path.with_name(f"{name}.onnx.json").write_text(json.dumps(settings), encoding="utf-8")
    return path


def _model(rate: int) -> onnx.ModelProto:
    constants: dict[str, NDArray[Any]] = {
        "per_sound": np.array(SAMPLES_PER_SOUND, dtype=np.float32),
        "length_scale_at": np.array(1, dtype=np.int64),
        "step": np.array(2 * np.pi * HERTZ / rate, dtype=np.float32),
        "first": np.array(0, dtype=np.float32),
        "one": np.array(1, dtype=np.float32),
        "loudness": np.array(0.5, dtype=np.float32),
        "scalar": np.array([], dtype=np.int64),
        "shape": np.array([1, 1, 1, -1], dtype=np.int64),
    }
    nodes = [
        helper.make_node("Cast", ["input_lengths"], ["sounds"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["scales", "length_scale_at"], ["length_scale"]),
        helper.make_node("Mul", ["sounds", "per_sound"], ["normal"]),
        helper.make_node("Mul", ["normal", "length_scale"], ["samples_1"]),
        helper.make_node("Reshape", ["samples_1", "scalar"], ["samples"]),
        helper.make_node("Range", ["first", "samples", "one"], ["n"]),
        helper.make_node("Mul", ["n", "step"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "loudness"], ["sound"]),
        helper.make_node("Reshape", ["sound", "shape"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tone",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, None]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, None])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9  # what older ONNX Runtimes read too
    return model
