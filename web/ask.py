"""``POST /api/v1/ask``: a question in, cited passages out."""

import time
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from qa import Answer, Answerer, QuestionError, Turn

from . import problems
from .answers import ask_reply
from .ask_models import AskReply, AskRequest
from .loading import loaded
from .observing import note_question
from .openapi import problem_replies
from .problems import Problem, Reason
from .slots import RequestSlots, slots
from .validation import NO_SUCH_REPORT, UNREADABLE

router = APIRouter(prefix="/api/v1", tags=["ask"])


async def json_only(request: Request) -> None:
    """Refuse what is not sent as JSON, forms of foreign pages among it.

    Raises:
        Problem: the content type is another one.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(problems.NOT_JSON)


@router.post(
    "/ask",
    operation_id="ask",
    summary="Ask the reports",
    dependencies=[Depends(json_only)],
    response_model=AskReply,
    responses=problem_replies(400, 413, 415, 421, 422, 503, 504),
)
async def ask(
    request: Request,
    body: AskRequest,
    answerer: Annotated[Answerer, Depends(loaded)],
    free: Annotated[RequestSlots, Depends(slots)],
) -> Response:
    """Find the passages that answer a question, each with its place and its citation."""
    started = time.perf_counter()
    note_question(request, body.question)
    check_reports(answerer, body.reports)

    def work() -> str:  # the JSON too: on the event loop others would wait for it
        answer = answer_question(answerer, body)
        took = (time.perf_counter() - started) * 1000
        return ask_reply(answer, took_ms=took).model_dump_json()

    return Response(await free.run(work), media_type="application/json")


def check_reports(answerer: Answerer, ids: Sequence[str] | None) -> None:
    """Refuse reports that are not there.

    Raises:
        Problem: it names them by their place in the request.
    """
    known = {report.id for report in answerer.reports}
    unknown = [i for i, report_id in enumerate(ids or ()) if report_id not in known]
    if unknown:
        reasons = [Reason(f"reports[{i}]", NO_SUCH_REPORT) for i in unknown]
        raise Problem(problems.INVALID, reasons=reasons)


def answer_question(answerer: Answerer, body: AskRequest) -> Answer:
    """Answer a request; to be run in a slot.

    Raises:
        Problem: the question holds what is no text.
    """
    try:
        return answerer.ask(
            body.question,
            history=[Turn(turn.question, turn.answer) for turn in body.history or ()],
            top_k=body.top_k,
            reports=None if body.reports is None else frozenset(body.reports),
            group_by_report=body.group_by == "report",
        )
    except QuestionError as error:
        raise Problem(problems.INVALID, reasons=[Reason("question", UNREADABLE)]) from error
