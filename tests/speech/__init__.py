"""Sound: audio types, codecs, voice activity, endpointing, synthesis."""
