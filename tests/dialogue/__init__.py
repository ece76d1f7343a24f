"""Tests of the dialogue: the scripts, their words, the worker and its client."""
