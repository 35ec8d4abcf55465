"""The pages and their files: plain HTML, CSS and ES modules, served as they lie in ``page/``."""

import mimetypes
import os
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from .loading import Loading
from .problems import Problem
from .reports import find

FOLDER = Path(__file__).parent / "page"

# Always ask, and mostly hear 304: a page must not run with an older version's modules.
CACHE = {"Cache-Control": "no-cache"}

# Windows takes these from its registry, where .js is often text/plain; nosniff then blocks it.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")
mimetypes.add_type("image/svg+xml", ".svg")

router = APIRouter(include_in_schema=False)


_SCRIPT = re.compile(r'<script type="module" src="/page/(?P<name>[^"]+)"')
_IMPORTED = re.compile(r'(?:from|import) "\./(?P<name>[^"]+)";')


class PageFiles(StaticFiles):
    """The files beside the pages, with ETag and always asked for anew."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or 304 when the browser has it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(CACHE)
        if Path(full_path).suffix == ".html":
            response.headers["Link"] = _preloads(Path(full_path))
        return response


@cache
def _preloads(page: Path) -> str:
    """The header field by which a browser fetches all modules of a page at once (RFC 8288).

    Else it would find those that a module imports only when it has read that module.
    """
    waiting = [match["name"] for match in _SCRIPT.finditer(page.read_text("utf-8"))]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            module = (FOLDER / name).read_text("utf-8")
            waiting += [match["name"] for match in _IMPORTED.finditer(module)]
    return ", ".join(f"</page/{name}>; rel=modulepreload" for name in found)


files = PageFiles(directory=FOLDER)


@router.get("/")
async def chat_page(request: Request) -> Response:
    """The page on which questions are asked."""
    return await files.get_response("index.html", request.scope)


@router.get("/verify")
async def verify_page(request: Request) -> Response:
    """The page on which quotations are checked."""
    return await files.get_response("verify.html", request.scope)


@router.get("/reports/{report_id}")
async def report_page(request: Request, report_id: str) -> Response:
    """The page of one report; it says in words when there is none, so 404 has the same body."""
    loading: Loading = request.app.state.loading
    try:
        find(loading.answerer(), report_id)
    except Problem as problem:
        page = FOLDER / "report.html"
        return FileResponse(page, status_code=problem.status_code, headers=CACHE)
    return await files.get_response("report.html", request.scope)
