"""References to paste: GB/T 7714-2015 and Markdown.

Elements that the report does not state are left out, never filled in.
"""

from dataclasses import dataclass

from .types import Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """One passage cited: ``gbt7714`` is a single line, ``markdown`` a quotation with its source."""

    gbt7714: str
    markdown: str


def cite(passage: Passage) -> Citation:
    """Cite a passage."""
    return Citation(gbt7714=_gbt7714(passage), markdown=_markdown(passage))


def _gbt7714(passage: Passage) -> str:
    """Format as GB/T 7714-2015, 4.1 and 4.2: responsibility. title[R]. publisher, date: place.

    The standard gives pages as the place of the quotation; plain text has none, so section and
    paragraph stand there instead.
    """
    report = passage.report
    responsibility = "，".join(report.authors) or report.organisation or ""
    issued = ", ".join(part for part in (report.publisher, report.date) if part)
    place = ", ".join([*passage.section[-1:], f"第{passage.paragraph}段"])
    parts = [responsibility, f"{report.full_title}[R]", f"{issued}: {place}" if issued else place]
    return ". ".join(part for part in parts if part) + "."


def _markdown(passage: Passage) -> str:
    report = passage.report
    quotation = "\n".join(f"> {line}" for line in passage.text.splitlines())
    dated = f"（{report.date}）" if report.date else ""
    place = "，".join([*passage.section, f"第{passage.paragraph}段"])
    return f"{quotation}\n>\n> ——《{report.title}》{dated}，{place}\n"
