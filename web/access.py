"""Who may do what: every request needs the role that its method and path ask for.

Programs send their token with each request (``Authorization: Bearer``, RFC 6750); the page
exchanges it once for a session, whose cookie no script can read. What is not listed here as open
or as asking needs the role ``manage``, so that a new route is closed until someone decides.
"""

import hmac
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from . import problems
from .errors import TokenError
from .problems import Problem
from .sessions import Sessions, session_key
from .tokens import Role, Token, TokenFile

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

SESSION = "/api/v1/session"

_OPEN = frozenset({"/", "/verify", "/livez", "/readyz", "/api/v1/service"})
"""What anyone may get: whether it runs, and enough of the page to sign in."""

_OPEN_FOLDERS = ("/page/", "/reports/")
"""The page's own files: they hold nothing of any report."""

_ASKING = frozenset(
    {
        "/api/v1/ask",
        "/api/v1/write",
        "/api/v1/verify",
        "/api/v1/proofread",
        "/api/v1/proofread/file",
        "/api/v1/feedback",
        "/api/v1/export",
        "/v1/chat/completions",
        "/mcp",
    }
)
"""What is posted without changing any report."""

_CHALLENGE = 'Bearer realm="youju"'


def needed_role(method: str, path: str) -> Role | None:
    """The role that a request needs; None if anyone may send it."""
    if path == SESSION:
        return None
    if method in SAFE:
        return None if path in _OPEN or path.startswith(_OPEN_FOLDERS) else "ask"
    return "ask" if method == "POST" and path in _ASKING else "manage"


@dataclass(frozen=True, slots=True)
class Access:
    """What the sender of a request may do.

    Attributes:
        required: whether a token is needed here at all.
        role: what the request's token or session allows; ``manage`` where none is needed, None
            where one is needed and there is none.
    """

    required: bool
    role: Role | None


class Gate:
    """Knows tokens and sessions.

    Args:
        file: the tokens; None if there can be none.
        closed: whether a token is needed even if none exists, as on an open network.
        ask_token: one more token, which allows to ask; it begins no session.
    """

    def __init__(
        self, file: TokenFile | None, *, closed: bool, ask_token: str | None = None
    ) -> None:
        self._file = file
        self._ask_token = (ask_token or "").encode()
        self._closed = closed
        self.sessions = Sessions()

    def access(self, scope: Scope) -> Access:
        """What the sender of a request may do.

        Raises:
            TokenError: the file of tokens cannot be read.
        """
        tokens = None if self._file is None else self._file.tokens()
        if tokens is None and not self._closed:
            return Access(required=False, role="manage")
        secret = _bearer(scope)
        if secret is not None and self._is_ask_token(secret):
            return Access(required=True, role="ask")
        if secret is not None:
            token = self.token(secret)
        else:
            token = self.sessions.token(session_key(scope))
            if token not in (tokens or ()):  # taken back since
                token = None
        return Access(required=True, role=None if token is None else token.role)

    def _is_ask_token(self, secret: str) -> bool:
        sent = secret.encode(errors="surrogatepass")
        return bool(self._ask_token) and hmac.compare_digest(sent, self._ask_token)

    def token(self, secret: str) -> Token | None:
        """The token that this is; None if it is none.

        Raises:
            TokenError: the file of tokens cannot be read.
        """
        return None if self._file is None else self._file.find(secret)


class AccessGuard:
    """Refuses requests whose sender may not do what they ask for.

    Stands before whatever reads the body: a stranger's upload is not even received.
    """

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, if its sender may send it."""
        if scope["type"] == "http":
            try:
                self._check(scope)
            except Problem as problem:
                await problems.reply(problem, scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        needed = needed_role(scope["method"], scope["path"])
        try:
            access = self._gate.access(scope)
        except TokenError as error:
            raise Problem(problems.TOKENS_UNREADABLE) from error
        scope["state"]["access"] = access
        if needed is None or access.role in {needed, "manage"}:
            return
        if access.role is None:
            raise unauthorized(sent=_bearer(scope) is not None)
        challenge = f'{_CHALLENGE}, error="insufficient_scope", scope="{needed}"'
        raise Problem(problems.ROLE_NEEDED, headers={"WWW-Authenticate": challenge})


def unauthorized(*, sent: bool) -> Problem:
    """The refusal of who sent no token, or a wrong one (RFC 6750, 3.1)."""
    if not sent:
        return Problem(problems.TOKEN_NEEDED, headers={"WWW-Authenticate": _CHALLENGE})
    challenge = f'{_CHALLENGE}, error="invalid_token"'
    return Problem(problems.TOKEN_WRONG, headers={"WWW-Authenticate": challenge})


def access_of(request: Request) -> Access:
    """What the sender of this request may do, as a dependency of routes."""
    result: Access = request.state.access
    return result


def _bearer(scope: Scope) -> str | None:
    """The token of the ``Authorization`` header; None if that is absent or of another scheme."""
    scheme, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None
