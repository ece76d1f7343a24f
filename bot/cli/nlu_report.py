"""How the scores of a model look on the terminal, the same for every command that measures one."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nlu.evaluation import SAFETY_INTENTS, Evaluation
from nlu.manifest import Score

CONFUSIONS = 10


def scores(found: dict[str, Score]) -> Table:
    table = Table("", "rows", "accuracy", "macro-F1", "majority", "ECE", box=None, pad_edge=False)
    for name, score in found.items():
        figures = (score.accuracy, score.macro_f1, score.majority, score.ece)
        table.add_row(name, str(score.rows), *(f"{figure:.3f}" for figure in figures))
    return table


def labels(evaluation: Evaluation, title: str = "intent") -> Table:
    table = Table(title, "rows", "precision", "recall", "", box=None, pad_edge=False)
    for entry in evaluation.labels:
        mark = "safety" if entry.label in SAFETY_INTENTS else ""
        table.add_row(escape(entry.label), str(entry.rows), f"{entry.precision:.2f}", f"{entry.recall:.2f}", mark)
    return table


def print_confusions(evaluation: Evaluation, console: Console) -> None:
    for truth, predicted, count in evaluation.confusions[:CONFUSIONS]:
        console.print(f"{count:>3}  {truth} taken for {predicted}", highlight=False, markup=False)
