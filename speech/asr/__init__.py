"""Speech recognition: the port, one file per engine, and the grammars a dialogue state listens with."""
