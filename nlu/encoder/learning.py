"""Fine-tuning: a fixed number of epochs at most, the best on validation rows kept, and a checkpoint now and then."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import structlog
import torch
from torch.nn import functional

from nlu.encoder.checkpoint import Checkpoint, State
from nlu.encoder.lessons import NO_LABEL, Batch, Curriculum, Lessons, balanced, steps_per_epoch
from nlu.encoder.network import Network
from nlu.encoder.recipe import Recipe
from nlu.encoder.tokens import Tokens, padded
from nlu.evaluation import evaluate
from nlu.head import softmax
from nlu.training import Options, TrainingError

log = structlog.get_logger(__name__)

CHECKPOINT_STEPS = 200
WARM_UP = 0.1  # of all steps
HEADS_FASTER = 10.0  # the heads begin at nothing, the encoder does not
DECAY = 0.01
LONGEST_GRADIENT = 1.0
PATIENCE = 2
"""After so many epochs that are no better than the best, it ends."""

STILL_RISING = 0.01
VALIDATION_BATCH = 128
MOST_THREADS = 4


@dataclass(frozen=True, slots=True)
class Course:
    """How it went: the macro-F1 on validation rows after each epoch (mean of the heads), and which was kept."""

    scores: tuple[float, ...]
    best_epoch: int
    steps: int
    rising: bool  # the last epoch of all brought more than a point yet: more epochs would bring more


def threads_used() -> int:
    """As many as this process may use; more than a few do not help so small a network."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_THREADS, cores)


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """The same sums in the same order on the same machine."""
    before, threads = torch.are_deterministic_algorithms_enabled(), torch.get_num_threads()
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(threads_used())  # sums depend on how many share them
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
        torch.set_num_threads(threads)


def fine_tune(
    network: Network,
    lessons: Lessons,
    tune: Lessons,
    curriculum: Curriculum,
    tokens: Tokens,
    recipe: Recipe,
    options: Options,
    checkpoint: Checkpoint,
    reached: Callable[[float], None],
) -> Course:
    """Trains `network` in place; `reached` is told the share that is done. Without `tune` the last epoch is kept."""
    names = lessons.names()
    targets = {head: torch.tensor(own) for head, own in lessons.targets(names).items()}
    weights = {head: torch.tensor(balanced(own.tolist(), len(names[head]))) for head, own in targets.items()}
    optimiser = _optimiser(network, recipe)
    a_epoch = steps_per_epoch(len(lessons.texts), recipe)
    total = recipe.epochs * a_epoch

    state = checkpoint.load() or State({}, {}, None)
    if state.network:
        network.load_state_dict(state.network)
        optimiser.load_state_dict(state.optimiser)
        torch.set_rng_state(state.chance)

    def save() -> None:
        state.network, state.optimiser = network.state_dict(), optimiser.state_dict()
        state.chance = torch.get_rng_state()
        checkpoint.save(state)

    while not state.finished:
        batches = curriculum.epoch(state.epoch)
        network.train()
        for batch in batches[state.step :]:
            done = state.epoch * a_epoch + state.step
            _step(network, optimiser, batch, targets, weights, recipe.rate * _schedule(done / total))
            state.step += 1
            if state.step % CHECKPOINT_STEPS == 0:
                save()
            reached((done + 1) / total)
        state.epoch, state.step = state.epoch + 1, 0
        _judge(network, tune, names, tokens, state)
        state.finished = state.epoch == recipe.epochs or state.epoch - state.best_epoch >= PATIENCE
        save()
    network.load_state_dict(state.best)
    network.eval()
    reached(1.0)
    before = max(state.scores[:-1], default=0.0)
    rising = state.epoch == recipe.epochs and state.scores[-1] - before > STILL_RISING
    return Course(tuple(state.scores), state.best_epoch, state.epoch * a_epoch, rising)


def _judge(network: Network, tune: Lessons, names: dict[str, tuple[str, ...]], tokens: Tokens, state: State) -> None:
    score = _score(network, tune, names, tokens) if tune.texts else 0.0
    log.info("nlu.encoder_epoch", iterations=state.epoch, validation_score=round(score, 4))
    if not tune.texts or score > max(state.scores, default=-1.0):
        state.best_epoch = state.epoch
        state.best = {name: value.clone() for name, value in network.state_dict().items()}
    state.scores.append(score)


def _optimiser(network: Network, recipe: Recipe) -> Any:
    """`faster` multiplies the rate of a group."""
    body = [weight for weight in network.body.parameters() if weight.requires_grad]
    groups = [{"params": body, "faster": 1.0}, {"params": list(network.heads.parameters()), "faster": HEADS_FASTER}]
    return torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=DECAY)


def _schedule(done: float) -> float:
    """Up for a tenth of the way, then down to nothing."""
    return done / WARM_UP if done < WARM_UP else (1 - done) / (1 - WARM_UP)


def _step(network: Network, optimiser: Any, batch: Batch, targets: Any, weights: Any, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate * group["faster"]
    logits = network(**_tensors(batch.ids))
    losses = [
        functional.cross_entropy(logits[head], own, weight=weights[head], ignore_index=NO_LABEL)
        for head, every in targets.items()
        if bool(((own := every[batch.rows]) != NO_LABEL).any())  # the mean over none would be no number
    ]
    if not losses:
        return
    loss = sum(losses)
    if not math.isfinite(loss.item()):
        raise TrainingError("the loss is no number any more: the learning rate is too high for this encoder and data")
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
    optimiser.step()


def _score(network: Network, tune: Lessons, names: dict[str, tuple[str, ...]], tokens: Tokens) -> float:
    network.eval()
    logits = _logits(network, [tokens.ids(text) for text in tune.texts])
    scores = []
    for head, labels in tune.labels.items():
        judged = [(row, label) for row, label in enumerate(labels) if label is not None]
        if judged:
            table = softmax(logits[head][[row for row, _ in judged]])
            scores.append(evaluate(names[head], table, [label for _, label in judged]).score.macro_f1)
    return float(np.mean(scores)) if scores else 0.0


def _logits(network: Network, ids: Sequence[Sequence[int]]) -> dict[str, Any]:
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    back = np.argsort(order)
    with torch.no_grad():
        parts = [
            network(**_tensors([ids[row] for row in order[start : start + VALIDATION_BATCH]]))
            for start in range(0, len(order), VALIDATION_BATCH)
        ]
    return {head: np.concatenate([part[head].numpy() for part in parts]).astype(np.float64)[back] for head in parts[0]}


def _tensors(ids: Sequence[Sequence[int]]) -> dict[str, Any]:
    return {name: torch.from_numpy(value) for name, value in padded(ids).items()}
