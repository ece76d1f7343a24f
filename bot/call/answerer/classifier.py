"""Who or what picked up, from the length of the first speech, its words and the tones of the line. Pure.

Each function takes what is known so far and one thing that happened, and gives what is known then and, at most once
in a call, a `Detection`. `now_ms` counts from the answer. To take a person for a machine is the expensive error:
words that only a person says overrule everything but a fax, and the length of a speech alone must be long.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.call.answerer.phrases import Found, phrases_of
from bot.vocabulary import Answerer
from speech.tones import Tone
from telephony_bridge.line_status import LineStatus

SHORT_SPEECH_MS = 2500
"""A person says "hello?" or their name and waits; recorded greetings take 4 s and more."""
ANSWER_SILENCE_MS = 1300
"""Silence after which a short speech was a person's. Words come 0.8 s after a voice has stopped and decide first."""
HINTED_SILENCE_MS = 3000
"""The same after words that a machine might have said: its beep would have come."""
PAUSE_MS = 700
"""A shorter pause does not end a speech."""
LONG_SPEECH_MS = 4000
"""With one hint in its words, a speech this long is a recording."""
UNFINISHED_MS = 8000
"""From then on words count that the recogniser has not finished with; before, it still changes its mind."""
LENGTH_ALONE_MS = 6000
"""Longer without a pause, and without a word of a person, is taken for a recording. People who answer "hello, who is
it, I can't hear you" or as a business does stay below."""
LENGTH_WITH_WORDS_MS = 10_000
"""The same where words were recognised and say nothing of a machine: then more likely somebody who talks much."""
SPEECH_BEFORE_BEEP_MS = 1500
"""A beep after less speech than that is a kitchen's or a car's."""
INFORMATION_MS = 8000
"""The announcement after the three tones, whose words say more than they do, is over by then."""
LIMIT_MS = 20_000


@dataclass(frozen=True, slots=True)
class Detection:
    """Who picked up. `confidence` 0 to 1; `evidence` names what decided, without what was said.

    `line_status`: what a network announcement, or the busy tone, says of the line. From 0.9 a script may hang up.
    """

    answerer: Answerer
    confidence: float
    evidence: str
    at_ms: float
    line_status: LineStatus | None = None


@dataclass(frozen=True, slots=True)
class AnswererState:
    """What is known so far. `said` holds finished words, `partial` those the recogniser may still change."""

    decided: bool = False
    speech_began_ms: float | None = None
    """Of the speech that goes on, or of the last one."""
    speech_ended_ms: float | None = None
    """None while the voice sounds."""
    longest_ms: float = 0.0
    said: str = ""
    found: Found = field(default_factory=Found)
    partial: Found | None = None
    beep: bool = False
    ringing: bool = False
    information_at_ms: float | None = None


Result: TypeAlias = tuple[AnswererState, Detection | None]


def voice_started(state: AnswererState, now_ms: float) -> Result:
    """The answering side's voice began at `now_ms`."""
    goes_on = state.speech_ended_ms is not None and now_ms - state.speech_ended_ms < PAUSE_MS
    began = state.speech_began_ms if goes_on else now_ms
    return _decided(replace(state, speech_began_ms=began, speech_ended_ms=None), now_ms)


def voice_stopped(state: AnswererState, voice_end_ms: float, now_ms: float) -> Result:
    """The voice ended at `voice_end_ms`, which is known at `now_ms`."""
    if state.speech_began_ms is None or state.speech_ended_ms is not None:
        return _decided(state, now_ms)
    longest = max(state.longest_ms, voice_end_ms - state.speech_began_ms)
    return _decided(replace(state, speech_ended_ms=voice_end_ms, longest_ms=longest), now_ms)


def words(state: AnswererState, text: str, language: str, final: bool, now_ms: float) -> Result:
    """What the recogniser heard: all of the utterance so far, and whether it is finished with it.

    Give only what it accepts, else an empty text: a grammar finds its own sentences in any sound. Raises
    `PhrasesError` for a language without phrases.
    """
    if state.decided or not text.strip():
        return _decided(replace(state, partial=None) if final else state, now_ms)
    together = f"{state.said} {text}".strip()
    found = phrases_of(language).find(together)
    alone = phrases_of(language).find(text)
    found = replace(found, person=state.found.person or found.person or alone.person)
    heard = {"said": together, "found": found, "partial": None} if final else {"partial": found}
    return _decided(replace(state, **heard), now_ms)


def tone(state: AnswererState, tone: Tone, now_ms: float) -> Result:
    """A tone was found on the line."""
    if tone is Tone.FAX:
        return _given(state, Detection(Answerer.FAX, 0.98, "fax tone", now_ms))
    if tone is Tone.BUSY:
        return _given(state, Detection(Answerer.RINGING, 0.95, "busy tone", now_ms, LineStatus.BUSY))
    if tone is Tone.RINGBACK:
        if state.ringing:  # it goes on: nobody has picked up behind the answer yet
            return _given(state, Detection(Answerer.RINGING, 0.95, "ringing tone", now_ms))
        state = replace(state, ringing=True)
    elif tone is Tone.SIT:
        state = replace(state, information_at_ms=now_ms)
    else:
        state = replace(state, beep=state.beep or state.longest_ms >= SPEECH_BEFORE_BEEP_MS)
    return _decided(state, now_ms)


