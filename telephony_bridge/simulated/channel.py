"""One channel of the simulated switch, from dial to destruction, without I/O: every call takes the time `now`.

Times are seconds on any monotonic clock. Each method returns what the shell must do, in order; `wake_at` is when
`wake` must be called next, and once the line is open `tick` every 20 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from speech.audio import Samples
from telephony_bridge.simulated.call_identity import CALL_STATES, Phase, identity
from telephony_bridge.simulated.causes import Disposition, Ending, cancelled, cleared, refused, turned_away
from telephony_bridge.simulated.dialplan import Fate, NumberPlan
from telephony_bridge.simulated.extensions import AgentFate
from telephony_bridge.simulated.originate import Originate
from telephony_bridge.simulated.playback import Playback, PlaybackStack
from telephony_bridge.simulated.recording import recording_begins, recording_ends
from telephony_bridge.simulated.signals import Command, Effect, Emit, Gone, LineOpen, Note, OriginateDone, RunApi
from telephony_bridge.simulated.stream import AudioStream
from telephony_bridge.simulated.visit import Step, Visit

TIMEOUT_EARLY_S = 0.3
"""`originate_timeout=5` fired after 4.6-4.8 s."""

DTMF_DURATION_SAMPLES = 2000

_TERSE = frozenset({"CHANNEL_EXECUTE", "DTMF"})
"""Events that come without the channel's variables."""


class _Timer(StrEnum):
    PROGRESS = "progress"
    FATE = "fate"
    GIVE_UP = "give up"
    NO_PROGRESS = "no progress"
    DESK = "desk"


