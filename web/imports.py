"""Adding reports and taking them out: uploads with their progress, removals, and both undone."""

import asyncio
import json
import time
import unicodedata
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import PurePosixPath
from typing import Annotated

import anyio
import anyio.to_thread
from fastapi import APIRouter, Depends, File, Query, Request, UploadFile
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from corpus import FORMATS
from index import (
    Change,
    Import,
    IndexingError,
    enqueue,
    find_import,
    imports,
    receive,
)
from qa import Answerer

from . import problems
from .changing import change_reports
from .import_models import ImportId, ImportItem, ImportList, RemovedItem, RemovedList
from .importing import Importer
from .loading import loaded
from .openapi import problem_replies
from .problems import Problem, Reason, Text
from .reports import ReportId, find

MOST_FILES = 100
LONGEST_STEM = 150
POLL_SECONDS = 0.2
HEARTBEAT_SECONDS = 15.0

NOT_SUPPORTED = Text(
    "不支持这种文件，请另存为 Word、PDF、网页、Markdown 或纯文本后再传。",
    "Files of this type are not read. Use Word, PDF, HTML, Markdown or plain text.",
)
EMPTY_FILE = Text("文件是空的。", "The file is empty.")

_REASON_LENGTH = 300

router = APIRouter(prefix="/api/v1", tags=["reports"])

Loaded = Annotated[Answerer, Depends(loaded)]


def importer(request: Request) -> Importer:
    """The importer of the application that serves this request, as a dependency of its routes."""
    result: Importer = request.app.state.importer
    return result


Importing = Annotated[Importer, Depends(importer)]


@router.post(
    "/reports",
    status_code=202,
    operation_id="uploadReports",
    summary="Upload reports",
    responses=problem_replies(400, 403, 413, 421, 422, 503),
)
async def upload_reports(
    answerer: Loaded,
    importing: Importing,
    files: Annotated[
        list[UploadFile], File(min_length=1, max_length=MOST_FILES, description="The files.")
    ],
) -> ImportList:
    """Keep the files, and read and index them in the background.

    When this replies, nothing is lost any more. A file whose name was uploaded before takes its
    place. `GET /api/v1/imports/events` tells how far they are.
    """
    names = [uploaded_name(file.filename or "") for file in files]
    _check_files(names, files)
    queued = []
    for name, file in zip(names, files, strict=True):
        work = lambda name=name, file=file: _keep(answerer, name, file)  # noqa: E731
        queued.append(await anyio.to_thread.run_sync(work))
    importing.call()
    return ImportList(items=[_item(importing, one) for one in queued], total=len(queued))


@router.post(
    "/reports/{report_id}/reread",
    status_code=202,
    operation_id="rereadReport",
    summary="Read a report again",
    responses=problem_replies(403, 404, 421, 422, 503),
)
async def reread_report(answerer: Loaded, importing: Importing, report_id: ReportId) -> ImportItem:
    """Read the kept file once more, as after a newer version of Youju was installed."""
    find(answerer, report_id)
    original = answerer.library.reports.get(report_id)
    if original is None:
        raise Problem(problems.NO_ORIGINAL)
    one = await anyio.to_thread.run_sync(lambda: enqueue(answerer.data, original))
    importing.call()
    return _item(importing, one)


@router.delete(
    "/reports/{report_id}",
    status_code=204,
    operation_id="removeReport",
    summary="Take a report out",
    responses=problem_replies(403, 404, 409, 421, 422, 503),
)
async def remove_report(request: Request, answerer: Loaded, report_id: ReportId) -> Response:
    """Take a report out of the search.

    An uploaded file is deleted. A file of the indexed folder stays where it is, and the report can
    be put back.
    """
    find(answerer, report_id)
    if len(answerer.reports) == 1:
        raise Problem(problems.LAST_REPORT)
    await _change(request, Change(taken_out=frozenset({report_id})))
    return Response(status_code=204)


@router.get(
    "/removed-reports",
    operation_id="listRemovedReports",
    summary="List the reports that were taken out",
    responses=problem_replies(421, 503),
)
def list_removed_reports(answerer: Loaded) -> RemovedList:
    """The reports of the indexed folder that were taken out and can be put back."""
    removed = answerer.library.removed
    items = [RemovedItem(id=key, file=one.file, title=one.title) for key, one in removed.items()]
    return RemovedList(items=items, total=len(items))


