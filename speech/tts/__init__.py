"""Speech synthesis: the port, one file per engine, and the cache of rendered prompts."""
