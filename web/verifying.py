"""``POST /api/v1/verify``: whether the reports say what is quoted."""

import json
import time
from typing import Annotated

from fastapi import APIRouter, Depends

from qa import (
    Answerer,
    Checked,
    Context,
    Proofreading,
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
from .slots import Slots, slots
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
    responses=problem_replies(400, 413, 415, 421, 422, 503),
)
async def verify(
    body: VerifyRequest,
    answerer: Annotated[Answerer, Depends(loaded)],
    free: Annotated[Slots, Depends(slots)],
) -> VerifyReply:
    """Say whether a quotation stands in the reports verbatim, changed, or not at all.

    White space, width, script and the form of quotation marks are no changes; `folded` names them.
    """
    started = time.perf_counter()
    result = await free.run(lambda: _verified(answerer, body))
    took_ms = (time.perf_counter() - started) * 1000
    return _reply(result, snapshot=answerer.snapshot, took_ms=took_ms)


def proofreading_json(read: Proofreading, *, snapshot: str) -> str:
    """A proofreading as JSON for the command line: a reply of ``POST /api/v1/verify`` for each."""
    items = [
        {
            "quote": proof.quotation.text,
            "line": proof.quotation.line,
            "paragraph": proof.quotation.paragraph,
            "block": proof.quotation.block,
            **_reply(proof.verification, snapshot=snapshot, took_ms=0).model_dump(
                exclude={"took_ms", "snapshot"}
            ),
        }
        for proof in read.proofs
    ]
    fields = {"items": items, "total": len(items), "skipped": read.skipped, "snapshot": snapshot}
    return json.dumps(fields, ensure_ascii=False)


def _reply(result: Verification, *, snapshot: str, took_ms: float) -> VerifyReply:
    return VerifyReply(
        status=result.status,
        figures_differ=result.figures_differ,
        passages=[_checked(place) for place in result.places],
        snapshot=snapshot,
        took_ms=round(took_ms, 1),
    )


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