@router.post(
    "/removed-reports/{report_id}/restore",
    status_code=204,
    operation_id="restoreReport",
    summary="Put a report back",
    responses=problem_replies(403, 404, 421, 422, 503),
)
async def restore_report(request: Request, answerer: Loaded, report_id: ReportId) -> Response:
    """Put a report back that was taken out of the indexed folder."""
    if report_id not in answerer.library.removed:
        raise Problem(problems.UNKNOWN_REPORT)
    await _change(request, Change(put_back=frozenset({report_id})))
    return Response(status_code=204)


@router.get(
    "/imports",
    operation_id="listImports",
    summary="List the uploads",
    responses=problem_replies(421, 503),
)
def list_imports(answerer: Loaded, importing: Importing) -> ImportList:
    """Uploads that wait or are being read, and the latest that are settled, oldest first."""
    items = [_item(importing, one) for one in imports(answerer.data)]
    return ImportList(items=items, total=len(items))


@router.get(
    "/imports/events",
    operation_id="watchImports",
    summary="Watch uploads",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "An event `import` for each change, its data an ImportItem.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problem_replies(404, 421, 422, 503),
    },
)
async def watch_imports(
    answerer: Loaded,
    importing: Importing,
    id: Annotated[  # noqa: A002 - its name in the query
        list[ImportId],
        Query(min_length=1, max_length=MOST_FILES, description="Ids of the uploads."),
    ],
) -> StreamingResponse:
    """Server-sent events about some uploads, until all of them are done or have failed.

    Ids of uploads that are long settled are passed over.
    """
    ids = sorted(set(id))
    if not await anyio.to_thread.run_sync(_known, answerer, ids):
        raise Problem(problems.UNKNOWN_IMPORT)
    return StreamingResponse(_events(answerer, importing, ids), media_type="text/event-stream")


def uploaded_name(name: str) -> str:
    """A file's name as it is listed: the last part of a path, in one line, not too long."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePosixPath(plain or "报告")
    return path.stem[:LONGEST_STEM] + path.suffix


def _check_files(names: Sequence[str], files: Sequence[UploadFile]) -> None:
    """Refuse all of them where one can never be read, before anything is kept."""
    reasons = []
    for number, (name, file) in enumerate(zip(names, files, strict=True)):
        if PurePosixPath(name).suffix.lower() not in FORMATS:
            reasons.append(Reason(f"files[{number}]", NOT_SUPPORTED))
        elif not file.size:
            reasons.append(Reason(f"files[{number}]", EMPTY_FILE))
    if reasons:
        raise Problem(problems.INVALID, reasons=reasons)


def _keep(answerer: Answerer, name: str, file: UploadFile) -> Import:
    try:
        return receive(answerer.data, file.file, name)
    except (IndexingError, OSError) as error:
        raise Problem(problems.NOT_KEPT, reason=str(error)[:_REASON_LENGTH]) from error


async def _change(request: Request, change: Change) -> None:
    await change_reports(request.app.state.loading, lambda answering: answering.changed(change))


def _known(answerer: Answerer, ids: Iterable[str]) -> list[Import]:
    """The uploads with these ids, of those that are still known."""
    found = (find_import(answerer.data, one) for one in ids)
    return [one for one in found if one is not None]


async def _events(
    answerer: Answerer, importing: Importer, ids: Sequence[str]
) -> AsyncIterator[str]:
    told: dict[str, ImportItem] = {}
    spoke = time.monotonic()
    while True:
        known = await anyio.to_thread.run_sync(_known, answerer, ids)
        items = [_item(importing, one) for one in known]
        for item in items:
            if told.get(item.id) != item:
                told[item.id] = item
                spoke = time.monotonic()
                data = json.dumps(item.model_dump(), ensure_ascii=False)
                yield f"event: import\ndata: {data}\n\n"
        if all(item.state in {"done", "failed"} for item in items):
            return
        if time.monotonic() - spoke > HEARTBEAT_SECONDS:
            spoke = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(POLL_SECONDS)


def _item(importing: Importer, one: Import) -> ImportItem:
    progress = importing.progress(one) if one.state == "waiting" else None
    return ImportItem(
        id=one.id,
        file=one.original.file,
        state=one.state if progress is None else progress.stage,
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        report=one.report,
        reason=one.reason,
    )
