"""MCP, the Model Context Protocol, by its official SDK: on standard input and output, and on HTTP.

``youju mcp`` runs the first, for assistants that start their servers themselves; the service has
the second at ``/mcp``. There every request stands alone (no sessions, plain JSON replies): the
tools keep no state, and a server that is started again goes on as if nothing had happened.
``mcp_endpoint`` loads this when an assistant comes.
"""

import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, redirect_stdout
from typing import Any

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
)
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from qa import Answerer

from .mcp_tools import INSTRUCTIONS, TOOLS, ReportTools
from .serving import address_of
from .settings import Settings
from .slots import Slots

NAME = "youju"

_MESSAGE_LENGTH = 300


def serve_stdio(load: Callable[[], Answerer], settings: Settings, *, version: str) -> None:
    """See ``mcp_endpoint.serve_stdio``."""
    with redirect_stdout(sys.stderr):
        answerer = load()
    tools = ReportTools(lambda: answerer, Slots(seconds=settings.question_seconds))
    base = address_of(settings.host, settings.port).rstrip("/")
    server = _server(tools, base=base, version=version)

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)


class McpService:
    """The tools over streamable HTTP, as an ASGI application."""

    def __init__(self, answerer: Callable[[], Answerer], slots: Slots, *, version: str) -> None:
        tools = ReportTools(answerer, slots)
        self._manager = StreamableHTTPSessionManager(
            _server(tools, base="", version=version), stateless=True, json_response=True
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve meanwhile; once only."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._manager.handle_request(scope, receive, _short_errors(send))


def _short_errors(send: Send) -> Send:
    """``send``, with errors told in one line: the SDK repeats in them what was sent."""
    start: Message | None = None

    async def short(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and message["status"] >= 400:
            start = message
            return
        if start is not None and not message.get("more_body", False):
            message = {**message, "body": _short(message["body"])}
            headers = MutableHeaders(scope=start)
            headers["Content-Length"] = str(len(message["body"]))
            await send(start)
            start = None
        await send(message)

    return short


def _short(body: bytes) -> bytes:
    """A JSON-RPC error with the first line of its message only."""
    try:
        reply = json.loads(body)
        reply["error"]["message"] = reply["error"]["message"].partition("\n")[0][:_MESSAGE_LENGTH]
    except (ValueError, TypeError, KeyError, AttributeError):
        return body
    return json.dumps(reply, ensure_ascii=False).encode(errors="replace")


def _server(tools: ReportTools, *, base: str, version: str) -> Server[dict[str, Any]]:
    async def list_tools(
        _: ServerRequestContext[Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=list(TOOLS))

    async def call_tool(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        result = await tools.call(params.name, params.arguments, _base(context, base))
        if result is None:
            raise MCPError(INVALID_PARAMS, "没有这个工具。有的是 search 和 fetch。")
        return result

    return Server(
        NAME,
        version=version,
        title="有据 Youju",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _base(context: ServerRequestContext[Any], base: str) -> str:
    """Over HTTP the address by which the client came."""
    request: object = context.request
    return str(request.base_url).rstrip("/") if isinstance(request, Request) else base