def time_passed(state: AnswererState, now_ms: float) -> Result:
    """Nothing happened; call it about ten times a second until there is a detection."""
    return _decided(state, now_ms)


def _given(state: AnswererState, detection: Detection | None) -> Result:
    if state.decided or detection is None:
        return state, None
    return replace(state, decided=True), detection


def _decided(state: AnswererState, now_ms: float) -> Result:
    if state.decided:
        return state, None
    detection = _by_words(state, now_ms) or _by_sound(state, now_ms) or _by_time(state, now_ms)
    return _given(state, detection)


def _by_words(state: AnswererState, now_ms: float) -> Detection | None:
    """Finished words decide, unfinished ones only in a long speech. Where a message can be left, it is a machine."""
    settled = state.partial is None or _speech_ms(state, now_ms) >= UNFINISHED_MS
    found = state.partial if state.partial is not None and settled else state.found
    if found.person:
        return Detection(Answerer.HUMAN, 0.95, "words of a person", now_ms) if state.found.person else None
    if found.screener or found.screener_hints >= 2:
        return Detection(Answerer.SCREENER, 0.95, "words of a screening assistant", now_ms)
    if found.machine:
        return Detection(Answerer.MACHINE, 0.97, "words of an answering machine", now_ms)
    if found.announcement is not None:
        return Detection(Answerer.ANNOUNCEMENT, 0.97, "words of an announcement", now_ms, found.announcement)
    if found.machine_hints >= 2:
        return Detection(Answerer.MACHINE, 0.92, "words of an answering machine", now_ms)
    if found.machine_hints and state.beep:
        return Detection(Answerer.MACHINE, 0.95, "words and beep of an answering machine", now_ms)
    if found.machine_hints and state.longest_ms >= LONG_SPEECH_MS:
        return Detection(Answerer.MACHINE, 0.85, "long speech with words of an answering machine", now_ms)
    return None


def _by_sound(state: AnswererState, now_ms: float) -> Detection | None:
    """Length of speech and tones, where no words say otherwise."""
    if _person_heard(state) or state.information_at_ms is not None:
        return None
    speaking_ms = _speech_ms(state, now_ms)
    worded = bool(state.said) or state.partial is not None
    if speaking_ms >= (LENGTH_WITH_WORDS_MS if worded else LENGTH_ALONE_MS):
        return Detection(Answerer.MACHINE, 0.75, "long speech", now_ms)
    if state.speech_ended_ms is None:
        return None
    if state.beep:
        return Detection(Answerer.MACHINE, 0.9, "speech, then a beep", now_ms)
    return _by_silence(state, now_ms - state.speech_ended_ms, now_ms)


def _by_silence(state: AnswererState, silent_ms: float, now_ms: float) -> Detection | None:
    """A person speaks shortly and waits for an answer; a machine goes on, or beeps."""
    if state.partial is not None:
        return None
    if _hinted(state.found):
        patient = state.longest_ms < LONG_SPEECH_MS and silent_ms >= HINTED_SILENCE_MS
        return Detection(Answerer.HUMAN, 0.7, "an answer, and no beep after it", now_ms) if patient else None
    if state.longest_ms <= SHORT_SPEECH_MS and silent_ms >= (PAUSE_MS if state.said else ANSWER_SILENCE_MS):
        return Detection(Answerer.HUMAN, 0.85, "short speech, then silence", now_ms)
    if state.said and state.longest_ms < LONG_SPEECH_MS and silent_ms >= ANSWER_SILENCE_MS:
        return Detection(Answerer.HUMAN, 0.75, "words, then silence", now_ms)
    return None


def _by_time(state: AnswererState, now_ms: float) -> Detection | None:
    if state.information_at_ms is not None and now_ms - state.information_at_ms >= INFORMATION_MS:
        return Detection(Answerer.ANNOUNCEMENT, 0.9, "information tones", now_ms, LineStatus.UNKNOWN)
    if now_ms < LIMIT_MS:
        return None
    if state.ringing and state.speech_began_ms is None:
        return Detection(Answerer.RINGING, 0.9, "ringing tone", now_ms)
    return Detection(Answerer.UNCERTAIN, 0.0, "nothing decided in time", now_ms)


def _speech_ms(state: AnswererState, now_ms: float) -> float:
    """How long the speech that sounds now has lasted."""
    if state.speech_began_ms is None or state.speech_ended_ms is not None:
        return 0.0
    return now_ms - state.speech_began_ms


def _person_heard(state: AnswererState) -> bool:
    return state.found.person or (state.partial is not None and state.partial.person)


def _hinted(found: Found) -> bool:
    return found.machine_hints > 0 or found.screener_hints > 0
