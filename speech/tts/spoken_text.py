"""What can be said at all."""

from __future__ import annotations


def require_words(text: str) -> None:
    """Raise `ValueError` unless the text holds at least one letter or digit, of any script."""
    if not any(character.isalnum() for character in text):
        raise ValueError("there is nothing to say: the text holds no letter and no digit")
    if "\0" in text:
        raise ValueError("the text holds a zero character, at which an engine would stop")
