"""Audio of calls in UDP packets, as FreeSWITCH's `unicast` sends and takes them: one socket a call.

Each socket is bound to one port of ours and connected to one port of the switch, so that the kernel drops what comes
from anywhere else. There is no token and no TLS: keep it to loopback, or to a network that something else protects.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType

import structlog

from speech.audio import TELEPHONE, AudioFormat, Frame
from telephony_bridge.gapless import gapless
from telephony_bridge.leg import Leg, SwitchError
from telephony_bridge.media import MediaClosed, MediaFault
from telephony_bridge.media_link import QUEUE_FRAMES
from telephony_bridge.media_protocol import MediaProtocolError
from telephony_bridge.unicast_flow import BROKEN_S, MAX_PACKET_BYTES, Ports, UnicastFlow

log = structlog.get_logger(__name__)

FIRST_PACKET_S = 0.6
"""The first packet comes within 40 ms; after this it will not come."""

TRIES = 2
"""Each with a pair of ports of its own: on the switch the first may be in somebody's use."""

LOOK_S = 0.25
"""How often links are looked at for packets that stay away."""

_URL = re.compile(r"udp://([0-9.]+):([0-9]+)/([0-9.]+):([0-9]+)")

Address = tuple[str, int]


def unicast_url(ours: Address, the_switchs: Address) -> str:
    """What `Leg.start_media` is given."""
    return f"udp://{ours[0]}:{ours[1]}/{the_switchs[0]}:{the_switchs[1]}"


def unicast_addresses(url: str) -> tuple[Address, Address]:
    """Ours and the switch's. Raises `SwitchError` for another url."""
    parts = _URL.fullmatch(url)
    if parts is None:
        raise SwitchError("unicast takes an address as unicast_url makes it")
    return (parts[1], int(parts[2])), (parts[3], int(parts[4]))


class UnicastLink:
    """See `telephony_bridge.media.MediaLink`. Made by `UnicastMedia`.

    `begun` is set with the first packet, and again with the first after `come_back`.
    """

    two_way = True
    format: AudioFormat = TELEPHONE
    metadata: Mapping[str, str] = MappingProxyType({})

    def __init__(
        self, call_id: str, own: socket.socket, clock: Callable[[], float], on_end: Callable[[UnicastLink], None]
    ) -> None:
        """`own` is bound and connected, and belongs to the link from now on."""
        self._call_id = call_id
        self._socket = own
        self._clock = clock
        self._on_end = on_end
        self._flow = UnicastFlow()
        self._frames: deque[Frame] = deque(maxlen=QUEUE_FRAMES)
        self._news = asyncio.Event()
        self._fault: MediaFault | None = None
        self._detail = ""
        self.begun = asyncio.Event()
        asyncio.get_running_loop().add_reader(own, self._receive)

    @property
    def call_id(self) -> str:
        return self._call_id

    @property
    def fault(self) -> MediaFault | None:
        return self._fault

    @property
    def detail(self) -> str:
        return self._detail

    def frames(self) -> AsyncIterator[Frame]:
        """Where packets stayed away, or the listener fell more than the queue behind, silence stands for them."""
        return gapless(self._frames, self._news, lambda: self._fault is not None)

    async def send(self, frame: Frame) -> None:
        """A packet that the kernel does not take is lost, as any packet may be."""
        self.offer(frame)

    def offer(self, frame: Frame) -> bool:
        """As `send`, which never waits."""
        self.format.require(frame.format, "the media link")
        if self._fault is not None:
            raise MediaClosed(self._detail)
        with contextlib.suppress(OSError):  # full, or nobody listens there any more: that packets stay away tells
            self._socket.send(frame.data)
        return True

    async def send_text(self, text: str) -> None:
        """There is no module at the other end. Raises `MediaClosed`."""
        raise MediaClosed("unicast carries audio only")

    def leave(self) -> None:
        """The call goes to somebody else: from now on hear nothing, whatever comes."""
        self._flow.leave()

    def come_back(self) -> None:
        """The call is with us again; its audio is about to begin anew."""
        self.begun.clear()
        self._flow.come_back(self._clock())

    def look(self) -> None:
        """See whether packets stay away."""
        if self._flow.broken(self._clock()):
            self._end(MediaFault.DROPPED, f"no audio came for {BROKEN_S:g} s, though the call is parked")

    async def close(self) -> None:
        self._end(MediaFault.CLOSED, "closed by us")

    def _receive(self) -> None:
        now = self._clock()
        try:
            while self._fault is None:
                packet = self._socket.recv(MAX_PACKET_BYTES + 1)
                frame = self._flow.receive(packet, now)
                if frame is not None:
                    self._take(frame)
        except BlockingIOError:
            for frame in self._flow.fill(now):
                self._take(frame)
        except OSError:
            pass  # a packet of ours found nobody there; that theirs stay away tells
        except MediaProtocolError as error:
            self._end(error.fault, str(error))

    def _take(self, frame: Frame) -> None:
        self.begun.set()
        self._frames.append(frame)
        self._news.set()

    def _end(self, fault: MediaFault, detail: str) -> None:
        """The first reason stands."""
        if self._fault is not None:
            return
        self._fault, self._detail = fault, detail
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._news.set()
        self._on_end(self)


