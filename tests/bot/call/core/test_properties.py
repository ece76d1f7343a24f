"""What holds for every order of events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.call.core import events
from bot.call.core.commands import Consider, EndCall, Timer
from bot.call.core.state import CallState, FailurePolicy, Phase
from bot.call.core.steps import Conclude, HandOver, HangUp, Say, Step
from bot.call.weighing import Bearing
from bot.vocabulary import Failure, Outcome
from dialogue.protocol import Answer
from speech.end_of_turn import Words
from speech.tones import Tone
from telephony_bridge.line_status import HandOverFailure
from tests.bot.call.core.virtual_call import (
    CUSTOMER_LEFT,
    DISCLOSURE,
    FAILURE_POLICY,
    GOODBYE,
    POLICY,
    QUESTION,
    SAFE,
    SCREENING,
    VOICE_MAIL,
    VirtualCall,
    of,
    prompt,
)

pytestmark = pytest.mark.unit


STEPS = st.lists(
    st.sampled_from(
        [
            Say(QUESTION),
            Say(DISCLOSURE),
            Say(GOODBYE),
            Say(prompt("digits", Answer.NUMBER, length=4)),
            Conclude(Outcome.PROMISED),
            HangUp(),
            HandOver("collections"),
        ]
    ),
    max_size=3,
).map(tuple)

EVENTS = st.one_of(
    st.builds(events.VoiceStarted, st.just(0)),
    st.builds(events.VoiceStopped, st.just(0), st.sampled_from([0.0, 200.0])),
    st.builds(
        events.Partial, st.just("yes"), st.sampled_from(list(Words)), st.sampled_from(list(Bearing)), st.booleans()
    ),
    st.builds(
        events.Heard,
        st.builds(
            events.Utterance,
            st.sampled_from(["", "yes", VOICE_MAIL, SCREENING]),
            st.just(0),
            st.just(1),
            st.none(),
            st.booleans(),
        ),
        st.sampled_from(list(Bearing)),
    ),
    st.builds(events.ToneHeard, st.sampled_from(list(Tone)), st.just(0)),
    st.builds(events.KeyPressed, st.sampled_from("01#")),
    st.builds(events.Decided, st.integers(0, 4), STEPS),
    st.builds(events.PlayoutStarted, st.sampled_from(["p1", "p2", "p3"])),
    st.builds(events.PlayoutEnded, st.sampled_from(["p1", "p2", "p3", "p4"]), st.just(8000), st.booleans()),
    st.builds(events.Broken, st.sampled_from(list(Failure)), st.just("")),
    st.just(events.ControlRestored()),
    st.just(events.HandedOver()),
    st.builds(events.HandOverFailed, st.sampled_from(list(HandOverFailure))),
    st.just(CUSTOMER_LEFT),
)
FAILURE_POLICIES = st.sampled_from([FailurePolicy(), FAILURE_POLICY])
WAITING = {Timer.NO_INPUT, Timer.END_OF_TURN, Timer.KEY_PAUSE, Timer.TALK_OVER, Timer.RECOGNITION, Timer.MACHINE_LIMIT}
ACTIONS = st.one_of(EVENTS, st.floats(0, 20_000))


@given(on_failure=FAILURE_POLICIES, opening=STEPS, actions=st.lists(ACTIONS, max_size=40))
def test_no_order_of_events_reaches_an_illegal_state(
    on_failure: FailurePolicy, opening: tuple[object, ...], actions: list[object]
) -> None:
    call = VirtualCall(state=CallState(SAFE, "en", POLICY, on_failure))
    call.answer(*opening)  # type: ignore[arg-type]
    for action in actions:
        if isinstance(action, float):
            call.wait(action)
        else:
            call.tell(action)  # type: ignore[arg-type]
        _legal(call.state)
    assert len(of(EndCall, call.commands)) <= 1


def _legal(state: CallState) -> None:
    if state.phase is Phase.LISTENING and not state.customer_speaking:
        waiting = WAITING & set(state.timers)
        waiting |= {Timer.FAREWELL} & set(state.timers)
        assert waiting or state.awaiting, "the bot listens, nothing moves, and no timer will end it"
    if state.phase is Phase.LISTENING and state.customer_speaking and not state.at_machine:
        ends = {Timer.TURN_LIMIT, Timer.FAREWELL, Timer.TALK_OVER, Timer.RECOGNITION, Timer.KEY_PAUSE}
        assert state.awaiting or ends & set(state.timers), "a voice that never stops is listened to for ever"
    if state.phase is Phase.SPEAKING:
        assert state.queue, "the bot speaks, but nothing is on the line"
    if state.phase is Phase.THINKING:
        assert state.awaiting or Timer.RECOGNITION in state.timers, "the bot thinks about nothing"
    if state.phase not in {Phase.RINGING, Phase.ENDED, Phase.OUT_OF_REACH, Phase.LEAVING, Phase.HANDING_OVER}:
        owing = state.awaiting or Timer.RECOGNITION in state.timers
        quiet = not state.queue and not state.customer_speaking
        assert not (owing and quiet) or Timer.SLOW in state.timers, "a silence of the bot's own making has no end"
    if state.phase is Phase.SPEAKING and all(playing.filler for playing in state.queue):
        owing = state.awaiting or Timer.RECOGNITION in state.timers
        assert owing or not state.paused, "what was stopped is forgotten behind a filler"
    if state.behind:
        assert state.queue, "a prompt stays behind one that is not on the line"
    if state.paused:
        moving = {Timer.TALK_OVER, Timer.END_OF_TURN, Timer.RECOGNITION, Timer.CONTROL, Timer.KEY_PAUSE}
        assert state.awaiting or moving & set(state.timers), "what was stopped has no way to go on"
    if state.phase is Phase.ENDED:
        assert not state.timers
        assert state.outcome is not None


@given(on_failure=FAILURE_POLICIES, actions=st.lists(ACTIONS, max_size=40))
def test_every_call_ends_once_the_customer_has_gone(on_failure: FailurePolicy, actions: list[object]) -> None:
    call = VirtualCall(state=CallState(SAFE, "en", POLICY, on_failure))
    call.answer(Say(QUESTION))
    for action in actions:
        if isinstance(action, float):
            call.wait(action)
        else:
            call.tell(action)  # type: ignore[arg-type]
    call.tell(CUSTOMER_LEFT)
    assert call.state.phase is Phase.ENDED
    assert not call.timers
    assert call.state.safe is SAFE


@given(
    on_failure=FAILURE_POLICIES,
    opening=STEPS,
    actions=st.lists(ACTIONS, max_size=25),
    replies=st.lists(STEPS, max_size=4),
)
def test_no_meant_word_is_lost(
    on_failure: FailurePolicy, opening: tuple[object, ...], actions: list[object], replies: list[object]
) -> None:
    """What is meant for the bot is considered, now or later, unless the conversation is over before it can be."""
    call = VirtualCall(state=CallState(SAFE, "en", POLICY, on_failure))
    call.answer(*opening)  # type: ignore[arg-type]
    for action in actions:
        if isinstance(action, float):
            call.wait(action)
        else:
            call.tell(action)  # type: ignore[arg-type]
    call.tell(events.Heard(WORDS, Bearing.MEANT))
    for reply in [*replies, *[(Say(QUESTION),)] * 8]:
        if _over(call.state) or _considered(call):
            break
        assert WORDS in call.state.held, "the words are neither considered nor kept"
        _go_on(call, reply)  # type: ignore[arg-type]
    assert _over(call.state) or _considered(call)


WORDS = events.Utterance("yes", start=111, end=222, confidence=None, accepted=True)


def _over(state: CallState) -> bool:
    """Nothing the customer says matters any more, or it is a machine that speaks."""
    over = state.phase in {Phase.LEAVING, Phase.ENDED}
    return over or state.failing or state.at_machine is not None


def _considered(call: VirtualCall) -> bool:
    return any(command.utterance == WORDS for command in of(Consider, call.commands))


def _go_on(call: VirtualCall, reply: tuple[Step, ...]) -> None:
    """The call takes its course: what is waited for comes."""
    if call.state.phase is Phase.HANDING_OVER:
        call.tell(events.HandOverFailed(HandOverFailure.NOBODY_FREE))
    if call.state.phase is Phase.OUT_OF_REACH:
        call.tell(events.ControlRestored())
    if call.state.customer_speaking:
        call.tell(events.VoiceStopped(0, silence_ms=200))
    call.hear_out()
    if call.state.awaiting:
        call.decide(*reply)
    call.hear_out()
