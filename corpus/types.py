"""The records of a report that has been read: what every later stage works on.

Offsets are Python string offsets (code points) into ``Report.source``, the text extracted from the
file. They start with the extraction, so any quote can be shown where it stands.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["body", "list", "table", "caption", "byline", "source", "salutation"]
"""What a paragraph is. Only ``body``, ``list`` and ``table`` are searched; the rest is shown."""

SEARCHED_KINDS: frozenset[Kind] = frozenset({"body", "list", "table"})


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range ``[start, end)`` of ``Report.source``; pages count from 1."""

    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and where it leads.

    ``path`` runs from the root to this heading, headings as they stand in the report.
    ``level`` is 1 for the outermost. ``first_paragraph`` is the ordinal of the first paragraph
    that follows the heading (one more than there are if none does). ``spans`` locate the
    heading; a run-in heading ("（一）稳中求进。全年…") lies inside its paragraph.
    """

    heading: str
    level: int
    path: tuple[str, ...]
    first_paragraph: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as its author meant it, with column and page breaks joined.

    ``ordinal`` counts all paragraphs of the report from 1, as people do who cite one.
    White space aside, ``Report.source`` at ``spans``, in order, equals ``text``. ``torn`` is
    whether it stops in mid sentence because the file lacks the rest.
    """

    ordinal: int
    text: str
    kind: Kind
    section: tuple[str, ...]
    spans: tuple[Span, ...]
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report file, read.

    ``id`` comes from the file's place in its folder and survives edits; ``sha256`` is of the
    file's bytes and does not. Metadata that the report does not state is None or empty.
    ``date`` is ISO 8601, as precise as the report is: ``2025-01-18``, ``2025-01`` or ``2025``.
    ``file`` is the path relative to the folder that was read, with forward slashes.
    ``organisation`` is the region or body the report is about.

    Nothing is thrown away: every character of ``source`` that is not white space stands in the
    title, the subtitle, a heading or a paragraph, and in one of them only (a run-in heading is
    part of its paragraph). A title without spans comes from the file name.
    """

    id: str
    file: str
    sha256: str
    title: str
    subtitle: str | None
    date: str | None
    publisher: str | None
    authors: tuple[str, ...]
    organisation: str | None
    source: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    title_spans: tuple[Span, ...] = ()
    subtitle_spans: tuple[Span, ...] = ()

    @property
    def full_title(self) -> str:
        """The title with the subtitle, as a reference gives it: ``title：subtitle``."""
        subtitle = (self.subtitle or "").lstrip("—-─– ")
        return f"{self.title}：{subtitle}" if subtitle else self.title