class Channel:
    """A sans-I/O channel. `plan` says what the number does, `originate` what was asked."""

    def __init__(self, uuid: str, originate: Originate, plan: NumberPlan, called: str | None = None) -> None:
        """`called`: of a call that comes in, the number called; `originate` then has the caller's."""
        self.uuid = uuid
        self.number = originate.number
        self.direction = "outbound" if called is None else "inbound"
        self.variables: dict[str, str] = {**originate.variables, "uuid": uuid, "direction": self.direction}
        self.stream = AudioStream(uuid)
        self.phase = Phase.DIALLED
        self._originate = originate
        self._plan = plan
        self._playback = PlaybackStack()
        self._timers: dict[_Timer, float] = {}
        self._created = 0.0
        self._answered: float | None = None
        self._called = called
        self._originating = called is None
        self._cause: str | None = None
        self._visit: Visit | None = None
        self._records: list[str] = []

    @property
    def wake_at(self) -> float | None:
        return min(self._timers.values(), default=None)

    @property
    def cause(self) -> str | None:
        """Why it ended, where it has."""
        return self._cause

    @property
    def caller(self) -> str:
        if self._called is not None:
            return self.number
        return self.variables.get("origination_caller_id_number", "0000000000")

    @property
    def called(self) -> str:
        return self.number if self._called is None else self._called

    @property
    def will_answer(self) -> bool:
        return self._plan.fate is Fate.ANSWERS

    @property
    def call_state(self) -> str:
        return CALL_STATES[self.phase]

    @property
    def line_is_open(self) -> bool:
        return self.phase in {Phase.ANSWERED, Phase.TRANSFERRED}

    @property
    def parked(self) -> bool:
        """Whether the loop of the park runs now; a file that is played holds it up."""
        return self.phase is Phase.ANSWERED and not self._playback.playing

    # the dial

    def dial(self, now: float) -> list[Command]:
        plan, originate = self._plan, self._originate
        self._created = now
        ends = plan.fate in {Fate.ANSWERS, Fate.REFUSES}
        if plan.fate is not Fate.DEAD and not (ends and plan.at_ms <= plan.ringing_after_ms):
            self._timers[_Timer.PROGRESS] = now + plan.ringing_after_ms / 1000
        if ends:
            self._timers[_Timer.FATE] = now + plan.at_ms / 1000
        self._timers[_Timer.GIVE_UP] = now + max(0.0, originate.timeout_s - TIMEOUT_EARLY_S)
        if originate.progress_timeout_s is not None:
            self._timers[_Timer.NO_PROGRESS] = now + originate.progress_timeout_s
        return self._emit([Note("CHANNEL_CREATE")], now)

    def come_in(self, now: float) -> list[Command]:
        """Somebody calls: the dialplan parks the channel, unanswered."""
        self._created, self.phase = now, Phase.RINGING
        self.variables["current_application"] = "park"
        return self._emit([Note("CHANNEL_CREATE"), Note("CHANNEL_PARK")], now)

    def pick_up(self, event_uuid: str, now: float) -> list[Command]:
        """`sendmsg execute answer`: what rings is answered, and goes on being parked."""
        ran = {"Application": "answer", "Application-UUID": event_uuid}
        commands = self._emit([Note("CHANNEL_EXECUTE", ran)], now)
        if self.phase is Phase.RINGING and self._called is not None:
            self.phase, self._answered = Phase.ANSWERED, now
            commands += [*self._emit([Note("CHANNEL_ANSWER")], now), LineOpen()]
        return commands + self._emit([Note("CHANNEL_EXECUTE_COMPLETE", {**ran, "Application-Response": "_none_"})], now)

    def reject_gateway(self, now: float) -> list[Command]:
        """The gateway does not exist: the channel is destroyed before it was anything."""
        self._cause, self.phase = "INVALID_GATEWAY", Phase.GONE
        return [*self._emit([Note("CHANNEL_DESTROY")], now), OriginateDone("-ERR INVALID_GATEWAY\n"), Gone()]

    def wake(self, now: float) -> list[Command]:
        """Run what is due, in its order of time."""
        commands: list[Command] = []
        while self._timers:
            timer = min(self._timers, key=lambda each: self._timers[each])
            if self._timers[timer] > now:
                break
            del self._timers[timer]
            commands += self._on_timer(timer, now)
        return commands

    def _on_timer(self, timer: _Timer, now: float) -> list[Command]:
        if timer is _Timer.PROGRESS:
            return self._progress(now)
        if timer is _Timer.GIVE_UP:
            return self._end(cancelled("NO_ANSWER"), now)
        if timer is _Timer.NO_PROGRESS:
            return self._end(cancelled("PROGRESS_TIMEOUT"), now)
        if timer is _Timer.DESK:
            return self._decide(now)
        if self._plan.fate is Fate.ANSWERS:
            return self._answer(now)
        return self._end(refused(self._plan.sip_status, self._plan.reason_q850), now)

    def _progress(self, now: float) -> list[Command]:
        self._timers.pop(_Timer.NO_PROGRESS, None)
        if not self._plan.early_media:
            self.phase = Phase.RINGING
            return self._emit([Note("CHANNEL_PROGRESS")], now)
        self.phase = Phase.EARLY
        commands = self._emit([Note("CHANNEL_PROGRESS_MEDIA")], now)
        if not self._originate.ignore_early_media:
            self._timers.pop(_Timer.GIVE_UP, None)
            commands += self._originated(f"+OK {self.uuid}\n")
        return commands

    def _answer(self, now: float) -> list[Command]:
        self._timers.clear()
        self.phase, self._answered = Phase.ANSWERED, now
        commands = self._emit([Note("CHANNEL_ANSWER")], now)
        commands.append(LineOpen())
        if on_answer := self.variables.get("api_on_answer"):
            commands.append(RunApi(on_answer))
        self.variables["current_application"] = "park"
        return [*commands, *self._originated(f"+OK {self.uuid}\n"), *self._emit([Note("CHANNEL_PARK")], now)]

    def _originated(self, reply: str) -> list[Command]:
        if not self._originating:
            return []
        self._originating = False
        return [OriginateDone(reply)]

    def kill(self, cause: str, now: float) -> list[Command]:
        """We hang up, or give the dial up."""
        if self.phase is Phase.GONE:
            return []
        if self.line_is_open:
            return self._end(cleared(Disposition.SEND_BYE, cause), now)
        return self._end(cancelled(cause) if self._called is None else turned_away(cause), now)

    def customer_hung_up(self, now: float) -> list[Command]:
        if self.line_is_open:
            return self._end(cleared(Disposition.RECV_BYE), now)
        if self._called is not None and self.phase is Phase.RINGING:
            return self._end(cleared(Disposition.RECV_CANCEL, "ORIGINATOR_CANCEL"), now)
        return []

    def _end(self, ending: Ending, now: float) -> list[Command]:
        self._timers.clear()
        self._cause, self.phase = ending.cause, Phase.GONE
        commands = self._emit([Note("CHANNEL_HANGUP")], now) + self._leave(now)
        commands += self._emit([*self._playback.end(), *self.stream.detach()], now)
        commands += [command for path in tuple(self._records) for command in self.record_stopped(path, now)]
        self.variables |= ending.variables
        self.variables["duration"] = str(int(now - self._created))
        self.variables["billsec"] = str(0 if self._answered is None else int(now - self._answered))
        commands += self._emit([Note("CHANNEL_HANGUP_COMPLETE"), Note("CHANNEL_DESTROY")], now)
        return [*commands, *self._originated(f"-ERR {ending.cause}\n"), Gone()]

    # on the line

    def tick(self, now: float) -> tuple[list[Command], Samples]:
        """20 ms of an open line: events, and the 160 samples the switch plays to the customer."""
        notes, audio = self._playback.tick(now)
        return self._emit(notes, now), audio

    def play(self, playback: Playback) -> None:
        """Queue a playback; a channel that was transferred takes it and never plays it."""
        if self.phase is not Phase.TRANSFERRED:
            self._playback.add(playback)

    def interrupt_playback(self, flush: bool) -> None:
        self._playback.interrupt(flush)

    def press(self, digit: str, now: float) -> list[Command]:
        headers = {"DTMF-Digit": digit, "DTMF-Duration": str(DTMF_DURATION_SAMPLES), "DTMF-Source": "RTP"}
        return self._emit([Note("DTMF", headers)], now) if self.line_is_open else []

    def transfer(self, visit: Visit, now: float) -> list[Command]:
        """Hand the call to an extension; the media stream goes on through it."""
        commands = self._emit(self._playback.end("break"), now)
        if self.phase is Phase.ANSWERED:
            commands += self._emit([Note("CHANNEL_UNPARK")], now)
        commands += self._leave(now)
        self.phase, self._visit = Phase.TRANSFERRED, visit
        self._timers[_Timer.DESK] = now + visit.extension.after_ms / 1000
        return commands + self._take(visit.enter(self.uuid, now), now)

    def park(self, now: float) -> list[Command]:
        """`uuid_park`; what is playing breaks off, and what it was parked in or transferred to is left."""
        if not self.line_is_open:
            return []
        commands = self._emit(self._playback.end("break"), now)
        if self.phase is Phase.ANSWERED:
            commands += self._emit([Note("CHANNEL_UNPARK")], now)
        commands += self._leave(now)
        self._timers.pop(_Timer.DESK, None)
        self.phase = Phase.ANSWERED
        return commands + self._emit([Note("CHANNEL_PARK")], now)

    def _decide(self, now: float) -> list[Command]:
        if self._visit is None:
            return []
        if self._visit.extension.fate is AgentFate.ABSENT:
            return self._end(cleared(Disposition.SEND_BYE, "NO_ROUTE_DESTINATION"), now)
        step = self._visit.decide(now)
        if self._visit.returned:
            self.phase, self._visit = Phase.ANSWERED, None
        return self._take(step, now)

    def _leave(self, now: float) -> list[Command]:
        visit, self._visit = self._visit, None
        return [] if visit is None else self._take(visit.leave(now), now)

    def _take(self, step: Step, now: float) -> list[Command]:
        self.variables |= step.variables
        return self._emit(step.events, now)

    def record_started(self, path: str, now: float) -> list[Command]:
        self._records.append(path)
        return self._emit(recording_begins(path), now)

    def record_stopped(self, path: str, now: float) -> list[Command]:
        self._records.remove(path)
        return self._emit(recording_ends(path), now)

    def note(self, effects: Iterable[Effect], now: float) -> list[Command]:
        """Complete what the stream yields with this channel's headers."""
        return self._emit(effects, now)

    def _emit(self, effects: Iterable[Effect | Emit], now: float) -> list[Command]:
        return [self._event(each, now) if isinstance(each, Note) else each for each in effects]

    def _event(self, note: Note, now: float) -> Emit:
        headers = {"Event-Name": note.name, **identity(self)}
        if self._cause is not None:
            headers["Hangup-Cause"] = self._cause
        if note.name not in _TERSE:
            headers |= {f"variable_{name}": value for name, value in self.variables.items()}
        return Emit({**headers, **note.headers}, note.body, now)


def emitted(commands: Sequence[Command]) -> list[Emit]:
    """The events among a channel's commands."""
    return [command for command in commands if isinstance(command, Emit)]
