"""Meaning: one utterance in, intent, sentiment and entities out; training, evaluation, saved models."""
