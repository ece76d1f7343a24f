"""The demo: six simulated customers called through the simulated switch, then read the same in Mandarin."""
