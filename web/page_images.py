"""``/api/v1/reports/{id}/pages``: a report's pages as they are printed, drawn from the kept file.

Drawing is done in the processes that read files, so that a bad file costs its own page only, and
for as many requests at a time as there are such processes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from corpus import (
    CorpusError,
    Limits,
    Report,
    ReportError,
    UnsupportedFormat,
    page_image,
    page_sizes,
)
from index import is_kept, original_of, original_path
from qa import Answerer

from . import problems
from .conditional import NOT_MODIFIED, Condition
from .loading import loaded
from .models import PageItem, PageList
from .openapi import problem_replies
from .problems import Problem
from .reports import Offset, ReportId, find
from .slots import Slots

T = TypeVar("T")

SECONDS = 20.0
"""That a page may take; the heaviest maps take two."""

PARALLEL = 2

CACHE = "private, no-cache"
"""Kept by the browser that asked, and asked for anew with the ETag: a report may be replaced."""

_REASON_LENGTH = 300

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

Loaded = Annotated[Answerer, Depends(loaded)]


class Pages:
    """Draws pages, within limits and a few at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = replace(limits, silence=SECONDS, total=SECONDS)
        self._slots = Slots(PARALLEL, seconds=2 * SECONDS)

    async def run(self, work: Callable[[Limits], T]) -> T:
        """Do something with a kept file, off the event loop.

        Raises:
            Problem: too many wait, or it cannot be done.
        """
        try:
            return await self._slots.run(lambda: work(self._limits))
        except UnsupportedFormat as error:
            raise Problem(problems.NO_PAGES) from error
        except ReportError as error:
            raise Problem(problems.NOT_DRAWN, reason=error.reason[:_REASON_LENGTH]) from error
        except CorpusError as error:
            raise Problem(problems.NOT_DRAWN, reason=str(error)[:_REASON_LENGTH]) from error


@dataclass(frozen=True, slots=True)
class Kept:
    """A report whose file is kept, and the file."""

    report: Report
    file: FilePath


def pages(request: Request) -> Pages:
    """What draws pages in the application that serves this request, as a dependency."""
    result: Pages = request.app.state.pages
    return result


def kept(answerer: Loaded, report_id: ReportId) -> Kept:
    """The report that an address names, as a dependency of routes.

    Raises:
        Problem: there is no such report, or its file was not kept, or is damaged.
    """
    report = find(answerer, report_id)
    original = original_of(report)
    if not is_kept(answerer.data, original):
        raise Problem(problems.NO_ORIGINAL)
    return Kept(report, original_path(answerer.data, original))


Drawing = Annotated[Pages, Depends(pages)]
Original = Annotated[Kept, Depends(kept)]


@router.get(
    "/{report_id}/pages",  # noqa: FAST003 - a dependency takes it
    operation_id="listPages",
    summary="A report's pages",
    responses=problem_replies(404, 421, 422, 503, 504),
)
async def list_pages(
    original: Original,
    drawing: Drawing,
    limit: Annotated[int, Query(ge=1, le=10000)] = 1000,
    offset: Offset = 0,
) -> PageList:
    """The pages of a PDF file, or the one page of a picture, with their sizes.

    Spans of paragraphs have their places on these pages in the same measure.
    """
    file, name = original.file, original.report.file
    sizes = await drawing.run(lambda limits: page_sizes(file, file=name, limits=limits))
    items = [
        PageItem(number=size.number, width=size.width, height=size.height)
        for size in sizes[offset : offset + limit]
    ]
    return PageList(items=items, total=len(sizes))


@router.get(
    "/{report_id}/pages/{number}",  # noqa: FAST003 - as above
    operation_id="getPageImage",
    summary="A page as an image",
    response_class=Response,
    responses={
        200: {"description": "The page as it is printed.", "content": {"image/png": {}}},
        **NOT_MODIFIED,
        **problem_replies(404, 421, 422, 503, 504),
    },
)
async def get_page_image(
    condition: Condition,
    original: Original,
    drawing: Drawing,
    number: Annotated[int, Path(description="Of the page, from 1.")],
    width: Annotated[
        int, Query(ge=200, le=2000, description="Of the image, in pixels; at most.")
    ] = 1200,
) -> Response:
    """A page of a PDF file, or a picture, as PNG; it has an ETag."""
    file, name = original.file, original.report.file
    headers = {"ETag": f'"{original.report.sha256}-{number}-{width}"', "Cache-Control": CACHE}
    if condition.has(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    image = await drawing.run(
        lambda limits: page_image(file, file=name, number=number, width=width, limits=limits)
    )
    if image is None:
        raise Problem(problems.NO_SUCH_PAGE)
    return Response(image, media_type="image/png", headers=headers)
