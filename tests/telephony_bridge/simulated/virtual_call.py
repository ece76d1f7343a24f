"""A simulated channel in virtual time: a clock beside it, and all that it asked for."""

from __future__ import annotations

import numpy as np

from telephony_bridge.simulated.channel import Channel, Phase, emitted
from telephony_bridge.simulated.dialplan import NumberPlan
from telephony_bridge.simulated.originate import parse_originate
from telephony_bridge.simulated.playback import Playback
from telephony_bridge.simulated.signals import Command, Emit, Mix, OriginateDone, StreamRequest

UUID = "call-1"

SECOND = 8000  # samples


class VirtualCall:
    """A channel and a clock: collects what the channel asks for."""

    def __init__(self, plan: NumberPlan, variables: str = "") -> None:
        originate = parse_originate(f"{{origination_uuid={UUID}{variables}}}sofia/gateway/trunk/100 &park()")
        self.channel = Channel(UUID, originate, plan)
        self.now = 0.0
        self.commands: list[Command] = []
        self.heard: list[np.ndarray] = []
        self.take(self.channel.dial(self.now))

    def take(self, commands: list[Command]) -> None:
        self.commands += commands

    def run_timers(self) -> None:
        while (at := self.channel.wake_at) is not None:
            self.now = at
            self.take(self.channel.wake(at))

    def answered(self) -> VirtualCall:
        self.run_timers()
        assert self.channel.phase is Phase.ANSWERED
        self.commands.clear()
        return self

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.now += 0.02
            commands, audio = self.channel.tick(self.now)
            self.take(commands)
            self.heard.append(audio)

    def play(self, name: str, samples: int | None, lock: bool = True) -> None:
        sound = None if samples is None else np.full(samples, 1000, dtype=np.int16)
        self.channel.play(Playback(f"/p/{name}.wav", f"id-{name}", lock, sound, self.now))

    def events(self, *names: str) -> list[Emit]:
        return [event for event in emitted(self.commands) if not names or event.name in names]

    def trail(self) -> list[str]:
        """Playback events as `START a`, `STOP a done`."""
        return [
            " ".join(
                [
                    event.name.removeprefix("PLAYBACK_"),
                    event.headers["Playback-File-Path"][3:-4],
                    *([event.headers["Playback-Status"]] if "Playback-Status" in event.headers else []),
                ]
            )
            for event in self.events("PLAYBACK_START", "PLAYBACK_STOP")
        ]


def names(call: VirtualCall) -> list[str]:
    return [event.name for event in call.events()]


def replies(call: VirtualCall) -> list[str]:
    return [command.reply for command in call.commands if isinstance(command, OriginateDone)]


def complete(call: VirtualCall) -> dict[str, str]:
    (event,) = call.events("CHANNEL_HANGUP_COMPLETE")
    return dict(event.headers)


REQUEST = StreamRequest("ws://127.0.0.1:9/", Mix.MONO, 8000, '{"call":"1"}')


def streaming() -> VirtualCall:
    call = VirtualCall(NumberPlan()).answered()
    started, effects = call.channel.stream.start(REQUEST)
    assert started
    call.take(call.channel.note(effects, call.now))
    call.take(call.channel.note(call.channel.stream.opened(), call.now))
    return call


def customs(call: VirtualCall) -> list[tuple[str, str]]:
    return [
        (event.headers["Event-Subclass"].removeprefix("mod_audio_stream::"), event.body)
        for event in call.events("CUSTOM")
    ]
