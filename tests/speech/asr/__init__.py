"""Tests of speech/asr."""
