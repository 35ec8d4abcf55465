"""Limits of connections, which uvicorn leaves to a proxy: how many, and how slow.

Somebody who opens connections and sends a request's headers a byte at a time ("slow loris") would
otherwise hold each of them for ever. How slow a body may be is up to ``security.BodyLimit``.

And nothing is held back: uvicorn sends head and body of a reply apart, of which the system would
keep the second until the client has acknowledged the first (Nagle's algorithm), which clients do
after 40 ms. asyncio turns that off by itself, but not for sockets that were made without naming
TCP.
"""

import json
import socket
import uuid
from asyncio import TimerHandle, Transport

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .problems import BUSY, MEDIA_TYPE

MOST = 800
"""Below the 1,024 open files that Unix gives a process; some are needed for files."""

HEADER_SECONDS = 10.0
"""From a connection, or the first byte of a further request, to the end of its headers."""


class LimitedProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn has it, with these limits."""

    _headers_due: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take a connection, or turn it away when there are too many."""
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self.connections) > MOST:
            transport.write(_turned_away())
            transport.close()
        else:
            self._watch_headers()

    def data_received(self, data: bytes) -> None:
        """Take what a client sends."""
        super().data_received(data)
        self._watch_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._stop_watching()
        super().connection_lost(exc)

    def _watch_headers(self) -> None:
        """Give the client its time while headers are incomplete, and no longer watch after that."""
        if self.conn.their_state is not h11.IDLE:
            self._stop_watching()
        elif self._headers_due is None:
            self._headers_due = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _stop_watching(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None


def _turned_away() -> bytes:
    """A whole reply, for whom no request is read."""
    problem = {
        "type": f"urn:youju:problem:{BUSY.name}",
        "title": BUSY.title.zh,
        "status": BUSY.status,
        "detail": BUSY.detail.zh,
        "instance": f"urn:uuid:{uuid.uuid4()}",
    }
    body = json.dumps(problem, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {BUSY.status} Service Unavailable\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
