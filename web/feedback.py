"""``POST /api/v1/feedback``: what users say of answers, to measure on with ``youju eval``."""

from datetime import UTC, datetime
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
from starlette.responses import Response

from qa import Answerer, Mark, Turn, add_mark, holds_quote

from . import problems
from .ask import json_only
from .ask_models import EXAMPLE_QUESTION, EarlierText, EarlierTurn, QuestionText
from .loading import loaded
from .models import Input, Ordinal
from .openapi import problem_replies
from .problems import Problem, Reason
from .reports import find
from .validation import NO_SUCH_PARAGRAPH, NO_SUCH_QUOTE, NO_SUCH_REPORT

_REASON_LENGTH = 300

router = APIRouter(prefix="/api/v1", tags=["ask"])


class FeedbackRequest(Input):
    """A quotation that a user marks as answering a question, or as not answering it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "question": EXAMPLE_QUESTION,
                    "report": "3ac8e3aec848",
                    "paragraph": 28,
                    "quote": "粮食产量21.5万吨以上，城镇新增就业3800人以上；",
                    "right": True,
                }
            ]
        }
    )

    question: QuestionText
    history: list[EarlierTurn] | None = Field(
        default=None, max_length=20, description="Earlier turns, oldest first."
    )
    report: str = Field(description="The report's id.", max_length=100)
    paragraph: Ordinal = Field(description="Ordinal of the paragraph in the report.")
    quote: Annotated[EarlierText, Field(min_length=1, pattern=r"\S")] = Field(
        description="The words that answer, or do not, as they stand there."
    )
    right: bool = Field(description="Whether they answer the question.")


@router.post(
    "/feedback",
    status_code=204,
    operation_id="sendFeedback",
    summary="Say whether an answer is right",
    dependencies=[Depends(json_only)],
    responses=problem_replies(400, 403, 413, 415, 421, 422, 503),
)
async def send_feedback(
    body: FeedbackRequest, answerer: Annotated[Answerer, Depends(loaded)]
) -> Response:
    """Keep the mark on disk; of several for the same words and question, the last one counts.

    `youju eval --draft feedback.jsonl` makes questions to measure with of those that are right.
    """
    await anyio.to_thread.run_sync(lambda: _keep(answerer, body))
    return Response(status_code=204)


def _keep(answerer: Answerer, body: FeedbackRequest) -> None:
    _check(answerer, body)
    mark = Mark(
        question=body.question,
        history=tuple(Turn(turn.question, turn.answer) for turn in body.history or ()),
        report=body.report,
        quote=body.quote,
        right=body.right,
        time=datetime.now(UTC).astimezone(),
        paragraph=body.paragraph,
    )
    try:
        add_mark(answerer.data, mark)
    except OSError as error:
        reason = (error.strerror or str(error))[:_REASON_LENGTH]
        raise Problem(problems.NOT_KEPT, reason=reason) from error


def _check(answerer: Answerer, body: FeedbackRequest) -> None:
    """Refuse a mark of what is not there.

    Raises:
        Problem: the report, the paragraph or the words do not exist.
    """
    try:
        report = find(answerer, body.report)
    except Problem as problem:
        raise _refused("report", NO_SUCH_REPORT) from problem
    if body.paragraph > len(report.paragraphs):
        raise _refused("paragraph", NO_SUCH_PARAGRAPH)
    if not holds_quote(report, body.quote):
        raise _refused("quote", NO_SUCH_QUOTE)


def _refused(field: str, text: problems.Text) -> Problem:
    return Problem(problems.INVALID, reasons=[Reason(field, text)])
