"""Sound: audio types, codecs, voice activity, recognition, synthesis, end of turn, prompt audio.

Everything here works on frames of `speech.audio` and knows nothing of calls, scripts or switches.
"""
