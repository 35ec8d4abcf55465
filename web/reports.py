"""``/api/v1/reports``: the reports at hand, their outlines and their paragraphs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from corpus import Doubt, Paragraph, Report, document_type, explain
from qa import Answerer

from . import problems
from .conditional import NOT_MODIFIED, Condition
from .loading import loaded
from .models import (
    DoubtItem,
    Message,
    OriginItem,
    OutlineItem,
    ParagraphItem,
    ParagraphList,
    ReportDetail,
    ReportItem,
    ReportList,
    SpanItem,
)
from .openapi import problem_replies
from .problems import Problem

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

Loaded = Annotated[Answerer, Depends(loaded)]
ReportId = Annotated[str, Path(description="The report's id.")]
Offset = Annotated[int, Query(ge=0, le=2**31 - 1, description="How many to leave out.")]


@router.get(
    "",
    operation_id="listReports",
    summary="List the reports",
    response_model=ReportList,
    responses={**NOT_MODIFIED, **problem_replies(421, 422, 503)},
)
def list_reports(
    answerer: Loaded,
    condition: Condition,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Offset = 0,
) -> Response:
    """The reports that are searched, in the order they were indexed; they have an ETag."""
    some = answerer.reports[offset : offset + limit]
    items = [ReportItem.model_validate(_metadata(report)) for report in some]
    return condition.reply(ReportList(items=items, total=len(answerer.reports)))


@router.get(
    "/{report_id}",
    operation_id="getReport",
    summary="One report with its outline",
    response_model=ReportDetail,
    responses={**NOT_MODIFIED, **problem_replies(404, 421, 422, 503)},
)
def get_report(answerer: Loaded, report_id: ReportId, condition: Condition) -> Response:
    """A report's metadata, and its headings with where each leads; it has an ETag."""
    return condition.reply(detail(find(answerer, report_id)))


def detail(report: Report) -> ReportDetail:
    """A report as the HTTP contract gives it, with its outline."""
    outline = [
        OutlineItem(
            heading=section.heading,
            level=section.level,
            path=list(section.path),
            first_paragraph=section.first_paragraph,
        )
        for section in report.sections
    ]
    origins = [
        OriginItem(field=origin.field, place=origin.place, quote=origin.quote)
        for origin in report.origins
    ]
    doubts = [_doubt(doubt) for doubt in report.doubts]
    return ReportDetail.model_validate(
        {**_metadata(report), "outline": outline, "origins": origins, "doubts": doubts}
    )


@router.get(
    "/{report_id}/paragraphs",
    operation_id="listParagraphs",
    summary="A report's paragraphs",
    response_model=ParagraphList,
    responses={**NOT_MODIFIED, **problem_replies(404, 421, 422, 503)},
)
def list_paragraphs(
    answerer: Loaded,
    report_id: ReportId,
    condition: Condition,
    limit: Annotated[int, Query(ge=1, le=10000)] = 1000,
    offset: Offset = 0,
) -> Response:
    """A report's paragraphs in order, captions and bylines among them; they have an ETag."""
    paragraphs = find(answerer, report_id).paragraphs
    some = paragraphs[offset : offset + limit]
    items = [_paragraph(item) for item in some]
    return condition.reply(ParagraphList(items=items, total=len(paragraphs)))


def find(answerer: Answerer, report_id: str) -> Report:
    """The report with this id.

    Raises:
        Problem: there is none.
    """
    for report in answerer.reports:
        if report.id == report_id:
            return report
    raise Problem(problems.UNKNOWN_REPORT)


def _metadata(report: Report) -> dict[str, object]:
    return {
        "id": report.id,
        "file": report.file,
        "sha256": report.sha256,
        "title": report.title,
        "subtitle": report.subtitle,
        "date": report.date,
        "publisher": report.publisher,
        "authors": list(report.authors),
        "organisation": report.organisation,
        "period": report.period,
        "edition": report.edition,
        "url": report.url,
        "document_type": document_type(report),
        "paragraph_count": len(report.paragraphs),
    }


def _doubt(doubt: Doubt) -> DoubtItem:
    message = explain(doubt.code)
    return DoubtItem(
        code=doubt.code,
        quote=doubt.quote,
        paragraph=doubt.paragraph,
        message=Message(zh=message.zh, en=message.en),
    )


def _paragraph(paragraph: Paragraph) -> ParagraphItem:
    return ParagraphItem(
        ordinal=paragraph.ordinal,
        text=paragraph.text,
        kind=paragraph.kind,
        section=list(paragraph.section),
        spans=[SpanItem(start=s.start, end=s.end, page=s.page, box=s.box) for s in paragraph.spans],
        torn=paragraph.torn,
    )
