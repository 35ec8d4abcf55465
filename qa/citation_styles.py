"""APA, MLA and Chicago: entries for a list of references.

Own formatters and no CSL processor, see docs/decisions/0004: these three kinds of documents are
all there are. Names of Chinese authors stand as they are, family name first, without a comma. What
the styles set in italics stands between ``ITALIC`` and ``ROMAN``.
"""

from collections.abc import Sequence

from .references import Reference

ITALIC, ROMAN = "\ue000", "\ue001"
"""Marks around what is set in italics, from Unicode's private use area."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June"),
    *("July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)
"""Months as MLA shortens them."""

_MOST_IN_CHICAGO = 6
"""Authors that Chicago's list of references names; of more it names the first three."""
_MOST_IN_APA = 20


def apa(reference: Reference) -> str:
    """An entry of the Publication Manual of the American Psychological Association, 7th edition."""
    year, month, day = _parts(reference.issued)
    # A report is dated by its year, what appears daily by the day (9.14).
    whole = year if reference.type == "report" else _with(", ", year, _with(" ", month, day))
    issued = f"({whole or 'n.d.'})"
    authors = _apa_authors(reference.authors)
    title = reference.title if reference.type == "newspaper" else _italic(reference.title)
    head = [authors, issued, title] if authors else [title, issued]
    issue = reference.publisher or _with(", ", _container(reference), reference.edition)
    return _joined([*head, issue], reference.url)


def mla(reference: Reference) -> str:
    """An entry of the MLA Handbook, 9th edition."""
    title, source = _italic(reference.title), reference.publisher
    if reference.type != "report":
        title = f"“{reference.title}.”"
        source = _italic(reference.container) if reference.container else None
    page = f"p. {reference.edition}" if reference.edition else None
    issue = _with(", ", source, _mla_day(reference.issued), page, reference.url)
    day = reference.accessed
    accessed = f"Accessed {_mla_day(day.isoformat())}" if day else None
    return _joined([_mla_authors(reference.authors), title, issue, accessed])


def chicago(reference: Reference) -> str:
    """An entry of the Chicago Manual of Style, 18th edition, author and date.

    Where nobody signs, the newspaper or the owner of the site stands in the author's place. The day
    of access is given where none of publication is known.
    """
    year = _parts(reference.issued)[0] or "n.d."
    authors = _chicago_authors(reference.authors) or reference.container
    title = _italic(reference.title) if reference.type == "report" else f"“{reference.title}.”"
    head = [authors, year, title] if authors else [title, year]
    issue = reference.publisher
    if reference.type != "report":
        container = _container(reference) if reference.authors else None
        issue = _with(", ", container, _american_day(reference.issued))
    accessed = None
    if reference.accessed and not reference.issued:
        accessed = f"Accessed {_american_day(reference.accessed.isoformat())}"
    return _joined([*head, issue, accessed, reference.url])


def _with(sign: str, *parts: str | None) -> str:
    """Those parts that there are, with a sign between."""
    return sign.join(part for part in parts if part)


def _parts(iso: str | None) -> tuple[str, str, str]:
    """Year, English name of the month, and day of an ISO 8601 date; empty where it has none."""
    year, month, day = [*(iso or "").split("-"), "", ""][:3]
    return year, _MONTHS[int(month) - 1] if month else "", str(int(day)) if day else ""


def _mla_day(iso: str | None) -> str:
    year, month, day = _parts(iso)
    return _with(" ", day, _SHORT[_MONTHS.index(month)] if month else None, year)


def _american_day(iso: str | None) -> str | None:
    """The day as ``February 3, 2024``; of a year alone nothing, for it stands after the author."""
    year, month, day = _parts(iso)
    if not month:
        return None
    return f"{month} {day}, {year}" if day else f"{month} {year}"


def _apa_authors(authors: Sequence[str]) -> str:
    if len(authors) > _MOST_IN_APA:
        return f"{', '.join(authors[: _MOST_IN_APA - 1])}, . . . {authors[-1]}"
    return _with(", & ", ", ".join(authors[:-1]), *authors[-1:])


def _mla_authors(authors: Sequence[str]) -> str:
    return f"{authors[0]}, et al" if len(authors) > 2 else ", and ".join(authors)


def _chicago_authors(authors: Sequence[str]) -> str:
    if len(authors) > _MOST_IN_CHICAGO:
        return f"{', '.join(authors[:3])}, et al"
    return _with(", and ", ", ".join(authors[:-1]), *authors[-1:])


def _container(reference: Reference) -> str | None:
    """The newspaper, which is set in italics, or the site, which is not."""
    newspaper = reference.container and reference.type == "newspaper"
    return _italic(str(reference.container)) if newspaper else reference.container


def _joined(parts: Sequence[str | None], address: str | None = None) -> str:
    """The elements, each with a full stop that its own last sign may be, and an address."""
    ended = [part if part.endswith((".”", ".")) else f"{part}." for part in parts if part]
    return " ".join([*ended, *([address] if address else [])])


def _italic(text: str) -> str:
    return f"{ITALIC}{text}{ROMAN}"
