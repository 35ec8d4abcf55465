"""What stands around every request: its id, its host, the size of its body, headers of the reply.

Pure ASGI, because Starlette's ``BaseHTTPMiddleware`` runs the application in a second task and
breaks off when a client does.
"""

import logging
import re
import uuid
from collections.abc import Iterable
from ipaddress import ip_address

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import problems
from .problems import Problem

log = logging.getLogger(__name__)

# Text of reports is set as text; with Trusted Types the browser itself refuses innerHTML.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

BODY_LIMIT = 1024 * 1024
"""Bytes: holds the longest question and history that the contract allows, in any JSON spelling."""

DRAIN_LIMIT = 8 * BODY_LIMIT
"""Bytes of a refused body that are read and dropped: a client that is cut off while it sends sees
a broken connection instead of the reply."""

BODY_SECONDS = 30.0
"""For a whole body, and of an upload for each piece: a client slower than that keeps a connection
from others."""

UPLOAD_LIMITS = {
    ("POST", "/api/v1/reports"): 1024 * BODY_LIMIT,
    ("POST", "/api/v1/proofread/file"): 51 * BODY_LIMIT,
}
"""Bytes of an upload: of several reports, of which one may have a fifth of it, and of an article
with what a form adds to it (both files are limited in ``corpus`` too)."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")


class Envelope:
    """Gives every request an id and every reply its headers, and turns a crash into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        started = False
        endless = _may_go_on(scope)

        async def receive_and_note() -> Message:
            nonlocal endless
            message = await receive()
            endless = endless and message.get("more_body", False)
            return message

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers.setdefault("Cache-Control", "no-store")
                headers.update(HEADERS)
                if endless:
                    headers["Connection"] = "close"
            await send(message)

        try:
            await self._app(scope, receive_and_note, send_with_headers)
        except Exception:
            log.exception("请求 %s 出错", request_id)
            if started:
                raise
            reply = problems.reply(Problem(problems.UNEXPECTED), scope)
            await reply(scope, receive, send_with_headers)


def _may_go_on(scope: Scope) -> bool:
    """Whether a body may be so long that its rest is not worth receiving once it is refused."""
    return "transfer-encoding" in Headers(scope=scope) or _declared(scope) > BODY_LIMIT


class HostGuard:
    """Refuses requests for names that are not ours: the mark of DNS rebinding.

    A page at ``evil.example`` can have its own name resolve to 127.0.0.1 and then read the service
    as its own origin, but its requests still carry that name. Addresses in numbers cannot be
    rebound, so they pass.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = _LOOPBACK_NAMES | {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, if it is meant for this service."""
        if scope["type"] == "http" and not self._knows(Headers(scope=scope).get("host", "")):
            reply = problems.reply(Problem(problems.WRONG_HOST), scope)
            await reply(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = (match["ipv6"] or match["name"]).lower()
        return name in self._names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class SameOrigin:
    """Refuses what a page of another site sends to change something.

    Browsers say from where a request comes (``Sec-Fetch-Site``, and ``Origin`` in older ones);
    programs say nothing and pass. See OWASP, "Cross-Site Request Forgery Prevention".
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, if no foreign page sent it."""
        if scope["type"] == "http" and scope["method"] not in _SAFE and _is_foreign(scope):
            reply = problems.reply(Problem(problems.FOREIGN_ORIGIN), scope)
            await reply(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_foreign(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


class BodyLimit:
    """Refuses a body that is too large, and reads any other before anything parses it.

    Bodies are small here, so they are held whole; that also covers those of undeclared length. Only
    uploads are passed on as they come, up to a limit of their own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, if its body is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = UPLOAD_LIMITS.get((scope["method"], scope["path"]))
        if limit is not None:
            await self._app(scope, _counted(receive, limit), send)
            return
        try:
            with anyio.fail_after(BODY_SECONDS):
                body = None if _declared(scope) > DRAIN_LIMIT else await _read(receive)
        except TimeoutError:
            await problems.reply(_too_slow(), scope)(scope, receive, send)
            return
        if body is None:
            problem = Problem(problems.TOO_LARGE, kib=BODY_LIMIT // 1024)
            await problems.reply(problem, scope)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


def _counted(receive: Receive, limit: int) -> Receive:
    """``receive``, until more bytes have come than an upload may have."""
    size, whole = 0, False

    async def counted() -> Message:
        nonlocal size, whole
        try:
            with anyio.fail_after(None if whole else BODY_SECONDS):
                message = await receive()
        except TimeoutError:
            raise _too_slow() from None
        size += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if size > limit:
            if not whole:
                await _drop(receive)
            raise Problem(problems.TOO_LARGE, kib=limit // 1024)
        return message

    return counted


async def _drop(receive: Receive) -> None:
    """Read what is left of a refused upload, as much as is ever dropped."""
    size, more = 0, True
    with anyio.move_on_after(BODY_SECONDS):
        while more and size < DRAIN_LIMIT:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)


def _too_slow() -> Problem:
    return Problem(
        problems.BODY_TOO_SLOW, headers={"Connection": "close"}, seconds=round(BODY_SECONDS)
    )


def _declared(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 19 else 0


async def _read(receive: Receive) -> bytes | None:
    """The body; None when it is longer than the limit (then as much is read as is ever dropped)."""
    chunks: list[bytes] = []
    size = 0
    while size <= DRAIN_LIMIT:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= BODY_LIMIT:
            chunks.append(chunk)
        if not message.get("more_body", False):
            break
    return b"".join(chunks) if size <= BODY_LIMIT else None


def _replay(body: bytes, receive: Receive) -> Receive:
    """``receive`` once more from the start: the body at once, then whatever comes."""
    first = True

    async def replay() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay
