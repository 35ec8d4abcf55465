"""The application: routes, what stands around them, and the answerer behind them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import anyio
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Match, Mount

from corpus import Limits
from qa import Answerer

from . import (
    ask,
    citing,
    corrections,
    exporting,
    feedback,
    health,
    imports,
    metrics,
    openai_api,
    openapi,
    page_images,
    pages,
    problems,
    proofreading,
    reports,
    service,
    signing_in,
    verifying,
    writing,
)
from .access import AccessGuard, Gate
from .head import HeadAsGet
from .importing import Importer
from .llm import LanguageModel
from .loading import Loading
from .mcp_endpoint import McpEndpoint
from .metrics import Metrics
from .observing import Observer
from .problems import Problem
from .security import BodyLimit, Envelope, HostGuard, SameOrigin
from .settings import Settings, is_loopback
from .slots import QueueGuard, Slots
from .tokens import TokenFile
from .tracing import Tracing
from .validation import from_http, from_validation
from .watching import Watch

DESCRIPTION = """
Ask Chinese work reports and get the passages that answer, verbatim, each with its place in the
report and a citation. Errors are RFC 9457 problem details, in Chinese or, with
`Accept-Language: en`, in English.
"""

ROUTES = (
    ask,
    writing,
    citing,
    verifying,
    proofreading,
    feedback,
    exporting,
    reports,
    page_images,
    corrections,
    imports,
    service,
    signing_in,
    openai_api,
    health,
    metrics,
    pages,
)


def create_app(
    load: Callable[[], Answerer],
    settings: Settings,
    limits: Limits | None = None,
    watched: Path | None = None,
) -> FastAPI:
    """The application; it starts at once and loads the answerer in the background.

    Args:
        load: opens the answerer. Called once, in a thread.
        settings: by which names the service may be reached, who may come in, and what writes.
        limits: what reading one file may cost; the usual if None.
        watched: the folder whose changes are followed; none if None.
    """
    tokens = None if settings.data is None else TokenFile(settings.data)
    closed = not is_loopback(settings.host)
    gate = Gate(tokens, closed=closed, ask_token=settings.ask_token)
    slots = Slots(seconds=settings.question_seconds)
    app = FastAPI(
        title="有据 Youju",
        summary="Ask your reports in Chinese; every answer shows where it stands.",
        description=DESCRIPTION.strip(),
        version=_version(),
        docs_url=None,  # FastAPI's pages of documentation come from a CDN
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        middleware=[
            Middleware(Envelope),
            Middleware(HostGuard, names=[settings.host, *settings.allowed_hosts]),
            Middleware(SameOrigin),
            Middleware(AccessGuard, gate=gate),
            Middleware(QueueGuard, slots=slots),
            Middleware(BodyLimit),
        ],
        exception_handlers={
            HTTPException: _refuse,
            RequestValidationError: _refuse,
        },
    )
    app.state.gate = gate
    app.state.loading = Loading(load)
    watch = Watch(watched, limits or Limits()) if watched else None
    app.state.importer = Importer(app.state.loading, limits or Limits(), watch)
    app.state.slots = slots
    app.state.pages = page_images.Pages(limits or Limits())
    app.state.proofreader = proofreading.Proofreader(limits or Limits())
    app.state.correcting = anyio.Lock()
    app.state.language_model = LanguageModel(settings.llm) if settings.llm else None
    app.state.metrics = Metrics(app)
    app.state.tracing = Tracing() if settings.tracing else None
    app.add_middleware(
        Observer,
        metrics=app.state.metrics,
        tracing=app.state.tracing,
        questions=settings.log_questions,
    )
    app.add_middleware(HeadAsGet)  # what is added last comes first
    for routes in ROUTES:
        app.include_router(routes.router)
    app.mount("/page", GZipMiddleware(pages.files))
    app.state.mcp = McpEndpoint(app.state.loading.answerer, slots, version=app.version)
    app.router.add_route("/mcp", app.state.mcp, methods=["POST"], include_in_schema=False)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return app


def _version() -> str:
    try:
        return version("youju")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    loading: Loading = app.state.loading
    loading.start()
    app.state.importer.start()
    mcp: McpEndpoint = app.state.mcp
    model: LanguageModel | None = app.state.language_model
    async with mcp.running():
        try:
            yield
        finally:
            if model is not None:
                await model.close()
            if app.state.tracing is not None:
                app.state.tracing.close()


async def _refuse(request: Request, error: Exception) -> Response:
    problem = _problem(error, request.headers.get("content-type", ""))
    if problem.kind is problems.NO_SUCH_METHOD:
        problem.headers = {"Allow": ", ".join(_methods(request))}
    return problems.reply(problem, request.scope)


def _methods(request: Request) -> list[str]:
    """The methods of an address; the router itself names those of the first route that fits."""
    allowed = []
    for method in ("GET", "POST", "PATCH", "DELETE"):
        scope = {**request.scope, "method": method}
        fitting = [route for route in request.app.routes if route.matches(scope)[0] is Match.FULL]
        if any(method == "GET" or not isinstance(route, Mount) for route in fitting):
            allowed += ["GET", "HEAD"] if method == "GET" else [method]
    return allowed


def _problem(error: Exception, content_type: str) -> Problem:
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return from_validation(error)
        case HTTPException():
            return from_http(error, content_type)
    raise error
