"""Many calls for a long time while things break: does every call end once, is anything left over, does memory grow?

`python -m benchmarks.soak`. The platform is the real one, its pool, media server, sessions, dialogue worker and tapes
included; only the recogniser draws its words by chance (`engines.py`), so that many calls fit on one core. The
switches are simulated, each a process of its own (`node.py`), and `mischief.py` says what happens to them.
"""
