"""An encoder as small as can be, in ONNX alone: a vector for each character, their mean, and heads over it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from nlu import export
from nlu.encoder import graph, tokens
from nlu.encoder.recipe import Recipe
from nlu.head import Head

TEXTS = {"en": ["yes please", "no thanks"], "zh": ["好的", "不行"]}
TINY = Recipe("scratch", epochs=2, rate=2e-3, layers=1, width=32)
"""Trains in seconds."""


def body(vectors: int, width: int) -> ModelProto:
    """The mean of random vectors, the same each time."""
    table = np.random.default_rng(0).normal(size=(vectors, width)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["vectors"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["vectors", "column"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "tokens"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "tokens"], ["many"], keepdims=1),
        helper.make_node("Div", ["sum", "many"], [graph.FEATURES]),
    ]
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([2]), "last"),
        numpy_helper.from_array(np.array([1]), "tokens"),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "n"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info(graph.FEATURES, TensorProto.FLOAT, ["batch", width])
    made = helper.make_graph(nodes, "body", inputs, [output], initializer=constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", export.OPSET)])
    model.ir_version = export.IR_VERSION
    return model


def head(labels: Sequence[str], width: int) -> Head:
    weights = np.random.default_rng(1).normal(size=(width, len(labels)))
    return Head(tuple(labels), weights, np.zeros(len(labels)), 2.0, 1, 1.0, True)


def content(language: str, intents: Sequence[str], sentiments: Sequence[str]) -> bytes:
    """The ONNX file of an encoder that nobody trained."""
    described = tokens.characters(TEXTS[language], language)
    made = graph.assemble(
        body(tokens.vocabulary_size(described), 8),
        {"intent": head(intents, 8), "sentiment": head(sentiments, 8)},
        tokens.units(TEXTS[language], language, described, pretrained=False),
        described,
    )
    return made.SerializeToString(deterministic=True)
