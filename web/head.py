"""HEAD for everything that can be got, as RFC 9110 (9.3.2) asks; FastAPI leaves it out."""

from starlette.types import ASGIApp, Receive, Scope, Send


class HeadAsGet:
    """Lets the application answer HEAD as GET; the server sends the header fields only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, HEAD as GET."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
