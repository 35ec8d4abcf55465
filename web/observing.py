"""What is noted of every request: a metric, a line in the log, and a trace where one is wanted.

None of these has a word of a question or a report in it, except the log's questions, if whoever
runs the service has asked for them.
"""

import logging
import time
from contextlib import AbstractContextManager, nullcontext

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .tracing import Tracing

log = logging.getLogger(__name__)

_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


class Observer:
    """Notes what becomes of requests.

    Args:
        app: what serves them.
        metrics: where they are counted.
        tracing: where their spans go; None for nowhere.
        questions: whether questions are logged.
    """

    def __init__(
        self, app: ASGIApp, metrics: Metrics, tracing: Tracing | None, *, questions: bool
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing
        self._questions = questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._span(scope) as span:
            try:
                await self._app(scope, receive, send_and_note)
            finally:
                seconds = time.perf_counter() - started
                method, route = _method(scope), _route(scope)
                if span is not None:
                    span.end(method, route, status)
                self._metrics.count(method, route, status, seconds)
                self._log(scope, method, route, status, seconds)

    def _span(self, scope: Scope) -> "AbstractContextManager[Tracing.Span | None]":
        return nullcontext() if self._tracing is None else self._tracing.span(scope)

    def _log(self, scope: Scope, method: str, route: str, status: int, seconds: float) -> None:
        if not log.isEnabledFor(logging.INFO):
            return
        state = scope.get("state", {})
        fields: dict[str, object] = {
            "request_id": state.get("request_id"),
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        if self._questions and "question" in state:
            fields["question"] = state["question"]
        log.info("request", extra={"fields": fields})


def note_question(request: Request, question: str) -> None:
    """Keep a question for the log, which has it only where that was asked for."""
    request.state.question = question


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


def _route(scope: Scope) -> str:
    """The pattern of the route that served a request, never its path; "-" if none did."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "-"
