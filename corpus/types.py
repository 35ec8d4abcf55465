"""The records of a report that has been read: what every later stage works on.

Offsets are Python string offsets (code points) into ``Report.source``, the text extracted from the
file. They start with the extraction, so any quote can be shown where it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal[
    "body",
    "list",
    "table",
    "note",
    "caption",
    "byline",
    "source",
    "salutation",
    "contents",
    "furniture",
]
"""What a paragraph is: a row of a ``table``, a foot- or end``note``, a line of the ``contents``
(目录), page ``furniture`` (running heads, page numbers). Only ``SEARCHED_KINDS`` are searched; the
rest is shown.
"""

SEARCHED_KINDS: frozenset[Kind] = frozenset({"body", "list", "table", "note"})


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range ``[start, end)`` of ``Report.source``.

    Where the format has pages, ``page`` counts them from 1 and ``box`` is the line's place on it:
    left, top, right, bottom in points (1/72 inch) from the upper left corner of the page as shown.
    """

    start: int
    end: int
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


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


Field = Literal[
    "title",
    "subtitle",
    "date",
    "publisher",
    "authors",
    "organisation",
    "period",
    "edition",
    "url",
    "document_type",
]
"""Metadata of a report, by the names of its fields in ``Report``."""


DocumentType = Literal["report", "newspaper", "webpage"]
"""What a reference calls a document; see ``document_types.document_type``."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field of the metadata was read.

    ``place`` is ``text`` (``quote`` stands in the report's own text), ``file`` (a statement in the
    file beside the text: a web page's ``<meta>``, front matter), ``name`` (the file's name) or
    ``correction`` (a user said so). ``quote`` is the line, the statement or the name itself.
    """

    field: Field
    place: Literal["text", "file", "name", "correction"]
    quote: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that could be meant otherwise, or was lost, so that a user can look for himself.

    ``code`` is stable, for programs; ``quote`` the words in question; ``paragraph`` the ordinal
    of the paragraph it is about, or of the one that follows, if it is about a place.
    """

    code: str
    quote: str
    paragraph: int | None = None


class ReportText(Protocol):
    """What a report says, wherever it is: in memory, or in a file until it is asked for."""

    @property
    def source(self) -> str:
        """The text extracted from the file."""

    @property
    def sections(self) -> Sequence[Section]:
        """Its headings, in order."""

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        """Its paragraphs, in order."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a report says, in memory."""

    source: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One report file, read.

    ``id`` comes from the file's place in its folder and survives edits; ``sha256`` is of the
    file's bytes and does not. Metadata that the report does not state is None or empty.
    ``date`` is ISO 8601, as precise as the report is: ``2025-01-18``, ``2025-01`` or ``2025``.
    ``file`` is the path relative to the folder that was read, with forward slashes.
    ``organisation`` is the region or body the report is about. ``period`` is the time that it
    looks back on in ISO 8601: a year, a month, or an interval of years or months (``2024``,
    ``2020/2024``, ``2024-01/2024-06``). ``edition`` is the page of a newspaper (版) as it numbers
    them: ``15``, ``A2``. ``url`` is where the report stands on line. ``document_type`` is None
    unless a user has said it. ``origins`` say where each field was read.

    Nothing is thrown away: every character of ``source`` that is not white space stands in the
    title, the subtitle, a heading or a paragraph, and in one of them only (a run-in heading is
    part of its paragraph, and every row of a table repeats its head). A title without spans comes
    from the file beside its text or from its name; one that a user corrected keeps the spans of
    the words that it replaces.
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
    text: ReportText
    title_spans: tuple[Span, ...] = ()
    subtitle_spans: tuple[Span, ...] = ()
    period: str | None = None
    origins: tuple[Origin, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    edition: str | None = None
    url: str | None = None
    document_type: DocumentType | None = None

    @property
    def source(self) -> str:
        """The text extracted from the file."""
        return self.text.source

    @property
    def sections(self) -> Sequence[Section]:
        """The headings, in order."""
        return self.text.sections

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        """The paragraphs, in order."""
        return self.text.paragraphs

    @property
    def full_title(self) -> str:
        """The title with the subtitle, as a reference gives it: ``title：subtitle``."""
        subtitle = (self.subtitle or "").lstrip("—-─– ")
        return f"{self.title}：{subtitle}" if subtitle else self.title


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is quoted, without the marks around it, and where.

    ``line`` counts the lines of a Markdown file from 1, ``paragraph`` the paragraphs and rows of
    tables of a Word file; the other is None. ``block`` is whether it is set apart.
    """

    text: str
    line: int | None
    paragraph: int | None
    block: bool
