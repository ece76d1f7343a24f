"""The trained model as one ONNX file: vocabulary, weights and temperatures, so that serving needs no training library.

Inputs: `words` [batch, n] and `characters` [batch, m], the blocks of `nlu.features.Grams` (strings, padded with "" to
the longest of the batch), and `vectors` [batch, 512] of `nlu.sentence_vectors`, whose identity stands in the metadata.
Outputs: the probabilities [batch, labels] of each head under its name (`intent` and `sentiment` in the served model)
and `known` [batch, 1], how many single words (Mandarin: characters) of the utterance the model has ever seen.
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
from nlu.sentence_vectors import DIMENSIONS, identity
from nlu.session import VECTORS, VECTORS_KEY
from nlu.training import WORDS_WEIGHT, TrainedLanguage

OPSET = 17
IR_VERSION = 8
EPSILON = 1e-12  # keeps an utterance without any known n-gram at zero instead of dividing by it

SHARED = frozenset({"batch", "epsilon", "off_on", "first", "second", "last_axis"})
"""What both blocks use."""


def to_onnx(trained: TrainedLanguage) -> ModelProto:
    """Write the graph. The same trained model gives the same bytes."""
    nodes: list[Any] = []
    weights: list[Any] = []
    # Dividing the weights by the temperature is dividing the logits by it.
    planes = np.hstack([head.weights / head.temperature for head in trained.heads.values()])
    words, characters = _vocabulary(trained.words), _vocabulary(trained.characters)
    weights += [
        _constant("epsilon", np.array([EPSILON])),
        _constant("off_on", np.array([0.0, 1.0])),
        _constant("units", np.array([[1.0 if is_unit(gram, trained.language) else 0.0] for gram in words])),
        *(_whole(name, np.array(value)) for name, value in (("first", 0), ("second", 1), ("last_axis", [1]))),
        _whole("widths", np.array([len(head.labels) for head in trained.heads.values()])),
    ]
    nodes.append(helper.make_node("Shape", ["words"], ["batch"], start=0, end=1))
    _block("words", words, trained.words.idf_, planes[: len(words)] * WORDS_WEIGHT, nodes, weights)
    _block("characters", characters, trained.characters.idf_, planes[len(words) :], nodes, weights)
    nodes += [
        helper.make_node("Gather", ["units", "words_columns"], ["units_found"]),
        helper.make_node("Unsqueeze", ["words_count", "last_axis"], ["words_times"]),
        helper.make_node("Mul", ["units_found", "words_times"], ["units_times"]),
        helper.make_node("MatMul", ["words_of_row", "units_times"], ["known"]),
        helper.make_node("Add", ["words_part", "characters_part"], ["parts"]),
        helper.make_node("Split", ["parts", "widths"], [f"{name}_part" for name in trained.heads], axis=1),
    ]
    for name, head in trained.heads.items():
        weights.append(_constant(f"{name}_bias", head.bias / head.temperature))
        nodes.append(helper.make_node("Add", [f"{name}_part", f"{name}_bias"], [f"{name}_logits"]))
        logits = f"{name}_logits" if head.network is None else _beside(name, head, head.network, nodes, weights)
        nodes.append(helper.make_node("Softmax", [logits], [name], axis=1))
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
    helper.set_model_props(model, {VECTORS_KEY: identity()})
    checker.check_model(model)
    return model


def _block(
    name: str,
    vocabulary: Sequence[str],
    idf: NDArray[np.float64],
    planes: NDArray[np.float64],
    nodes: list[Any],
    weights: list[Any],
) -> None:
    """What a block adds to the logits of all heads: counts times idf, scaled to length one, times the weights.

    Only the n-grams that are there are looked at. A product with all of them would be most of the time.
    """
    weights += [_constant(f"{name}_idf", np.asarray(idf)), _constant(f"{name}_planes", planes)]

    def then(operation: str, given: str, result: str, **how: Any) -> None:
        inputs = [one if one in SHARED else f"{name}_{one}" for one in given.split()]
        nodes.append(helper.make_node(operation, inputs, [f"{name}_{result}"], **how))

    nodes.append(counts(name, f"{name}_counts", vocabulary))
    then("NonZero", "counts", "places")
    then("Gather", "places first", "rows")
    then("Gather", "places second", "columns")
    then("OneHot", "rows batch off_on", "of_row", axis=0)
    then("Transpose", "places", "pairs", perm=[1, 0])
    then("GatherND", "counts pairs", "count")
    then("Gather", "idf columns", "rarity")
    then("Mul", "count rarity", "weight")
    then("Unsqueeze", "weight last_axis", "weighted")
    then("Gather", "planes columns", "plane")
    then("Mul", "weighted plane", "added")
    then("MatMul", "of_row added", "sum")
    then("Mul", "weighted weighted", "square")
    then("MatMul", "of_row square", "squares")
    then("Sqrt", "squares", "length")
    then("Max", "length epsilon", "divisor")
    then("Div", "sum divisor", "part")


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
    """From `features` to the probabilities of a head that has no network."""
    weights.append(_constant(f"{name}_weights", head.weights / head.temperature))
    weights.append(_constant(f"{name}_bias", head.bias / head.temperature))
    nodes += [
        helper.make_node("Gemm", ["features", f"{name}_weights", f"{name}_bias"], [f"{name}_logits"]),
        helper.make_node("Softmax", [f"{name}_logits"], [name], axis=1),
    ]


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


def _whole(name: str, values: NDArray[np.int64]) -> Any:
    return numpy_helper.from_array(values.astype(np.int64), name)
