"""Where MCP is served from: standard input and output, and ``/mcp``.

The SDK of MCP takes as long to load as the rest of the service together, and most services are
never asked by an assistant. So ``mcp_server``, which needs it, is loaded when the first one comes.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup, TaskStatus
from starlette.types import ASGIApp, Receive, Scope, Send

from qa import Answerer

from .settings import Settings
from .slots import Slots

if TYPE_CHECKING:
    from .mcp_server import McpService

# ruff: noqa: PLC0415 - see above


def serve_stdio(load: Callable[[], Answerer], settings: Settings, *, version: str) -> None:
    """Serve one assistant on standard input and output until it closes them.

    Whatever else is printed meanwhile goes to standard error.

    Args:
        load: opens the answerer; called once.
        settings: where ``youju serve`` listens; links to passages lead there.
        version: of the program.
    """
    from .mcp_server import serve_stdio

    serve_stdio(load, settings, version=version)


class McpEndpoint:
    """``/mcp``: the tools over streamable HTTP, as an ASGI application."""

    def __init__(self, answerer: Callable[[], Answerer], slots: Slots, *, version: str) -> None:
        self._answerer = answerer
        self._slots = slots
        self._version = version
        self._service: ASGIApp | None = None
        self._turn = anyio.Lock()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve meanwhile; once only."""
        async with anyio.create_task_group() as tasks:
            self._tasks: TaskGroup = tasks
            yield
            tasks.cancel_scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        What MCP asks of a server, to check host and origin, is done for the whole service.
        """
        async with self._turn:
            if self._service is None:
                self._service = await self._tasks.start(self._serve)
        await self._service(scope, receive, send)

    async def _serve(self, *, task_status: TaskStatus[ASGIApp]) -> None:
        """Load the SDK; its tasks get one of their own, for they must end where they began."""
        service = await anyio.to_thread.run_sync(self._loaded)
        async with service.running():
            task_status.started(service)
            await anyio.sleep_forever()

    def _loaded(self) -> "McpService":
        from .mcp_server import McpService

        return McpService(self._answerer, self._slots, version=self._version)
