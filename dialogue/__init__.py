"""Conversation: the scripts (YAML), the dialogue worker (Rasa, own environment), its client, script tools.

`worker/` runs on Python 3.10 and imports nothing of the platform; everything else here runs on the
platform's Python and imports nothing of Rasa. Between them stands `protocol.py`.
"""
