"""Eight-bit weights for an encoder's body.

Matrices go into blocks of 32 weights with a scale each, and activations are rounded a row and block at a time.
`quantize_dynamic` of ONNX Runtime takes one scale for all activations of a run instead, so that what a text scores
depends on the texts beside it; how a call is understood must not depend on other calls.
"""

from __future__ import annotations

import logging

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import matmul_nbits_quantizer  # type: ignore[import-untyped]

BLOCK = 32
LARGE = 100_000  # values; smaller tables are not worth a node
INT8_ACTIVATIONS = 4  # ONNX Runtime's `accuracy_level`

logging.getLogger(matmul_nbits_quantizer.__name__).setLevel(logging.WARNING)  # it names each node it leaves alone


def int8(body: ModelProto) -> ModelProto:
    """A copy of the body with its weight matrices and embeddings in eight bits."""
    copy = ModelProto()
    copy.CopyFrom(body)
    quantizer = matmul_nbits_quantizer.MatMulNBitsQuantizer(
        copy, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_ACTIVATIONS
    )
    quantizer.process()
    model: ModelProto = quantizer.model.model
    _embeddings(model)
    return model


def _embeddings(model: ModelProto) -> None:
    """Each large table that rows are gathered from as bytes with one scale a row."""
    tables = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in [node for node in model.graph.node if node.op_type == "Gather" and node.input[0] in tables]:
        values = numpy_helper.to_array(tables[node.input[0]])
        if values.ndim != 2 or values.size < LARGE or values.dtype != np.float32:
            continue
        scales = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
        name, chosen, out = node.input[0], node.input[1], node.output[0]
        model.graph.initializer.remove(tables.pop(name))
        model.graph.initializer.extend(
            [
                numpy_helper.from_array(np.round(values / scales).astype(np.int8), f"{name}_int8"),
                numpy_helper.from_array(scales, f"{name}_scales"),
            ]
        )
        place = list(model.graph.node).index(node)
        model.graph.node.remove(node)
        for offset, new in enumerate(
            (
                helper.make_node("Gather", [f"{name}_int8", chosen], [f"{out}_int8"]),
                helper.make_node("Cast", [f"{out}_int8"], [f"{out}_float"], to=TensorProto.FLOAT),
                helper.make_node("Gather", [f"{name}_scales", chosen], [f"{out}_scale"]),
                helper.make_node("Mul", [f"{out}_float", f"{out}_scale"], [out]),
            )
        ):
            model.graph.node.insert(place + offset, new)
