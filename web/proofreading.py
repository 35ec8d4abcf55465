"""``POST /api/v1/proofread``: every quotation of an article, checked against the reports.

An article comes as text or as a file. Either is parsed in a process of its own (see
``corpus/isolation.py``), and checked in a thread of its own, one article at a time: questions never
wait behind one.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Annotated

from fastapi import APIRouter, Depends, File, Request, UploadFile
from starlette.responses import Response

from corpus import ARTICLES, CorpusError, Limits, Quotation, ReportError, read_quotations
from qa import Answerer, Proof, Proofreading, proofread

from . import problems
from .ask import json_only
from .loading import loaded
from .openapi import problem_replies
from .problems import Problem, Reason, Text
from .proofread_models import ProofItem, ProofreadReply, ProofreadRequest
from .slots import Slots
from .verifying import verdict_fields

SECONDS = 20.0
"""That parsing an article may take; a book in Word takes two."""

MOST_QUOTATIONS = 300
MOST_QUOTED = 60_000
"""Characters of all quotations together. If every one of them was changed they take 8 seconds."""

TOO_MUCH_QUOTED = Text(
    "引文太多：一次最多核对 {most} 处，共 {quoted} 个字。请分成几篇。",
    "Too many quotations: at most {most} at a time, of {quoted} characters. Split the article.",
)
NO_ARTICLE = Text(
    "只核对 Markdown（.md）和 Word（.docx）文稿，请另存为其中一种后再传。",
    "Only Markdown (.md) and Word (.docx) articles are checked. Save it as one of them.",
)
EMPTY_FILE = Text("文件是空的。", "The file is empty.")

_REASON_LENGTH = 300

router = APIRouter(prefix="/api/v1", tags=["citations"])

_REPLIES = {200: {"model": ProofreadReply}, **problem_replies(400, 403, 413, 421, 422, 503, 504)}


class Proofreader:
    """Proofreads articles, within limits and one at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = replace(limits, silence=SECONDS, total=SECONDS)
        self._slots = Slots(1, seconds=5 * SECONDS)

    async def run(self, work: Callable[[Limits], bytes]) -> Response:
        """Reply with the JSON that some work makes, off the event loop.

        Raises:
            Problem: too many wait, or the article cannot be read.
        """
        try:
            content = await self._slots.run(lambda: work(self._limits))
        except ReportError as error:
            reason = error.reason[:_REASON_LENGTH]
            raise Problem(problems.UNREADABLE_ARTICLE, reason=reason) from error
        except CorpusError as error:
            raise Problem(problems.NOT_READ, reason=str(error)[:_REASON_LENGTH]) from error
        return Response(content, media_type="application/json")


def proofreader(request: Request) -> Proofreader:
    """The proofreader of the application that serves this request, as a dependency."""
    result: Proofreader = request.app.state.proofreader
    return result


Loaded = Annotated[Answerer, Depends(loaded)]
Reader = Annotated[Proofreader, Depends(proofreader)]


@dataclass(frozen=True, slots=True)
class _Article:
    """What was sent: its content, and the name that it is given here, never the sender's."""

    content: IO[bytes]
    name: str
    field: str


@router.post(
    "/proofread",
    operation_id="proofread",
    summary="Check the quotations of a text",
    dependencies=[Depends(json_only)],
    response_model=ProofreadReply,
    responses=_REPLIES | problem_replies(415),
)
async def proofread_text(body: ProofreadRequest, answerer: Loaded, reader: Reader) -> Response:
    """Check all that stands in quotation marks, or in block quotations, of a Markdown text."""
    article = _Article(BytesIO(body.text.encode()), "article.md", "text")
    return await reader.run(lambda limits: _proofread(article, answerer, limits))


@router.post(
    "/proofread/file",
    operation_id="proofreadFile",
    summary="Check the quotations of a file",
    response_model=ProofreadReply,
    responses=_REPLIES,
)
async def proofread_file(
    answerer: Loaded,
    reader: Reader,
    file: Annotated[UploadFile, File(description="Markdown or Word (.docx).")],
) -> Response:
    """Check all that stands in quotation marks, or in block quotations, of an article.

    Nothing of the file is kept.
    """
    suffix = PurePosixPath(file.filename or "").suffix.lower()
    if suffix not in ARTICLES:
        raise Problem(problems.INVALID, reasons=[Reason("file", NO_ARTICLE)])
    if not file.size:
        raise Problem(problems.INVALID, reasons=[Reason("file", EMPTY_FILE)])
    article = _Article(file.file, f"article{suffix}", "file")
    return await reader.run(lambda limits: _proofread(article, answerer, limits))


def proofreading_json(read: Proofreading, *, snapshot: str) -> str:
    """A proofreading as JSON for the command line: the reply of ``POST /api/v1/proofread``."""
    reply = _reply(read, snapshot=snapshot, took_ms=0)
    return reply.model_dump_json(exclude={"took_ms"})


def _proofread(article: _Article, answerer: Answerer, limits: Limits) -> bytes:
    """Check an article; gives the reply as JSON, which can be long to write."""
    started = time.perf_counter()
    quotations = _quotations(article, limits)
    quoted = sum(len(one.text) for one in quotations)
    if len(quotations) > MOST_QUOTATIONS or quoted > MOST_QUOTED:
        figures = (("most", MOST_QUOTATIONS), ("quoted", MOST_QUOTED))
        raise Problem(problems.INVALID, reasons=[Reason(article.field, TOO_MUCH_QUOTED, figures)])
    read = proofread(quotations, answerer)
    took_ms = (time.perf_counter() - started) * 1000
    return _reply(read, snapshot=answerer.snapshot, took_ms=took_ms).model_dump_json().encode()


def _quotations(article: _Article, limits: Limits) -> tuple[Quotation, ...]:
    with tempfile.TemporaryDirectory(prefix="youju-") as folder:
        path = Path(folder) / article.name
        with path.open("wb") as copy:
            shutil.copyfileobj(article.content, copy)
        return read_quotations(path, file=article.name, limits=limits)


def _reply(read: Proofreading, *, snapshot: str, took_ms: float) -> ProofreadReply:
    return ProofreadReply(
        items=[_item(proof) for proof in read.proofs],
        total=len(read.proofs),
        skipped=read.skipped,
        overlong=read.overlong,
        snapshot=snapshot,
        took_ms=round(took_ms, 1),
    )


def _item(proof: Proof) -> ProofItem:
    return ProofItem(
        quote=proof.quotation.text,
        line=proof.quotation.line,
        paragraph=proof.quotation.paragraph,
        block=proof.quotation.block,
        **verdict_fields(proof.verification),
    )
