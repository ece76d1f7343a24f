"""Who answered, from speech, words, tones and time; whatever the order, at most one detection comes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.call.answerer import classifier
from bot.call.answerer.classifier import LIMIT_MS, AnswererState, Detection, Result
from bot.vocabulary import Answerer
from speech.tones import Tone
from telephony_bridge.line_status import LineStatus

pytestmark = pytest.mark.unit


class Line:
    """One answered call, in virtual time: what happens on it, and what is detected when."""

    def __init__(self) -> None:
        self.state = AnswererState()
        self.now = 0.0
        self.given: list[Detection] = []

    def wait(self, ms: float) -> Line:
        until = self.now + ms
        while self.now < until:
            self.now = min(self.now + 100, until)
            self._take(classifier.time_passed(self.state, self.now))
        return self

    def speech(self, ms: float) -> Line:
        """A voice of this length, and the 200 ms until its end is known."""
        self._take(classifier.voice_started(self.state, self.now))
        self.wait(ms)
        end = self.now
        self.wait(200)
        self._take(classifier.voice_stopped(self.state, end, self.now))
        return self

    def words(self, text: str, language: str = "en", final: bool = True) -> Line:
        self._take(classifier.words(self.state, text, language, final, self.now))
        return self

    def tone(self, tone: Tone) -> Line:
        self._take(classifier.tone(self.state, tone, self.now))
        return self

    @property
    def detection(self) -> Detection | None:
        assert len(self.given) <= 1
        return self.given[0] if self.given else None

    @property
    def answerer(self) -> Answerer | None:
        return self.detection.answerer if self.detection else None

    def _take(self, result: Result) -> None:
        self.state, detection = result
        if detection is not None:
            self.given.append(detection)


def test_a_short_speech_and_silence_are_a_person() -> None:
    line = Line().wait(400).speech(600).wait(1000)
    assert line.answerer is None
    assert line.wait(200).answerer is Answerer.HUMAN


def test_words_of_a_person_need_no_silence() -> None:
    assert Line().speech(600).words("yes speaking").answerer is Answerer.HUMAN


def test_a_person_s_words_while_they_still_speak_only_hold_back() -> None:
    line = Line()
    classifier_state, _ = classifier.voice_started(line.state, 0)
    line.state = classifier_state
    line.wait(2000).words("can you hear me", final=False).wait(12_000)
    assert line.answerer is None


def test_a_pause_within_the_first_speech_does_not_end_it() -> None:
    line = Line().speech(1500).wait(300).speech(1500).wait(300)
    assert line.answerer is None
    assert line.state.longest_ms == pytest.approx(3500)


def test_a_long_speech_alone_is_a_machine_but_not_a_sure_one() -> None:
    line = Line()
    line.speech(5500)
    assert line.answerer is None
    detection = Line().speech(6500).detection
    assert detection is not None
    assert detection.answerer is Answerer.MACHINE
    assert detection.confidence < 0.9


def test_a_long_speech_of_other_words_is_given_more_time() -> None:
    line = Line()
    line.state, _ = classifier.voice_started(line.state, 0)
    line.wait(2000).words("well hello i have been waiting for this", final=False).wait(7000)
    assert line.answerer is None


def test_a_talkative_person_is_a_person() -> None:
    line = Line().speech(5500).wait(500).words("hello I can't hear you very well who is this please")
    assert line.answerer is Answerer.HUMAN


def test_one_hint_is_not_enough() -> None:
    line = Line().speech(2000).wait(600).words("please leave a message").wait(2000)
    assert line.answerer is None
    assert line.wait(500).answerer is Answerer.HUMAN  # no beep came


@pytest.mark.parametrize("first", ["words", "beep"])
def test_a_hint_and_a_beep_are_a_machine(first: str) -> None:
    line = Line().speech(2000).wait(300)
    if first == "words":
        line.words("please leave a message").tone(Tone.BEEP)
    else:
        line.tone(Tone.BEEP)
    assert line.answerer is Answerer.MACHINE


def test_a_beep_alone_or_after_a_hello_says_nothing() -> None:
    assert Line().tone(Tone.BEEP).wait(1000).answerer is None
    assert Line().speech(500).tone(Tone.BEEP).wait(2000).answerer is Answerer.HUMAN


def test_a_beep_does_not_overrule_a_person() -> None:
    line = Line().speech(2000).words("who is this please", final=False).tone(Tone.BEEP)
    assert line.answerer is None
    assert line.words("who is this please").answerer is Answerer.HUMAN


def test_phrases_are_found_across_utterances() -> None:
    line = Line().speech(3000).wait(500).words("hi you've reached john").speech(2000).wait(500)
    assert line.words("leave a message").answerer is Answerer.MACHINE


def test_unfinished_words_do_not_decide_early() -> None:
    line = Line()
    line.state, _ = classifier.voice_started(line.state, 0)
    line.wait(2000).words("please leave a message after the tone", final=False).wait(2000)
    assert line.answerer is None
    assert line.wait(4500).answerer is Answerer.MACHINE


def test_words_that_were_taken_back_do_not_count() -> None:
    line = Line().speech(800).words("leave a message after the tone", final=False).words("", final=True)
    assert line.wait(1500).answerer is Answerer.HUMAN


@pytest.mark.parametrize(
    ("tone", "answerer", "status"),
    [(Tone.FAX, Answerer.FAX, None), (Tone.BUSY, Answerer.RINGING, LineStatus.BUSY)],
)
def test_a_tone_that_decides(tone: Tone, answerer: Answerer, status: LineStatus | None) -> None:
    detection = Line().tone(tone).detection
    assert detection is not None
    assert (detection.answerer, detection.line_status) == (answerer, status)


def test_ringing_behind_the_answer_may_end_in_a_person() -> None:
    line = Line().wait(2000).tone(Tone.RINGBACK).wait(2000).speech(500).wait(500).words("hello")
    assert line.answerer is Answerer.HUMAN
    assert Line().tone(Tone.RINGBACK).wait(5000).tone(Tone.RINGBACK).answerer is Answerer.RINGING
    assert Line().tone(Tone.RINGBACK).wait(LIMIT_MS).answerer is Answerer.RINGING


def test_after_information_tones_the_words_say_what_it_is() -> None:
    line = Line().tone(Tone.SIT).speech(2000).wait(1500)
    assert line.answerer is None
    detection = line.words("the number you have dialed is not in service").detection
    assert detection is not None
    assert (detection.answerer, detection.line_status) == (Answerer.ANNOUNCEMENT, LineStatus.UNALLOCATED)


def test_information_tones_without_words_are_an_announcement_all_the_same() -> None:
    detection = Line().tone(Tone.SIT).speech(3000).wait(6000).detection
    assert detection is not None
    assert (detection.answerer, detection.line_status) == (Answerer.ANNOUNCEMENT, LineStatus.UNKNOWN)


def test_silence_is_uncertain_in_the_end() -> None:
    line = Line().wait(LIMIT_MS - 100)
    assert line.answerer is None
    assert line.wait(200).answerer is Answerer.UNCERTAIN


def test_a_voice_that_stops_without_having_begun_is_nothing() -> None:
    assert classifier.voice_stopped(AnswererState(), 500, 700) == (AnswererState(), None)


TEXTS = ["", "hello", "leave a message", "please leave a message after the tone", "state your name", "who is this"]
EVENTS: st.SearchStrategy[Callable[[AnswererState, float], Result]] = st.one_of(
    st.just(classifier.voice_started),
    st.floats(0, 500).map(lambda ago: lambda state, now: classifier.voice_stopped(state, now - ago, now)),
    st.tuples(st.sampled_from(TEXTS), st.booleans()).map(
        lambda said: lambda state, now: classifier.words(state, said[0], "en", said[1], now)
    ),
    st.sampled_from(Tone).map(lambda tone: lambda state, now: classifier.tone(state, tone, now)),
    st.just(classifier.time_passed),
)


@given(st.lists(st.tuples(EVENTS, st.floats(0, 3000)), max_size=40))
def test_one_detection_at_most_in_any_order_and_one_in_the_end(
    events: list[tuple[Callable[[AnswererState, float], Result], float]],
) -> None:
    state, now, given_so_far = AnswererState(), 0.0, []
    for happen, after in events:
        now += after
        state, detection = happen(state, now)
        if detection is not None:
            given_so_far.append(detection)
            assert detection.at_ms == now
            assert 0 <= detection.confidence <= 1
    state, last = classifier.time_passed(state, now + LIMIT_MS)
    assert len([*given_so_far, *([last] if last else [])]) == 1
    assert state.decided


@given(st.lists(st.tuples(EVENTS, st.floats(0, 3000)), max_size=20))
def test_after_a_person_s_words_nothing_but_a_person_or_a_tone_is_found(
    events: list[tuple[Callable[[AnswererState, float], Result], float]],
) -> None:
    state, now, detection = AnswererState(), 0.0, None
    for happen, after in events:
        now += after
        before = state
        state, detection = happen(state, now)
        if detection is not None:
            break
    if detection is not None and detection.answerer in (Answerer.MACHINE, Answerer.SCREENER, Answerer.ANNOUNCEMENT):
        assert not before.found.person
