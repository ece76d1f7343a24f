"""What can happen in a state of the core, one example of each kind, under the name it has in the picture."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from bot.call.core import events
from bot.call.core.commands import Timer
from bot.call.core.state import AnsweringPolicy, CallState, FailurePolicy, Phase, SafePrompts
from bot.call.core.steps import Conclude, HandOver, HangUp, Say, Step
from bot.call.weighing import Bearing
from bot.vocabulary import Answerer, Failure, Outcome
from dialogue.prompts import Expectation, Prompt
from dialogue.protocol import Answer
from dialogue.script import Treatment
from speech.end_of_turn import Words
from speech.tones import Tone
from telephony_bridge.line_status import Fault, HandOverFailure, HungUpBy, LineStatus

Trigger = tuple[str, events.Event]
"""The name of what happens, and an event that stands for it."""


TIMER = "timer "
"""Before the name of a timer that has run out."""


def _prompt(name: str, answer: Answer | None = None, *, spared: bool = True) -> Prompt:
    return Prompt(name, 0, name, Expectation(answer), legal=not spared, interruptible=spared)


LEGAL = _prompt("disclosure", spared=False)
QUESTION = _prompt("question", Answer.NUMBER)
"""Keys are collected until #, a pause, or the length that this one does not name."""
GOODBYE = _prompt("goodbye", spared=False)
BRIDGE = _prompt("bridge", spared=False)

OPENING: tuple[Step, ...] = (Say(LEGAL), Say(QUESTION))
REPLIES: dict[str, tuple[Step, ...]] = {
    "a question": (Say(QUESTION),),
    "a legal prompt": OPENING,
    "goodbye": (Say(GOODBYE), Conclude(Outcome.PROMISED), HangUp()),
    "a hand-over": (Say(BRIDGE), Conclude(Outcome.HANDED_OVER), HandOver("queue")),
    "nothing": (),
}
"""What a mind may answer."""

HEARD: dict[str, tuple[str, Bearing]] = {
    "meant": ("yes", Bearing.MEANT),
    "no answer": ("", Bearing.NOTHING),
    "mhm": ("mhm", Bearing.BACKCHANNEL),
    "a machine": ("please leave a message after the tone", Bearing.MEANT),
    "a screener": ("please state your name and why you are calling", Bearing.MEANT),
}
"""What a recogniser may make of a turn."""


def ringing() -> CallState:
    """A call that nobody has answered yet, of a script that has an answer to machines and to what may break."""
    safe = SafePrompts(_prompt("one moment"), _prompt("apology", spared=False))
    treatments = {
        Answerer.MACHINE: Treatment.LEAVE_MESSAGE,
        Answerer.SCREENER: Treatment.SAY_WHO,
        Answerer.FAX: Treatment.HANG_UP,
    }
    policy = AnsweringPolicy(MappingProxyType(treatments), _prompt("message"), _prompt("who is calling"))
    on_failure = FailurePolicy("queue", _prompt("putting through", spared=False), _prompt("keys please"))
    return CallState(safe, answering=policy, on_failure=on_failure)


def triggers(state: CallState) -> Iterator[Trigger]:
    """Everything that the shell may report in this state."""
    yield "Gone", events.Gone(HungUpBy.CUSTOMER, LineStatus.ANSWERED, Fault.NOBODY, "")
    if state.phase is Phase.RINGING:
        yield "Answered", events.Answered(OPENING)
        return
    for timer in Timer:
        if timer in state.timers:
            yield f"{TIMER}{timer}", events.TimerFired(timer, state.timers[timer])
    if state.phase is Phase.HANDING_OVER:
        yield "HandedOver", events.HandedOver()
        yield "HandOverFailed", events.HandOverFailed(HandOverFailure.NOBODY_FREE)
    yield "Broken", events.Broken(Failure.MEDIA, "")
    yield "Broken: mind", events.Broken(Failure.DIALOGUE, "")
    yield "Broken: hearing", events.Broken(Failure.RECOGNITION, "")
    yield "Broken: control", events.Broken(Failure.CONTROL, "")
    if state.phase is Phase.OUT_OF_REACH:
        yield "ControlRestored", events.ControlRestored()
    yield from _of_the_customer(state)
    yield from _of_the_bot(state)


def _of_the_customer(state: CallState) -> Iterator[Trigger]:
    if state.customer_speaking:
        yield "VoiceStopped", events.VoiceStopped(0, silence_ms=200)
        yield "Partial: meant", events.Partial("yes", Words.COMPLETE, Bearing.MEANT)
    else:
        yield "VoiceStarted", events.VoiceStarted(0)
        yield "Partial: nothing", events.Partial("", Words.NONE, Bearing.NOTHING, settled=True)
    for name, (text, bearing) in HEARD.items():
        utterance = events.Utterance(text, 0, 8000, None, accepted=bool(text))
        yield f"Heard: {name}", events.Heard(utterance, bearing)
    yield "ToneHeard: beep", events.ToneHeard(Tone.BEEP, 0)
    yield "ToneHeard: fax", events.ToneHeard(Tone.FAX, 0)
    yield "KeyPressed: digit", events.KeyPressed("1")
    yield "KeyPressed: #", events.KeyPressed("#")


def _of_the_bot(state: CallState) -> Iterator[Trigger]:
    if state.awaiting:
        for name, steps in REPLIES.items():
            yield f"Decided: {name}", events.Decided(state.turn, steps)
    for playing in state.queue[:1]:
        yield "PlayoutStarted", events.PlayoutStarted(playing.playout_id)
        yield "PlayoutEnded", events.PlayoutEnded(playing.playout_id, 8000, completed=True)
        yield "PlayoutEnded: problem", events.PlayoutEnded(playing.playout_id, 0, False, "problem")
    for playing in state.paused[:1]:
        yield "PlayoutEnded: stopped", events.PlayoutEnded(playing.playout_id, 4000, completed=False)
