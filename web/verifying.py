"""``POST /api/v1/verify``: whether the reports say what is quoted."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from qa import (
    Answerer,
    Checked,
    Context,
    QuestionError,
    UnknownReport,
    Verification,
)

from . import problems
from .ask import json_only
from .loading import loaded
from .openapi import problem_replies
from .passages import cited_fields
from .problems import Problem, Reason
from .slots import RequestSlots, slots
from .validation import NO_SUCH_REPORT, UNREADABLE
from .verify_models import (
    CheckedItem,
    PieceItem,
    PositionSelectorInput,
    QuoteSelectorInput,
    VerifyReply,
    VerifyRequest,
)

router = APIRouter(prefix="/api/v1", tags=["citations"])


@router.post(
    "/verify",
    operation_id="verify",
    summary="Check a quotation",
    dependencies=[Depends(json_only)],
    responses=problem_replies(400, 413, 415, 421, 422, 503, 504),
)
async def verify(
    body: VerifyRequest,
    answerer: Annotated[Answerer, Depends(loaded)],
    free: Annotated[RequestSlots, Depends(slots)],
) -> VerifyReply:
    """Say whether a quotation stands in the reports verbatim, changed, or not at all.

    White space, width, script and the form of quotation marks are no changes; `folded` names them.
    """
    started = time.perf_counter()
    result = await free.run(lambda: _verified(answerer, body))
    took_ms = (time.perf_counter() - started) * 1000
    return VerifyReply(
        **verdict_fields(result), snapshot=answerer.snapshot, took_ms=round(took_ms, 1)
    )


def verdict_fields(result: Verification) -> dict[str, Any]:
    """The fields of a ``VerdictItem``."""
    return {
        "status": result.status,
        "figures_differ": result.figures_differ,
        "passages": [_checked(place) for place in result.places],
    }


def _verified(answerer: Answerer, body: VerifyRequest) -> Verification:
    quote, context = (body.quote, None) if body.quote is not None else _located(body)
    field = "locator" if context else "quote"
    try:
        reports = None if body.report is None else frozenset([body.report])
        return answerer.verify(quote, reports=reports, context=context)
    except UnknownReport as error:
        raise Problem(problems.INVALID, reasons=[Reason("report", NO_SUCH_REPORT)]) from error
    except QuestionError as error:
        raise Problem(problems.INVALID, reasons=[Reason(field, UNREADABLE)]) from error


def _located(body: VerifyRequest) -> tuple[str, Context]:
    """The quotation of a locator, and what it says of the place."""
    selectors = body.locator or []
    quote = next(one for one in selectors if isinstance(one, QuoteSelectorInput))
    positions = [one.start for one in selectors if isinstance(one, PositionSelectorInput)]
    return quote.exact, Context(quote.prefix, quote.suffix, next(iter(positions), None))


def _checked(place: Checked) -> CheckedItem:
    return CheckedItem(
        **cited_fields(place.passage),
        similarity=place.similarity,
        folded=list(place.folded),
        difference=[
            PieceItem(
                operation=piece.operation,
                quote=piece.quote,
                report=piece.report,
                figure=piece.figure,
            )
            for piece in place.difference
        ],
        figures_differ=place.figures_differ,
    )
