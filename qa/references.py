"""What a reference says of a report: the elements that every style and format arranges.

Nothing is made up. What the report does not state is left out of the text and named in
``Reference.missing``, so that a user can fill it in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus import DocumentType, Field, Report, Span, document_type, is_institution

from .types import Citable

_HAN = re.compile(r"[\u3400-\u9fff]")

_WANTED: dict[DocumentType, tuple[Field, ...]] = {
    "report": ("authors", "date"),
    "newspaper": ("authors", "publisher", "date", "edition"),
    "webpage": ("authors", "date", "url"),
}
"""The elements that GB/T 7714 asks for, beside the title, by the names of ``Report``'s fields."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The elements of a reference to one place in a report.

    ``key`` is the report's id. ``title`` has the subtitle with it. ``authors`` are people, or the
    body that wrote the report. ``issued`` is ISO 8601, as precise as the report is;
    ``accessed`` is the day of citing, and set for web pages only. ``container`` is the newspaper or
    the site, ``publisher`` who issued a report. ``page`` is that of the file, from 1, where it has
    pages; ``place`` says where the quotation stands, in words. ``chinese`` decides the punctuation.
    ``missing`` names the elements that the report does not state.
    """

    key: str
    type: DocumentType
    title: str
    authors: tuple[str, ...]
    issued: str | None
    publisher: str | None
    container: str | None
    edition: str | None
    url: str | None
    accessed: date | None
    page: int | None
    place: str
    chinese: bool
    missing: tuple[Field, ...]


def reference(
    report: Report,
    *,
    section: Sequence[str],
    paragraph: int,
    spans: Sequence[Span],
    accessed: date,
) -> Reference:
    """The reference to a place in a report.

    Args:
        report: that is cited.
        section: headings from the report's root to the place.
        paragraph: its ordinal.
        spans: where it stands in the source.
        accessed: the day of citing.
    """
    kind = document_type(report)
    institution = report.organisation if is_institution(report.organisation or "") else None
    # An article or a page is about a body; a report without other authors is by it.
    by_body = institution if kind == "report" and not report.authors else None
    authors = (by_body,) if by_body else report.authors
    publisher = None if report.publisher in authors else report.publisher
    page = spans[0].page if spans else None
    return Reference(
        key=report.id,
        type=kind,
        title=report.full_title,
        authors=authors,
        issued=report.date,
        publisher=publisher if kind == "report" else None,
        container=publisher if kind != "report" else None,
        edition=report.edition if kind == "newspaper" else None,
        url=report.url,
        accessed=accessed if kind == "webpage" else None,
        page=page,
        place=_place(section, paragraph, page),
        chinese=bool(_HAN.search(report.full_title)),
        missing=_missing(report, kind, authors),
    )


def reference_of(passage: Citable, *, accessed: date) -> Reference:
    """The reference to a passage."""
    return reference(
        passage.report,
        section=passage.section,
        paragraph=passage.paragraph,
        spans=passage.source,
        accessed=accessed,
    )


def _place(section: Sequence[str], paragraph: int, page: int | None) -> str:
    paged = [] if page is None else [f"第{page}页"]
    return "，".join([*paged, *section, f"第{paragraph}段"])


def _missing(report: Report, kind: DocumentType, authors: Sequence[str]) -> tuple[Field, ...]:
    stated = {
        "authors": bool(authors),
        "date": report.date is not None,
        "publisher": report.publisher is not None,
        "edition": report.edition is not None,
        "url": report.url is not None,
    }
    wanted: list[Field] = [field for field in _WANTED[kind] if not stated[field]]
    # A report on paper is found by who issued it; one on line by its address.
    found = report.url or report.publisher or any(map(is_institution, authors))
    if kind == "report" and not found:
        wanted.append("publisher")
    by_name = any(origin.field == "title" and origin.place == "name" for origin in report.origins)
    return ("title", *wanted) if by_name else tuple(wanted)
