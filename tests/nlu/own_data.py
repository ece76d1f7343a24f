"""Small foreign data sets with labels that are not ours."""

from __future__ import annotations

DRINKS = {
    "coffee": ["a flat white", "an espresso please", "one cappuccino", "black coffee", "a latte with oat milk"],
    "tea": ["a pot of green tea", "earl grey please", "one black tea", "tea with lemon", "some herbal tea"],
    "water": ["still water", "a glass of water please", "sparkling water", "tap water", "one bottle of water"],
}


def csv(rows: dict[str, list[str]], header: str = "text,category") -> str:
    return "\n".join([header, *(f'"{text}",{label}' for label, texts in rows.items() for text in texts)]) + "\n"
