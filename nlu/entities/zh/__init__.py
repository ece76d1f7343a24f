"""Mandarin grammars, over text without spaces."""
