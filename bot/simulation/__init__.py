"""Simulated customers: people described in YAML who hear the bot, answer it, and can be called in text or in sound."""
