"""Voice activity: is there a voice in this piece of sound? One file per detector, one port."""
