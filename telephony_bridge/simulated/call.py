"""The shell of one channel: its timers, its line to the customer, its media connection and its recordings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import uuid4

from speech.audio import Samples
from telephony_bridge.simulated.call_host import CallHost
from telephony_bridge.simulated.call_recordings import CallRecordings
from telephony_bridge.simulated.channel import Channel
from telephony_bridge.simulated.customer import Customer, CustomerFactory, Said
from telephony_bridge.simulated.line import Line
from telephony_bridge.simulated.media_wires import MediaWires
from telephony_bridge.simulated.playback import Playback
from telephony_bridge.simulated.signals import (
    CloseMedia,
    Command,
    ConnectMedia,
    Crash,
    DropAudio,
    Emit,
    Gone,
    LineOpen,
    OriginateDone,
    RunApi,
    SendText,
    StoreAudio,
    StreamRequest,
)
from telephony_bridge.simulated.sound import TICK_MS
from telephony_bridge.simulated.stream import AudioStream, Bug
from telephony_bridge.simulated.unicast import UnicastRequest
from telephony_bridge.simulated.unicast_socket import UnicastSocket
from telephony_bridge.simulated.visit import Visit

OVERSIZED_FRAME_BYTES = 2 * 1024 * 1024


class Call:
    """Drives one channel in real time; `originated` is the answer to its `originate`."""

    def __init__(self, channel: Channel, host: CallHost[Call]) -> None:
        self.channel = channel
        self._host = host
        self._customer: asyncio.Task[Customer] | None = None
        self._loop = asyncio.get_running_loop()
        self.originated: asyncio.Future[str] = self._loop.create_future()
        self._timer: asyncio.TimerHandle | None = None
        self._line: Line | None = None
        self._media = MediaWires()
        self._unicast = UnicastSocket(host.crash)
        self._recordings = CallRecordings(channel.uuid, host.settings.recordings)
        self._ended = False
        self.unicasts = 0
        """How often unicast was asked for."""

    @property
    def uuid(self) -> str:
        return self.channel.uuid

    @property
    def now(self) -> float:
        return self._loop.time()

    def dial(self, customers: CustomerFactory) -> None:
        if self.channel.will_answer:
            making = asyncio.to_thread(customers, self.channel.number, dict(self.channel.variables))
            self._customer = asyncio.create_task(making, name=f"customer of {self.uuid}")
        self._obey(self.channel.dial(self.now))

    def come_in(self, customers: CustomerFactory) -> None:
        """The customer calls us. They wait on the line until `pick_up`."""
        making = asyncio.to_thread(customers, self.channel.number, dict(self.channel.variables))
        self._customer = asyncio.create_task(making, name=f"customer of {self.uuid}")
        self.originated.set_result(f"+OK {self.uuid}\n")
        self._obey(self.channel.come_in(self.now))

    def pick_up(self, event_uuid: str) -> None:
        self._obey(self.channel.pick_up(event_uuid, self.now))

    def hang_up_as_customer(self) -> None:
        self._obey(self.channel.customer_hung_up(self.now))

    def reject_gateway(self) -> None:
        self._obey(self.channel.reject_gateway(self.now))

    # what the API asks

    def kill(self, cause: str) -> None:
        self._obey(self.channel.kill(cause, self.now))

    def play(self, playback: Playback) -> None:
        self.channel.play(playback)

    def interrupt_playback(self, flush: bool) -> None:
        self.channel.interrupt_playback(flush)

    def transfer(self, number: str) -> bool:
        if not self.channel.line_is_open:
            return False
        extension = self._host.settings.extensions.at(number)
        self._obey(self.channel.transfer(Visit(extension, str(uuid4()), str(uuid4())), self.now))
        return True

    def park(self) -> None:
        """`uuid_park`: out of whatever it is in, and into the park anew."""
        self._obey(self.channel.park(self.now))

    def unicast(self, request: UnicastRequest) -> None:
        """A message to the channel, which takes it up when it is parked."""
        self.unicasts += 1
        self._unicast.ask(request)

    def start_stream(self, request: StreamRequest, module: type[AudioStream] = AudioStream) -> bool:
        if not self.channel.line_is_open:  # the module asks for media to be there
            return False
        if self.channel.stream.bug is Bug.DETACHED:
            self.channel.stream = module(self.uuid)
        started, effects = self.channel.stream.start(request)
        self._obey(self.channel.note(effects, self.now))
        return started

    def stop_stream(self, text: str) -> bool:
        stopped, effects = self.channel.stream.stop(text)
        self._obey(self.channel.note(effects, self.now))
        return stopped

    def send_stream_text(self, text: str) -> bool:
        sent, effects = self.channel.stream.send_text(text)
        self._obey(self.channel.note(effects, self.now))
        return sent

    def drop_audio(self) -> bool:
        """Play nothing of what the media server has sent so far."""
        return self._media.drop_audio()

    def start_record(self, path: str) -> bool:
        """`uuid_record start`; stereo where RECORD_STEREO is set. Raises `OSError`."""
        stereo = self.channel.variables.get("RECORD_STEREO") == "true"
        if not self.channel.line_is_open or not self._recordings.start(path, stereo):
            return False
        self._obey(self.channel.record_started(path, self.now))
        return True

    def stop_record(self, path: str) -> bool:
        stopped = self._recordings.stop(path)
        for each in stopped:
            self._obey(self.channel.record_stopped(each, self.now))
        return bool(stopped) or path == "all"

    # faults on demand

    def abort_media(self) -> bool:
        """Break the media connection without a close frame."""
        return self._unicast.end() or self._media.abort()

    def send_media(self, message: bytes) -> bool:
        """Send one binary message of our choice, in the middle of the stream."""
        return self._unicast.send_packet(message) or self._media.send(message)

    def double_media_rate(self) -> bool:
        return self._unicast.double_rate() or self._media.double_rate()

    def stall_media(self) -> bool:
        """Neither read nor write the media connection for a while."""
        return self._unicast.stall() or self._media.stall()

    def refuse_port(self) -> None:
        """Somebody else has the port of the next unicast."""
        self._unicast.refuse_port()

    def vanish(self) -> None:
        """Be gone without an event, as after a crash of the channel's thread."""
        self._media.abort()
        self._obey([CloseMedia(), OriginateDone("-ERR NORMAL_UNSPECIFIED\n"), Gone()])

    # what the media websocket reports (MediaWatcher)

    def opened(self) -> None:
        self._obey(self.channel.note(self.channel.stream.opened(), self.now))

    def failed(self, code: int, error: str) -> None:
        self._obey(self.channel.note(self.channel.stream.failed(code, error), self.now))

    def closed_by_server(self, code: int, reason: str) -> None:
        self._obey(self.channel.note(self.channel.stream.closed_by_server(code, reason), self.now))

    def received(self, message: str | bytes) -> None:
        if isinstance(message, str):
            effects = self.channel.stream.received(message, str(self._host.folder))
            self._obey(self.channel.note(effects, self.now))
        else:
            self._media.feed(message)

    # doing what the channel wants

    def _obey(self, commands: Sequence[Command]) -> None:
        for command in commands:
            match command:
                case Emit():
                    self._unicast_follows(command.name)
                    self._host.publish(command)
                case OriginateDone(reply) if not self.originated.done():
                    self.originated.set_result(reply)
                case LineOpen():
                    self._open_line()
                case RunApi(api):
                    self._host.run_api(api)
                case ConnectMedia(request):
                    self._media.connect(request, self._host.settings.two_way, self)
                case SendText(text):
                    self._media.send(text)
                case StoreAudio(file_name, data):
                    self._media.store(self._host.folder / file_name, data)
                case DropAudio():
                    self.channel.interrupt_playback(flush=False)
                    self.drop_audio()
                case Crash():
                    self._host.crash()
                case CloseMedia():
                    self._media.close()
                case Gone():
                    self._end()
        self._set_timer()

    def _unicast_follows(self, event: str) -> None:
        if event == "PLAYBACK_STOP":
            self._unicast.end()
        elif event in {"CHANNEL_UNPARK", "CHANNEL_HANGUP"}:
            self._unicast.leave()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.channel.wake_at is not None and not self._ended:
            self._timer = self._loop.call_at(self.channel.wake_at, self._wake)

    def _wake(self) -> None:
        if self._customer is not None and not self._customer.done():  # nobody there yet to pick up
            self._timer = self._loop.call_later(TICK_MS / 1000, self._wake)
            return
        self._obey(self.channel.wake(self.now))

    # the open line (line.SwitchEnd)

    def _open_line(self) -> None:
        if self._customer is None:
            raise RuntimeError("a line opened that was not going to be answered")
        self._recordings.open_line()
        self._line = Line(self.uuid, self._customer, self)

    def plays(self) -> Samples:
        commands, heard = self.channel.tick(self.now)
        self._obey(commands)
        idle_silence = bool(self.channel.variables.get("send_silence_when_idle"))
        return self._media.over(self._unicast.over(heard, idle_silence))

    def takes(self, said: Said, heard: Samples) -> None:
        voice = said.audio.samples()
        self._recordings.write(voice, heard)
        if self.channel.parked:
            self._unicast.turn(voice)
        if self.channel.stream.streaming:
            self._media.send_tick(voice, heard)
        for digit in said.digits:
            self._obey(self.channel.press(digit, self.now))
        if said.hang_up:
            self._obey(self.channel.customer_hung_up(self.now))

    def line_failed(self) -> None:
        self._obey(self.channel.customer_hung_up(self.now))

    # the end

    def _end(self) -> None:
        self._ended = True
        if self._line is not None:
            self._line.cut()
        self._unicast.leave()
        self._recordings.close()
        self._host.forget(self)

    async def closed(self) -> None:
        """Wait for what goes on after the end: the close of the websocket, the customer's thread."""
        if self._line is not None:
            await self._line.closed()
        await self._media.closed()
