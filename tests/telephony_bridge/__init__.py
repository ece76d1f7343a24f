"""Tests of the bridge to the switch."""
