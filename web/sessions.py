"""Sessions of browsers: what a cookie stands for once a token was given in.

They are kept in memory, by a hash, and end with the service: whoever reads the data folder finds
nothing there to come in with.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from .tokens import Token

COOKIE = "youju_session"

SECONDS = 12 * 3600
"""A working day."""

MOST = 10_000
"""Sessions at a time; the oldest make room."""


@dataclass(frozen=True, slots=True)
class _Session:
    token: Token
    ends: float


class Sessions:
    """The sessions of one service; used on its event loop only."""

    def __init__(self) -> None:
        self._sessions: dict[bytes, _Session] = {}

    def begin(self, token: Token) -> str:
        """Begin a session; gives its key, for the cookie."""
        now = time.monotonic()
        alive = [(key, one) for key, one in self._sessions.items() if one.ends > now]
        self._sessions = dict(alive[-(MOST - 1) :])
        key = secrets.token_urlsafe(32)
        self._sessions[_digest(key)] = _Session(token, now + SECONDS)
        return key

    def token(self, key: str) -> Token | None:
        """The token with which a session was begun; None if there is none, or no longer."""
        session = self._sessions.get(_digest(key))
        return session.token if session and session.ends > time.monotonic() else None

    def end(self, key: str) -> None:
        """End a session, if it is one."""
        self._sessions.pop(_digest(key), None)


def session_key(scope: Scope) -> str:
    """The key in a request's cookie; empty if it has none."""
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE, "")


def _digest(key: str) -> bytes:
    """Looked up by hash, so that the time it takes says nothing about keys that exist."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).digest()
