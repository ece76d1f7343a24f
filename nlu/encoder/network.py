"""The network: an encoder, the mean of its token vectors, and one linear layer for each head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import transformers
from torch import nn

from nlu.encoder.recipe import Recipe
from nlu.encoder.tokens import MAX_TOKENS
from nlu.training import TrainingError

DROPOUT = 0.1

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


class Body(nn.Module):
    """Token ids and mask, [batch, n] each, to features [batch, width]."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        vectors = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        counted = attention_mask.unsqueeze(-1).to(vectors.dtype)
        return (vectors * counted).sum(1) / counted.sum(1)


class Network(nn.Module):
    def __init__(self, body: Body, width: int, heads: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.body = body
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = nn.ModuleDict({name: nn.Linear(width, len(labels)) for name, labels in heads.items()})

    def forward(self, input_ids: Any, attention_mask: Any) -> dict[str, Any]:
        """Logits [batch, labels] by head."""
        features = self.dropout(self.body(input_ids, attention_mask))
        return {name: head(features) for name, head in self.heads.items()}


def build(recipe: Recipe, vocabulary: int, heads: Mapping[str, Sequence[str]]) -> Network:
    """Raises `TrainingError` where the folder of the recipe holds no such model."""
    encoder = _from_scratch(recipe, vocabulary) if recipe.folder is None else _pretrained(recipe)
    return Network(Body(encoder), int(encoder.config.hidden_size), heads)


def tokenizer_of(recipe: Recipe) -> str:
    """The tokeniser of a pretrained encoder as JSON. Raises `TrainingError`."""
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(recipe.folder, local_files_only=True)
        return str(tokenizer.backend_tokenizer.to_str())
    except Exception as error:  # transformers raises whatever the parts of a tokeniser raise
        raise TrainingError(
            f"{recipe.folder}: holds no tokeniser that can be served ({type(error).__name__}); "
            "it needs a tokenizer.json, or files that transformers can make one of"
        ) from error


def _pretrained(recipe: Recipe) -> Any:
    try:
        # Plain attention: the fused one would be cut into the same steps for ONNX, only less legibly.
        encoder = transformers.AutoModel.from_pretrained(
            recipe.folder, local_files_only=True, attn_implementation="eager", dtype=torch.float32
        )
    except Exception as error:  # unreadable weights, an unknown architecture: many classes
        raise TrainingError(
            f"{recipe.folder}: transformers cannot load an encoder from it ({type(error).__name__}); "
            "it needs config.json and the weights of an AutoModel"
        ) from error
    # Learnt from more text than ours: words that training never shows keep their place beside those that it does.
    encoder.get_input_embeddings().weight.requires_grad = False
    return encoder


def _from_scratch(recipe: Recipe, vocabulary: int) -> Any:
    config = transformers.BertConfig(
        vocab_size=vocabulary,
        hidden_size=recipe.width,
        num_hidden_layers=recipe.layers,
        num_attention_heads=4,
        intermediate_size=4 * recipe.width,
        max_position_embeddings=MAX_TOKENS,
        type_vocab_size=1,
        attn_implementation="eager",
    )
    return transformers.BertModel(config, add_pooling_layer=False)
