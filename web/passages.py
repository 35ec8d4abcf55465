"""What is said of every passage, whatever it was found for: its place, locator and citation."""

from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import quote

from corpus import Report, row_of
from qa import Citable, cite

from .ask_models import (
    CitationTexts,
    ReportReference,
    SourceRange,
    SpecificResource,
    TextPositionSelector,
    TextQuoteSelector,
)

CONTEXT = 32
"""Characters of prefix and suffix: enough to tell apart the stock phrases of work reports."""


def cited_fields(passage: Citable) -> dict[str, Any]:
    """The fields of a ``CitedItem``."""
    report, citation = passage.report, cite(passage)
    return {
        "rank": passage.rank,
        "score": round(passage.score, 4),
        "text": passage.text,
        "kind": passage.kind,
        "highlights": list(passage.highlights),
        "report": report_reference(report),
        "section": list(passage.section),
        "paragraph": passage.paragraph,
        "source": _range(passage),
        "locator": _locator(passage),
        "target": _target(report),
        "citation": CitationTexts(
            gbt7714=citation.gbt7714,
            markdown=citation.markdown,
            missing=list(citation.missing),
        ),
        "url": report_url(report, passage.paragraph, _words(passage)),
    }


def report_reference(report: Report) -> ReportReference:
    """What a report is called."""
    return ReportReference(
        id=report.id,
        title=report.title,
        date=report.date,
        publisher=report.publisher,
        file=report.file,
    )


def report_url(report: Report, paragraph: int, words: str = "") -> str:
    """The page of a report, at some words of a paragraph.

    The number finds the paragraph; by the words it is found again after the report has changed.
    """
    query = f"?quote={quote(words, safe='')}" if words else ""
    return f"/reports/{quote(report.id, safe='')}{query}#p{paragraph}"


def _words(passage: Citable) -> str:
    """The words that answer or match, or else the whole passage; none of a title or heading.

    A report's page looks for them in its paragraphs.
    """
    if passage.kind in {"title", "heading"}:
        return ""
    start, end = next(iter(passage.highlights), (0, len(passage.text)))
    return passage.text[start:end]


def _range(passage: Citable) -> SourceRange:
    first, last = passage.source[0], passage.source[-1]
    return SourceRange(start=first.start, end=last.end, page=first.page)


def _target(report: Report) -> SpecificResource:
    digest = urlsafe_b64encode(bytes.fromhex(report.sha256)).decode().rstrip("=")
    return SpecificResource(source=f"ni:///sha-256;{digest}")


def _locator(passage: Citable) -> list[TextQuoteSelector | TextPositionSelector]:
    """Selectors of the W3C Web Annotation model, https://www.w3.org/TR/annotation-model/#selectors.

    A passage whose paragraph is broken by a column or a page has several spans; its position runs
    from the start of the first to the end of the last. Of a table the row is found: other rows
    may stand between it and its head.
    """
    source, place = passage.report.source, _range(passage)
    row = row_of(passage.text)[1] if passage.kind == "table" else 0
    return [
        TextQuoteSelector(
            exact=passage.text[row:],
            prefix=source[max(0, place.start - CONTEXT) : place.start],
            suffix=source[place.end : place.end + CONTEXT],
        ),
        TextPositionSelector(start=place.start, end=place.end),
    ]
