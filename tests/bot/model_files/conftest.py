"""A publisher of files on this machine, which can cut connections, change files and forget ranges."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Publisher:
    host: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)  # ETag by file
    cuts: dict[str, list[int]] = field(default_factory=dict)  # close after so many body bytes; one entry a request
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # path and Range of every request

    def url(self, name: str) -> str:
        return f"http://{self.host}/{name}"

    def put(self, name: str, content: bytes, version: str = '"one"') -> str:
        self.files[name], self.versions[name] = content, version
        return self.url(name)


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            wanted = self.headers.get("Range")
            publisher.asked.append((name, wanted))
            if name not in publisher.files:
                self.send_error(404)
                return
            content, version = publisher.files[name], publisher.versions[name]
            begin = 0
            if wanted and publisher.ranges and self.headers.get("If-Range") == version:
                begin = int(wanted.removeprefix("bytes=").rstrip("-"))
                if begin >= len(content):
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{len(content)}")
                    self.end_headers()
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            self.send_header("ETag", version)
            self.send_header("Content-Length", str(len(content) - begin))
            self.end_headers()
            cuts = publisher.cuts.get(name)
            self.wfile.write(content[begin : begin + cuts.pop(0)] if cuts else content[begin:])
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    publisher = Publisher()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(publisher))
    publisher.host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield publisher
    server.shutdown()
    thread.join()
    server.server_close()
