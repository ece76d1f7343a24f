"""Whole conversations: people on a simulated line, and the same scripts in text."""
