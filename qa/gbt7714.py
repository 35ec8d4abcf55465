"""GB/T 7714, Information and documentation: rules for bibliographic references, both editions.

GB/T 7714-2025 is in force since 2026-07-01. In its Chinese entries the full stop and square
brackets are half width and all other signs full width; the day of access is given for resources
that are on the web only. GB/T 7714-2015 has half-width signs with spaces, and the day of access for
everything on line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus import DocumentType

from .references import Reference

_CODES: dict[DocumentType, str] = {"report": "R", "newspaper": "N", "webpage": "EB"}
_MOST_AUTHORS = 3
"""More are shortened to the first three and 等 (8.1.2)."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """The signs between the elements of an entry."""

    comma: str
    colon: str
    opening: str
    closing: str


_WIDE = _Signs("，", "：", "（", "）")
_NARROW = _Signs(", ", ": ", "(", ")")


def gbt7714_2025(reference: Reference) -> str:
    """An entry of GB/T 7714-2025, without its number."""
    signs = _WIDE if reference.chinese else _NARROW
    parts = [*_head(reference, signs), _issue(reference, signs), reference.url]
    return _joined(parts)


def gbt7714_2015(reference: Reference, accessed: date) -> str:
    """An entry of GB/T 7714-2015, without its number; on line it gives the day of access."""
    signs = _NARROW
    on_line = replace(reference, accessed=accessed if reference.url else None)
    if reference.type == "newspaper" or not reference.url:
        issue = _issue(on_line, signs)
    else:
        before = "" if reference.type == "webpage" else reference.publisher or ""
        day = f"({reference.issued})" if reference.issued else ""
        page = f": {reference.page}" if reference.page and reference.type == "report" else ""
        issue = f"{before}{day}[{accessed.isoformat()}]{page}"
    return _joined([*_head(reference, signs), issue, reference.url])


def _head(reference: Reference, signs: _Signs) -> list[str]:
    """Responsibility and title with its code: [R], or [R/OL] on line."""
    code = _CODES[reference.type]
    on_line = "/OL" if reference.url or reference.type == "webpage" else ""
    title = reference.title if signs is _WIDE else reference.title.replace("：", signs.colon)
    return [_authors(reference, signs), f"{title}[{code}{on_line}]"]


def _authors(reference: Reference, signs: _Signs) -> str:
    return signs.comma.join(_shortened(reference.authors, "等" if reference.chinese else "et al"))


def _shortened(authors: Sequence[str], rest: str) -> Sequence[str]:
    return authors if len(authors) <= _MOST_AUTHORS else [*authors[:_MOST_AUTHORS], rest]


def _issue(reference: Reference, signs: _Signs) -> str:
    """Where and when it was issued, and where in it the quotation stands."""
    accessed = f"[{reference.accessed.isoformat()}]" if reference.accessed else ""
    if reference.type == "webpage":
        day = f"{signs.opening}{reference.issued}{signs.closing}" if reference.issued else ""
        return f"{day}{accessed}"
    stated = [reference.container or reference.publisher, reference.issued]
    issue = signs.comma.join(part for part in stated if part)
    if reference.edition:
        issue += f"{signs.opening}{reference.edition}{signs.closing}"
    if reference.page and reference.type == "report":
        issue += f"{signs.colon if issue else ''}{reference.page}"
    return f"{issue}{accessed}"


def _joined(parts: Sequence[str | None]) -> str:
    """The elements with a full stop after each; one that ends with a sign gets no second."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
