"""A trained body as an ONNX graph with float weights."""

from __future__ import annotations

import io
import warnings

import onnx
import torch

from nlu import export
from nlu.encoder.graph import FEATURES
from nlu.encoder.network import Body

INPUTS = ("input_ids", "attention_mask")


def to_onnx(body: Body) -> onnx.ModelProto:
    """The same weights give the same graph."""
    body.eval()
    ids = torch.ones((2, 7), dtype=torch.int64)
    written = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # about shapes that tracing fixes, which tests compare with torch
        torch.onnx.export(
            body,
            (ids, torch.ones_like(ids)),
            written,
            input_names=list(INPUTS),
            output_names=[FEATURES],
            dynamic_axes={**{name: {0: "batch", 1: "tokens"} for name in INPUTS}, FEATURES: {0: "batch"}},
            opset_version=export.OPSET,
            dynamo=False,  # the newer exporter needs one more package and gives the same graph
        )
    model = onnx.load_from_string(written.getvalue())
    model.ir_version = export.IR_VERSION
    return model
