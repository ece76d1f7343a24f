"""Whole calls measured: customers who cough, hum, interrupt and pause, their calls, and what became of each trial."""
