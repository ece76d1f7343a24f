"""Training for real, very small: it can be interrupted anywhere, and what nobody labelled teaches nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu.encoder.lessons import Lessons
from nlu.own import model as own
from nlu.session import OnnxSession
from nlu.training import Options, TrainingError
from tests.nlu.encoder.tiny import TINY
from tests.nlu.own_data import DRINKS, csv

pytestmark = [pytest.mark.unit, pytest.mark.requires("torch")]

ROWS = [(text, drink) for drink, texts in DRINKS.items() for text in texts]
POLITE = ["polite" if "please" in text else "plain" for text, _ in ROWS]


def lessons(polite: list[str | None] | None = None) -> Lessons:
    moods = POLITE if polite is None else polite
    return Lessons([text for text, _ in ROWS], {"intent": [drink for _, drink in ROWS], "sentiment": moods})


def trained(working: Path, progress: Callable[[str], None] = lambda _: None, learn: Lessons | None = None) -> bytes:
    from nlu.encoder import training

    return training.train(learn or lessons(), lessons(), "en", TINY, Options(), working, progress).served


class Interrupted(Exception):
    pass


def after(calls: int) -> Callable[[str], None]:
    left = calls

    def progress(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Interrupted

    return progress


def test_an_interrupted_training_goes_on_and_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nlu.encoder import learning

    monkeypatch.setattr(learning, "CHECKPOINT_STEPS", 7)
    whole = trained(tmp_path / "whole.pt")
    steps = 0
    step = learning._step

    def counted(*arguments: object) -> None:
        nonlocal steps
        steps += 1
        step(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(learning, "_step", counted)
    for calls in (15, 30):  # within the first epoch, and within the second
        with pytest.raises(Interrupted):
            trained(tmp_path / "parts.pt", after(calls))
    assert trained(tmp_path / "parts.pt") == whole
    assert 80 < steps <= 80 + 2 * 7
    steps = 0
    assert trained(tmp_path / "parts.pt") == whole
    assert steps == 0


def test_another_training_is_not_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        trained(tmp_path / "working.pt", after(40))
    other = lessons([None, *POLITE[1:]])
    assert trained(tmp_path / "working.pt", learn=other) == trained(tmp_path / "fresh.pt", learn=other)


def test_a_checkpoint_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "working.pt").write_bytes(b"no checkpoint")
    with pytest.raises(TrainingError, match=r"working\.pt: the interrupted training cannot be read .* delete it"):
        trained(tmp_path / "working.pt")


def test_rows_without_a_sentiment_teach_the_intent_alone(tmp_path: Path) -> None:
    half: list[str | None] = [mood if place % 2 else None for place, mood in enumerate(POLITE)]
    scores = OnnxSession(trained(tmp_path / "half.pt", learn=lessons(half)), "en").scores([text for text, _ in ROWS])
    right = [sorted(DRINKS)[column] == drink for column, (_, drink) in zip(scores.intent.argmax(1), ROWS, strict=True)]
    assert np.mean(right) > 0.6
    assert scores.sentiment.shape == (len(ROWS), 2)


def test_eight_bits_say_what_float_weights_say_alone_and_in_a_batch(tmp_path: Path) -> None:
    from nlu.encoder import training

    found = training.train(lessons(), lessons(), "en", TINY, Options(), tmp_path / "working.pt")
    served, exact = OnnxSession(found.served, "en"), OnnxSession(found.exact, "en")
    texts = [text for text, _ in ROWS] + ["", "tea " * 200]
    np.testing.assert_allclose(served.scores(texts).intent, exact.scores(texts).intent, atol=0.02)
    alone = np.vstack([served.scores([text]).intent for text in texts])
    np.testing.assert_allclose(served.scores(texts).intent, alone, atol=1e-5)
    assert len(found.served) < len(found.exact)


def test_own_data_are_learnt_with_an_encoder_too(tmp_path: Path) -> None:
    path = tmp_path / "drinks.csv"
    path.write_text(csv(DRINKS), encoding="utf-8")
    found = own.train(path, path, "en", "drinks", tmp_path, recipe=replace(TINY, epochs=4))
    assert found.described.encoder is not None
    assert found.evaluation.score.accuracy > 0.8
    assert own.load(found.folder).described == found.described
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["drinks"]


def test_a_folder_of_transformers_is_fine_tuned(tmp_path: Path) -> None:
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    from nlu.encoder import training

    words = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.train_from_iterator([text for text, _ in ROWS], trainers.WordPieceTrainer(special_tokens=["[UNK]"]))
    transformers.PreTrainedTokenizerFast(tokenizer_object=words, unk_token="[UNK]").save_pretrained(tmp_path / "own")
    config = transformers.ElectraConfig(
        vocab_size=words.get_vocab_size(),
        embedding_size=32,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    transformers.ElectraModel(config).save_pretrained(tmp_path / "own")
    recipe = replace(TINY, name="own", folder=tmp_path / "own", epochs=4)
    found = training.train(lessons(), lessons(), "en", recipe, Options(), tmp_path / "working.pt")
    assert found.heads["intent"].training_accuracy > 0.6
    assert OnnxSession(found.served, "en").scores(["a pot of water", "一杯"]).known.tolist() == [1.0, 0.0]


def test_a_folder_that_transformers_cannot_load_is_named(tmp_path: Path) -> None:
    from nlu.encoder import training

    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TrainingError, match="holds no tokeniser that can be served"):
        training.train(lessons(), lessons(), "en", replace(TINY, folder=tmp_path), Options(), tmp_path / "working.pt")
