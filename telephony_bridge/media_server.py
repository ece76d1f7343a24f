"""The websocket server that switches stream calls to: one connection a call, let in by a one-time token.

coming = server.expect(call_id)
await leg.start_media(server.url_for(call_id), {"call_id": call_id})
link = await coming      # `connect` does all of this
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from urllib.parse import parse_qs, quote, unquote, urlsplit

import structlog
from websockets.asyncio.server import Server, ServerConnection, serve

from telephony_bridge.leg import Leg, SwitchError
from telephony_bridge.media_connection import MediaConnection
from telephony_bridge.media_link import WebsocketMediaLink
from telephony_bridge.media_protocol import MAX_MESSAGE_BYTES
from telephony_bridge.originate import check_media_url

log = structlog.get_logger(__name__)

METADATA_TIMEOUT_S = 5.0

MEDIA_WITHIN_S = 3.0
"""The switch connects its audio within a few tens of milliseconds; after this it will not come."""

_PATH = "/media/"


class Refusal(IntEnum):
    """Websocket close codes for connections that no call gets to see."""

    BAD_TOKEN = 4401
    UNKNOWN_CALL = 4404
    SECOND_CONNECTION = 4409


@dataclass(slots=True)
class _Expected:
    token: str
    link: asyncio.Future[WebsocketMediaLink]
    taken: bool = False

    @property
    def over(self) -> bool:
        """Whether its link has come and ended, though the goodbye may still be under way."""
        return self.link.done() and not self.link.cancelled() and self.link.result().fault is not None


class MediaServer:
    """Listens on `host`:`port` (0: any free one, see `port` after `start`).

    With `tls` it speaks wss, and nothing else. `advertised` is where the switch reaches us, as `ws://10.0.0.5:8090`;
    without it, the listening address. Raises `Unsafe` where no switch could connect to it.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        advertised: str | None = None,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        metadata_timeout_s: float = METADATA_TIMEOUT_S,
    ) -> None:
        self._host = host
        self._port = port
        self._advertised = None if advertised is None else check_media_url(advertised, tls=tls is not None)
        self._tls = tls
        self._clock = clock
        self._metadata_timeout_s = metadata_timeout_s
        self._expected: dict[str, _Expected] = {}
        self._server: Server | None = None

    async def start(self) -> None:
        """Raises OSError where the address cannot be listened on."""
        self._server = await serve(
            self._handle,
            self._host,
            self._port,
            ssl=self._tls,
            max_size=MAX_MESSAGE_BYTES,
            compression=None,
            close_timeout=2,
            create_connection=MediaConnection,
        )

    async def close(self) -> None:
        """End every link and stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        for expected in list(self._expected.values()):
            expected.link.cancel()

    @property
    def port(self) -> int:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("the media server is not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def expect(self, call_id: str) -> asyncio.Future[WebsocketMediaLink]:
        """Let one connection for this call in. The future gives its link once the metadata has come.

        Cancel the future to stop expecting. A link that went wrong from its first message comes too, with its fault.
        """
        if call_id in self._expected and not self._expected[call_id].over:
            raise ValueError(f"call {call_id} is already expected or connected")
        link: asyncio.Future[WebsocketMediaLink] = asyncio.get_running_loop().create_future()
        expected = _Expected(secrets.token_urlsafe(18), link)
        self._expected[call_id] = expected
        link.add_done_callback(lambda done: self._forget(call_id, expected) if done.cancelled() else None)
        return link

    def url_for(self, call_id: str) -> str:
        """The websocket URL for an expected call; good for one connection. KeyError for another call."""
        scheme = "ws" if self._tls is None else "wss"
        base = self._advertised or f"{scheme}://{self._host}:{self.port}"
        return f"{base.rstrip('/')}{_PATH}{quote(call_id, safe='')}?token={self._expected[call_id].token}"

    async def connect(
        self, leg: Leg, metadata: Mapping[str, str] = MappingProxyType({}), within_s: float = MEDIA_WITHIN_S
    ) -> WebsocketMediaLink:
        """See `telephony_bridge.media.MediaSource`."""
        if self._server is None or not self._server.is_serving():
            raise SwitchError("the media server is closed")
        coming = self.expect(leg.call_id)
        try:
            await leg.start_media(self.url_for(leg.call_id), {"call": leg.call_id, **metadata})
            async with asyncio.timeout(within_s):
                return await coming
        finally:
            coming.cancel()

    async def _handle(self, websocket: ServerConnection) -> None:
        call_id, token = _call_and_token(websocket)
        refusal = self._refusal(call_id, token)
        if refusal is not None:
            log.warning("media connection refused", reason=refusal.name.lower())
            await websocket.close(refusal, refusal.name.lower())
            return
        expected = self._expected[call_id]
        expected.taken = True
        assert isinstance(websocket, MediaConnection)
        link = WebsocketMediaLink(call_id, websocket, self._clock)

        def announce() -> bool:
            if not expected.link.done():
                expected.link.set_result(link)
            return not expected.link.cancelled()

        try:
            await link.run(announce, self._metadata_timeout_s)
        finally:
            self._forget(call_id, expected)
            log.info("media link ended", call_id=call_id, fault=link.fault)

    def _refusal(self, call_id: str, token: str) -> Refusal | None:
        expected = self._expected.get(call_id)
        if expected is None:
            return Refusal.UNKNOWN_CALL
        if not hmac.compare_digest(expected.token.encode(), token.encode("utf-8", "replace")):
            return Refusal.BAD_TOKEN
        return Refusal.SECOND_CONNECTION if expected.taken else None

    def _forget(self, call_id: str, expected: _Expected) -> None:
        """Ends the expectation, unless the call has been expected anew since."""
        if self._expected.get(call_id) is expected:
            del self._expected[call_id]


def _call_and_token(websocket: ServerConnection) -> tuple[str, str]:
    url = urlsplit(websocket.request.path if websocket.request else "")
    token = parse_qs(url.query).get("token", [""])[0]
    return unquote(url.path.removeprefix(_PATH)) if url.path.startswith(_PATH) else "", token
