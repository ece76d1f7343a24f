"""Models that are fetched, not trained: what they are (`models/*.toml`), fetching them, checking them.

A manifest names each file with its address and checksum. What is fetched lands in `models/fetched/<name>/`, and
beside it `<name>.sha256` records every file's checksum in the format of `sha256sum`.
"""
