"""``PATCH /api/v1/reports/{id}``: what a user knows better about a report than its file says.

A correction is kept in the data folder and applied whenever the reports are indexed again. Here it
is applied at once: a new snapshot is built beside the one that answers, most of it from what is
embedded already, and takes its place when it is whole. One at a time; whoever comes meanwhile is
told to try again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import anyio
from fastapi import APIRouter, Body, Depends, Request

from . import problems
from .changing import RETRY_AFTER, change_reports
from .conditional import Condition
from .loading import Loading
from .models import CorrectionPatch, ReportDetail
from .openapi import problem_replies
from .problems import Problem
from .reports import ReportId, detail, find

MERGE_PATCH = "application/merge-patch+json"

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])


def merge_patch_only(request: Request) -> None:
    """Refuse what is sent neither as a JSON Merge Patch nor as JSON.

    Raises:
        Problem: the content type is another one.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in {MERGE_PATCH, "application/json"}:
        raise Problem(problems.NOT_MERGE_PATCH, headers={"Accept-Patch": MERGE_PATCH})


@router.patch(
    "/{report_id}",
    operation_id="correctReport",
    summary="Correct a report's metadata",
    dependencies=[Depends(merge_patch_only)],
    responses=problem_replies(400, 404, 412, 413, 415, 421, 422, 503),
)
async def correct_report(
    request: Request,
    report_id: ReportId,
    patch: Annotated[CorrectionPatch, Body(media_type=MERGE_PATCH)],
    condition: Condition,
) -> ReportDetail:
    """Correct some fields (JSON Merge Patch, RFC 7396) and get the report as it is now.

    A field that is left out stays as it is. An empty text or list says that the report has none;
    null takes the correction back, and the field is again what was read. With the report's ETag in
    `If-Match`, nothing is changed if someone else has changed the report meanwhile.
    """
    loading: Loading = request.app.state.loading
    answerer = loading.answerer()
    condition.require(detail(find(answerer, report_id)))
    changes = patch.changes()
    if changes:
        async with _alone(request):
            # Once more: another correction may have ended while this one was about to begin.
            condition.require(detail(find(loading.answerer(), report_id)))
            answerer = await change_reports(
                loading, lambda answering: answering.corrected(report_id, changes)
            )
    return condition.tag(detail(find(answerer, report_id)))


@asynccontextmanager
async def _alone(request: Request) -> AsyncIterator[None]:
    """Correct nothing else meanwhile.

    Raises:
        Problem: another correction is being applied.
    """
    turn: anyio.Lock = request.app.state.correcting
    try:
        turn.acquire_nowait()
    except anyio.WouldBlock as error:
        raise Problem(problems.INDEXING, headers=RETRY_AFTER) from error
    try:
        yield
    finally:
        turn.release()
