"""What `voicebot script check` finds by reading: a bad example for every rule, and what people do to files."""
