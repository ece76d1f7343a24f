"""One ONNX file from the parts of an encoder: body, heads, words it knows, and its tokeniser as metadata.

Inputs: `words` [batch, n] (strings, as for n-grams), `input_ids` and `attention_mask` [batch, m]. Outputs: those of
`nlu.export`, so that `nlu.session` runs both kinds the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from nlu import export
from nlu.encoder.tokens import METADATA_KEY
from nlu.head import Head

FEATURES = "features"
"""What a body's only output is called: one vector an utterance."""


def assemble(body: ModelProto, heads: Mapping[str, Head], units: Sequence[str], tokenizer: str) -> ModelProto:
    """`body` maps `input_ids` and `attention_mask` to `features`. The same parts give the same bytes."""
    model = ModelProto()
    model.CopyFrom(body)
    graph = model.graph
    nodes = [
        export.counts("words", "words_counts", units),
        helper.make_node("ReduceSum", ["words_counts", "words_axis"], ["known"], keepdims=1),
    ]
    weights = [numpy_helper.from_array(np.array([1], dtype=np.int64), "words_axis")]
    for name, head in heads.items():
        export.add_head(name, head, nodes, weights)
    graph.node.extend(nodes)
    graph.initializer.extend(weights)
    graph.input.insert(0, helper.make_tensor_value_info("words", TensorProto.STRING, ["batch", "words_n"]))
    del graph.output[:]
    graph.output.extend(export.outputs(heads))
    helper.set_model_props(model, {METADATA_KEY: tokenizer})
    model.producer_name, model.producer_version = "voicebot", ""
    checker.check_model(model)
    return model