class UnicastMedia:
    """See `telephony_bridge.media.MediaSource`. `host` is an IPv4 address of ours that the switches send to.

    `first_port` to `last_port` are ours and the switches': each call takes an even one here and the next one there.
    Raises `ValueError` for a range without a pair.
    """

    def __init__(
        self, host: str, first_port: int, last_port: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._host = host
        self._ports = Ports(first_port, last_port)
        self._clock = clock
        self._links: dict[UnicastLink, int] = {}
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises OSError where the address is not ours."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
            tried.bind((self._host, 0))
        self._looking = asyncio.create_task(self._look(), name="unicast links")

    async def close(self) -> None:
        """End every link."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        for link in list(self._links):
            await link.close()

    async def connect(
        self, leg: Leg, metadata: Mapping[str, str] = MappingProxyType({}), within_s: float = FIRST_PACKET_S
    ) -> UnicastLink:
        """A link counts once its first packet has come. See `telephony_bridge.media.MediaSource`."""
        for _ in range(TRIES):
            link, url = self._open(leg)
            try:
                await leg.start_media(url, metadata)
                async with asyncio.timeout(within_s):
                    await link.begun.wait()
                return link
            except TimeoutError:
                log.warning("no audio came", call_id=leg.call_id)
                await link.close()
            except BaseException:
                await link.close()
                raise
        raise TimeoutError(f"no audio came in {TRIES} tries of {within_s:g} s")

    def _open(self, leg: Leg) -> tuple[UnicastLink, str]:
        there = leg.switch.rpartition(":")[0]
        while (port := self._ports.take(self._clock())) is not None:  # one that is not to be had rests, too
            own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                own.setblocking(False)
                own.bind((self._host, port))
                own.connect((there, port + 1))
                _forget_strangers(own)
            except OSError as error:
                own.close()
                self._ports.give_back(port, self._clock())
                log.warning("a port for audio is not to be had", port=port, error=error)
                continue
            link = UnicastLink(leg.call_id, own, self._clock, self._ended)
            self._links[link] = port
            return link, unicast_url((self._host, port), (there, port + 1))
        raise SwitchError("no pair of ports is free for a call's audio: widen [unicast] first_port to last_port")

    def _ended(self, link: UnicastLink) -> None:
        self._ports.give_back(self._links.pop(link), self._clock())
        log.info("media link ended", call_id=link.call_id, fault=link.fault)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            for link in list(self._links):
                link.look()


def _forget_strangers(own: socket.socket) -> None:
    """Drop what came between bind and connect, from whomever: the switch has not been told of the port yet."""
    with contextlib.suppress(BlockingIOError):
        while True:
            own.recv(1)
