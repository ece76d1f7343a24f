"""The trained model as one ONNX file: vocabulary, weights and temperatures, so that serving needs no training library.

Inputs: `words` [batch, n] and `characters` [batch, m], the blocks of `nlu.features.Grams` (strings, padded with "" to
the longest of the batch), and `vectors` [batch, 512] of `nlu.sentence_vectors`, of whose weights the hash stands in the
metadata. Outputs: the probabilities [batch, labels] of each head under its name (`intent` and `sentiment` in the served
model) and `known` [batch, 1], how many single words (Mandarin: characters) of the utterance the model has ever seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from nlu.features import is_unit
from nlu.head import NETWORK_SHARE, Head
from nlu.perceptron import Perceptron
from nlu.sentence_vectors import DIMENSIONS, sha256
from nlu.session import VECTORS, VECTORS_KEY
from nlu.training import WORDS_WEIGHT, TrainedLanguage

OPSET = 17
IR_VERSION = 8
EPSILON = 1e-12  # keeps an utterance without any known n-gram at zero instead of dividing by it


def to_onnx(trained: TrainedLanguage) -> ModelProto:
    """Write the graph. The same trained model gives the same bytes."""
    nodes: list[Any] = []
    weights: list[Any] = []
    for block, length in (("words", WORDS_WEIGHT), ("characters", 1.0)):
        _block(block, getattr(trained, block), length, nodes, weights)
    units = [[1.0 if is_unit(gram, trained.language) else 0.0] for gram in _vocabulary(trained.words)]
    weights.append(_constant("units", np.array(units)))
    nodes.append(helper.make_node("MatMul", ["words_counts", "units"], ["known"]))
    nodes.append(helper.make_node("Concat", ["words_unit", "characters_unit"], ["features"], axis=1))
    for name, head in trained.heads.items():
        add_head(name, head, nodes, weights)
    graph = helper.make_graph(
        nodes,
        f"nlu_{trained.language}",
        [
            *(
                helper.make_tensor_value_info(n, TensorProto.STRING, ["batch", f"{n}_n"])
                for n in ("words", "characters")
            ),
            helper.make_tensor_value_info(VECTORS, TensorProto.FLOAT, ["batch", DIMENSIONS]),
        ],
        outputs(trained.heads),
        initializer=weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="voicebot")
    model.ir_version = IR_VERSION
    helper.set_model_props(model, {VECTORS_KEY: sha256()})
    checker.check_model(model)
    return model


def _block(name: str, vectoriser: Any, length: float, nodes: list[Any], weights: list[Any]) -> None:
    """Counts of the block's known n-grams, times their idf, scaled to that length."""
    vocabulary = _vocabulary(vectoriser)
    weights.append(_constant(f"{name}_idf", np.asarray(vectoriser.idf_)))
    weights.append(_constant(f"{name}_epsilon", np.array([EPSILON])))
    weights.append(_constant(f"{name}_scale", np.array([1 / length])))
    nodes += [
        counts(name, f"{name}_counts", vocabulary),
        helper.make_node("Mul", [f"{name}_counts", f"{name}_idf"], [f"{name}_weighted"]),
        helper.make_node("ReduceL2", [f"{name}_weighted"], [f"{name}_length"], axes=[1], keepdims=1),
        helper.make_node("Mul", [f"{name}_length", f"{name}_scale"], [f"{name}_scaled"]),
        helper.make_node("Max", [f"{name}_scaled", f"{name}_epsilon"], [f"{name}_divisor"]),
        helper.make_node("Div", [f"{name}_weighted", f"{name}_divisor"], [f"{name}_unit"]),
    ]


def counts(strings: str, name: str, vocabulary: Sequence[str]) -> Any:
    """A node that counts how often each of the vocabulary is among the strings of a row."""
    return helper.make_node(
        "TfIdfVectorizer",
        [strings],
        [name],
        mode="TF",
        min_gram_length=1,
        max_gram_length=1,
        max_skip_count=0,
        ngram_counts=[0],
        ngram_indexes=list(range(len(vocabulary))),
        pool_strings=vocabulary,
    )


def outputs(heads: Mapping[str, Head]) -> list[Any]:
    """What every graph of ours gives."""
    return [
        *(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", len(head.labels)])
            for name, head in heads.items()
        ),
        helper.make_tensor_value_info("known", TensorProto.FLOAT, ["batch", 1]),
    ]


def add_head(name: str, head: Head, nodes: list[Any], weights: list[Any]) -> None:
    """From `features` to the probabilities of a head."""
    # Dividing the weights by the temperature here is dividing the logits by it.
    weights.append(_constant(f"{name}_weights", head.weights / head.temperature))
    weights.append(_constant(f"{name}_bias", head.bias / head.temperature))
    logits = f"{name}_logits"
    nodes.append(helper.make_node("Gemm", ["features", f"{name}_weights", f"{name}_bias"], [logits]))
    if head.network is not None:
        logits = _beside(name, head, head.network, nodes, weights)
    nodes.append(helper.make_node("Softmax", [logits], [name], axis=1))


def _beside(name: str, head: Head, network: Perceptron, nodes: list[Any], weights: list[Any]) -> str:
    """The logits of a head with those of its network added; returns their name."""
    share = NETWORK_SHARE / head.temperature
    layers = (
        (VECTORS, "hidden", network.hidden, network.hidden_bias),
        (f"{name}_units", "out", network.out * share, network.out_bias * share),
    )
    for given, layer, planes, bias in layers:
        weights += [_constant(f"{name}_{layer}", planes), _constant(f"{name}_{layer}_bias", bias)]
        nodes.append(
            helper.make_node("Gemm", [given, f"{name}_{layer}", f"{name}_{layer}_bias"], [f"{name}_{layer}_sum"])
        )
        if layer == "hidden":
            nodes.append(helper.make_node("Relu", [f"{name}_hidden_sum"], [f"{name}_units"]))
    nodes.append(helper.make_node("Add", [f"{name}_logits", f"{name}_out_sum"], [f"{name}_both"]))
    return f"{name}_both"


def _vocabulary(vectoriser: Any) -> list[str]:
    return [gram for gram, _ in sorted(vectoriser.vocabulary_.items(), key=lambda item: item[1])]


def _constant(name: str, values: NDArray[np.float64]) -> Any:
    return numpy_helper.from_array(values.astype(np.float32), name)
