"""Reading `uuid_audio_fork` as mod_audio_fork (drachtio) does, with the arguments later versions add to `start`."""

from __future__ import annotations

from telephony_bridge.simulated.signals import BinaryPlayback, Mix, StreamRequest

USAGE = (
    "-USAGE: <uuid> [start | stop | send_text | pause | resume | graceful-shutdown | stop_play ] [wss-url | path] "
    "[mono | mixed | stereo] [8000 | 16000 | 24000 | 32000 | 64000] [bugname] [metadata] "
    "[bidirectionalAudio_enabled] [bidirectionalAudio_stream_enabled] [bidirectionalAudio_stream_samplerate]\n"
)
VERBS = frozenset({"start", "stop", "send_text", "pause", "resume", "stop_play"})
BUG_NAME = "audio_fork"
SUBPROTOCOL = "audio.drachtio.org"

FIRST_MS, BLOCK_MS = 80, 40
"""What it collects of binary audio before it plays the first of it, and each time after that."""

_RATES = {"8k": 8000, "16k": 16000}


class SwitchDown(Exception):
    """The module reads where nothing is, and the whole switch goes down."""


def fork_request(argument: str) -> StreamRequest:
    """What follows the word `start`. Raises `SwitchDown` where the rate is left out."""
    words = [word for word in argument.split(" ") if word]
    if len(words) < 3:
        raise SwitchDown
    url, mix, rate_word, *rest = words
    rate = _rate(rate_word)
    bug_name, metadata, plays = BUG_NAME, "", None
    if len(rest) == 1:
        bug_name, metadata = bug_and_text(rest[0])
    elif rest:
        bug_name, metadata = rest[0], rest[1].replace("\\", "")
    if len(rest) >= 5 and rest[2:4] == ["true", "true"]:
        plays = BinaryPlayback(_rate(rest[4]), FIRST_MS, BLOCK_MS)
    return StreamRequest(
        url,
        Mix(mix) if mix in set(Mix) else Mix.MONO,
        rate,
        metadata,
        bug_name=bug_name,
        plays=plays,
        subprotocol=SUBPROTOCOL,
    )


def bug_and_text(argument: str) -> tuple[str, str]:
    """The two optional words of the other commands: one that begins with a bracket is the text, else the bug's name."""
    first, _, rest = argument.strip().partition(" ")
    if first.startswith(("{", "[")):
        return BUG_NAME, first
    return first or BUG_NAME, rest.partition(" ")[0]


def _rate(word: str) -> int:
    """The module logs a rate it does not know and goes on; here it then is 8000."""
    if word in _RATES:
        return _RATES[word]
    return int(word) if word.isascii() and word.isdigit() and int(word) and int(word) % 8000 == 0 else 8000
