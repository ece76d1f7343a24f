"""A Whisper model small enough to build in a test: the real layout and token numbers, random weights.

What it writes means nothing, but everything around the weights is real: files, tokeniser, prompts, decoding.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ctranslate2.specs import attention_spec, common_spec, model_spec, transformer_spec, whisper_spec
from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

WIDTH = 16
FRAMES = 1500
LONGEST_TEXT = 448
MELS = 80
FIRST_SPECIAL = 50257  # of the published multilingual models
VOCABULARY = 51865


def build(folder: Path) -> Path:
    """Write the model into `folder` (about 4 MB) and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    tokens = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    tokens += [f"<|{0.02 * step:.2f}|>" for step in range(VOCABULARY - len(tokens))]
    spec = whisper_spec.WhisperSpec(1, 2, 1, 2)
    _fill(spec, np.random.default_rng(7))
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.config.lang_ids = [tokenizer.token_to_id(f"<|{code}|>") for code in _languages()]
    spec.validate()
    spec.save(str(folder))
    return folder


def _languages() -> tuple[str, ...]:
    return tuple(code for code in _LANGUAGE_CODES if code != "yue")


def _tokenizer() -> Tokenizer:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [f"Ġw{number}" for number in range(FIRST_SPECIAL - len(letters) - 1)]
    # The empty token ends the published multilingual vocabularies; by it CTranslate2 knows them.
    vocabulary = {token: number for number, token in enumerate([*letters, *words, ""])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["endoftext", "startoftranscript", *_languages(), "translate", "transcribe"]
    special += ["startoflm", "startofprev", "nospeech", "notimestamps"]
    tokenizer.add_special_tokens([f"<|{name}|>" for name in special])
    return tokenizer


def _fill(spec: whisper_spec.WhisperSpec, random: np.random.Generator) -> None:
    def weights(*shape: int) -> np.ndarray:
        return random.normal(0, 0.3, shape).astype(np.float32)

    def linear(layer: common_spec.LinearSpec, outputs: int, inputs: int) -> None:
        layer.weight = weights(outputs, inputs)
        layer.bias = weights(outputs)

    def norm(layer: common_spec.LayerNormSpec) -> None:
        layer.gamma = np.ones(WIDTH, dtype=np.float32)
        layer.beta = np.zeros(WIDTH, dtype=np.float32)

    def attention(layer: attention_spec.MultiHeadAttentionSpec, sizes: tuple[int, ...]) -> None:
        norm(layer.layer_norm)
        for part, size in zip(layer.linear, sizes, strict=True):
            linear(part, size, WIDTH)

    def feed_forward(layer: transformer_spec.FeedForwardSpec) -> None:
        norm(layer.layer_norm)
        linear(layer.linear_0, 4 * WIDTH, WIDTH)
        linear(layer.linear_1, WIDTH, 4 * WIDTH)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = weights(WIDTH, MELS, 3), weights(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = weights(WIDTH, WIDTH, 3), weights(WIDTH)
    encoder.position_encodings.encodings = weights(FRAMES, WIDTH)
    norm(encoder.layer_norm)
    for layer in encoder.layer:
        attention(layer.self_attention, (3 * WIDTH, WIDTH))
        feed_forward(layer.ffn)
    decoder.embeddings.weight = weights(VOCABULARY, WIDTH)
    decoder.position_encodings.encodings = weights(LONGEST_TEXT, WIDTH)
    norm(decoder.layer_norm)
    decoder.projection.weight = decoder.embeddings.weight
    decoder.projection.bias = model_spec.OPTIONAL
    for layer in decoder.layer:
        attention(layer.self_attention, (3 * WIDTH, WIDTH))
        attention(layer.attention, (WIDTH, 2 * WIDTH, WIDTH))
        feed_forward(layer.ffn)
