"""Title, date, publisher, authors, organisation and period: as stated, and where they were read.

What the report's own text says counts most, then what the file says beside its text, then the
file's name. What nobody states is None: nothing is invented.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import PurePath
from typing import Literal, get_args

from .addresses import is_url
from .authors import read_authors
from .dates import DATE, is_date_line, iso_date, stated_dates
from .kinds import ends_sentence
from .labels import Role, edition_in, fields_in, publisher_in
from .names import names_in
from .organisations import is_body, read_organisation, signed_by
from .period import is_period, read_period
from .source import Fact
from .types import SEARCHED_KINDS, DocumentType, Field, Origin, Paragraph, Section

_LONG = 30
"""Characters of a paragraph that is text for certain; after the last one the report is signed."""

_LONGEST_LINE = 120
"""Characters of a line that may state something; the rest of a paragraph is not looked at."""

_IN_TITLE = re.compile(rf"[（(]\s*(?P<date>{DATE})[^（()）]{{0,10}}[）)]$")

_Stated = tuple[str, str]
"""A value, and the line where it stands."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is stated about a report; ``origins`` has one entry for every field that is."""

    title: str | None = None
    subtitle: str | None = None
    date: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    organisation: str | None = None
    period: str | None = None
    edition: str | None = None
    url: str | None = None
    document_type: DocumentType | None = None
    origins: tuple[Origin, ...] = ()

    def or_else(self, other: "Metadata") -> "Metadata":
        """This, with the fields that it lacks from another of less trust."""
        lacking = [field for field in get_args(Field) if not getattr(self, field)]
        taken = tuple(origin for origin in other.origins if origin.field in lacking)
        values = {field: getattr(other, field) for field in lacking}
        return replace(self, **values, origins=self.origins + taken)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines around the text of a report.

    ``front`` stands between title and text, ``end`` after it; ``opening`` and ``closing`` are the
    first and the last paragraph of text. ``signature`` is the body that signs, ``signed`` the line
    with the date under it.
    """

    front: tuple[str, ...]
    opening: str
    closing: str
    end: tuple[str, ...]
    signature: str | None
    signed: str | None


def read_metadata(
    title: str | None,
    subtitle: str | None,
    sections: Sequence[Section],
    paragraphs: Sequence[Paragraph],
    source: str,
) -> Metadata:
    """What the report's own text states."""
    lines = _lines(sections, paragraphs)
    titles = _short(stated for stated in (title, subtitle) if stated)
    headings = _short(section.heading for section in sections if section.level == 1)
    date = _date(titles, lines)
    found: dict[Field, tuple[str | tuple[str, ...], str] | None] = {
        "title": (title, title) if title else None,
        "subtitle": (subtitle, subtitle) if subtitle else None,
        "date": date,
        "publisher": _publisher(lines),
        "authors": read_authors(lines.front, lines.opening, lines.closing, lines.end),
        "organisation": read_organisation(titles, lines.front, lines.signature, source),
        "period": read_period(titles, headings, date[0] if date else None, source),
        "edition": _edition(lines),
    }
    metadata = Metadata()
    for field, stated in found.items():
        if stated:
            metadata = metadata.or_else(_one(field, stated[0], "text", stated[1]))
    return metadata


def metadata_of_facts(facts: Sequence[Fact]) -> Metadata:
    """What the file states beside its text; of several statements the first that can be used."""
    metadata = Metadata()
    for fact in facts:
        if value := _value(fact):
            metadata = metadata.or_else(_one(fact.field, value, "file", fact.statement))
    return metadata


def metadata_of_name(file: str) -> Metadata:
    """What a file's name states: a title, and the year of a date of year, month and day.

    The day in a name is as often that of saving the file, and a year alone that of the work.
    """
    name = PurePath(file)
    metadata = _one("title", name.stem, "name", name.name)
    days = [date for date in stated_dates(name.stem) if len(date) == len("2025-01-18")]
    return metadata.or_else(_one("date", days[0][:4], "name", name.name)) if days else metadata


def _one(
    field: Field, value: str | tuple[str, ...], place: Literal["text", "file", "name"], quote: str
) -> Metadata:
    origins = (Origin(field, place, quote),)
    return Metadata(**{field: value}, origins=origins)  # type: ignore[arg-type]


def _value(fact: Fact) -> str | tuple[str, ...] | None:
    """The value of a fact in the form of its field; None if it has none."""
    value = " ".join(fact.value.split())
    match fact.field:
        case "date":
            return next(stated_dates(value), None)
        case "period":
            return value if is_period(value) else None
        case "url":
            return value if is_url(value) else None
        case "authors":
            return names_in(value) or ((value,) if is_body(value) else ())
        case _:
            return value


def _lines(sections: Sequence[Section], paragraphs: Sequence[Paragraph]) -> _Lines:
    text = [position for position, item in enumerate(paragraphs) if _is_text(item)]
    first, last = (text[0], text[-1]) if text else (len(paragraphs), len(paragraphs) - 1)
    if sections:
        first = min(first, sections[0].first_paragraph - 1)
    end = _short(p.text for p in paragraphs[last + 1 :])
    signature, signed = _signature([p.text for p in paragraphs[first:last]], end)
    return _Lines(
        front=_short(p.text for p in paragraphs[:first] if p.kind in {"byline", "source"}),
        opening=paragraphs[text[0]].text[:_LONGEST_LINE] if text else "",
        closing=paragraphs[last].text[-_LONGEST_LINE:] if text else "",
        end=end,
        signature=signature,
        signed=signed,
    )


def _short(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if len(line) <= _LONGEST_LINE)


def _is_text(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return paragraph.kind in SEARCHED_KINDS and (len(text) >= _LONG or ends_sentence(text))


def _signature(within: Sequence[str], end: Sequence[str]) -> tuple[str | None, str | None]:
    """The body that signs a report, and the line with the date.

    They stand together after the text, or within it, before what is attached to the report. After
    the text either may stand alone.
    """
    for lines in (end, within):
        for before, line in pairwise(["", *lines]):
            if body := signed_by(line):
                return body, line
            if is_date_line(line) and is_body(before):
                return before, line
    body = next((line for line in end if is_body(line)), None)
    return body, next((line for line in end if is_date_line(line)), None)


def _date(titles: Sequence[str], lines: _Lines) -> _Stated | None:
    """When the report was given or written; when it was published, if nothing else is stated."""
    own = [line for line in lines.front if not fields_in(line) and publisher_in(line) is None]
    signed = [lines.signed] if lines.signed else []
    in_title = [match["date"] for title in titles if (match := _IN_TITLE.search(title))]
    around = (*lines.front, *lines.end)
    found = chain(
        ((iso_date(line), line) for line in (*own, *signed, *in_title)),
        _labelled_dates(around, "written"),
        _labelled_dates(around, "date"),
        ((iso_date(line), line) for line in around if publisher_in(line)),
    )
    return next(((date, line) for date, line in found if date), None)


def _labelled_dates(lines: Sequence[str], role: Role) -> Iterator[tuple[str | None, str]]:
    for line in lines:
        for field in fields_in(line):
            if field.role == role:
                yield next(stated_dates(field.value), None), line


def _publisher(lines: _Lines) -> _Stated | None:
    stated = ((publisher_in(line), line) for line in (*lines.front, *lines.end))
    return next(((name, line) for name, line in stated if name), None)


def _edition(lines: _Lines) -> _Stated | None:
    stated = ((edition_in(line), line) for line in (*lines.front, *lines.end))
    return next(((edition, line) for edition, line in stated if edition), None)
