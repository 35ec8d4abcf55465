"""The reports of a segment on disk: metadata are read when it is opened, texts when asked for.

    reports.jsonl   a line for each report: its metadata as read, the title that it was indexed
                    with, how many paragraphs it has, and a checksum of all that was read
    texts.jsonl     for each report a line of its source, one of its sections, one of each paragraph
    lines.npy       int64 (lines + 1,): where each line of ``texts.jsonl`` begins

A million paragraphs as Python objects would take gigabytes, of which a question needs a dozen.
"""

import hashlib
import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, overload

import numpy as np

from corpus import (
    Paragraph,
    Report,
    Section,
    Text,
    json_line,
    metadata_of,
    paragraph_of,
    report_with,
    reports_json,
    section_of,
)

from .files import mapped

REPORTS = "reports.jsonl"
TEXTS = "texts.jsonl"
LINES = "lines.npy"

_SOURCES = 32
"""Sources that are kept once they were asked for, 100 kB each: several passages are of one."""
_PARAGRAPHS = 2048
"""Paragraphs that are kept, 2 kB each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report of a segment.

    Attributes:
        report: as it was read.
        title: its full title as it was corrected when it was indexed: it stands in what is
            embedded.
        digest: SHA-256 of the report as it was read, in hexadecimal.
    """

    report: Report
    title: str
    digest: str


class StoredText:
    """What a report says, read from a segment whenever it is asked for."""

    __slots__ = ("_count", "_first", "_texts", "digest")

    def __init__(self, texts: "_Texts", first: int, count: int, digest: str) -> None:
        self._texts = texts
        self._first = first
        self._count = count
        self.digest = digest

    @property
    def source(self) -> str:
        """The text extracted from the file."""
        return self._texts.source(self._first)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The headings, in order."""
        return tuple(map(section_of, self._texts.value(self._first + 1)))

    @property
    def paragraphs(self) -> "StoredParagraphs":
        """The paragraphs, in order, each of them read when it is looked at."""
        return StoredParagraphs(self._texts, self._first + 2, self._count)

    def lines(self) -> list[bytes]:
        """All of it as it stands in the file."""
        return [self._texts.line(self._first + i) for i in range(2 + self._count)]

    def __eq__(self, other: object) -> bool:
        """Whether another text says the same."""
        if not isinstance(other, Text | StoredText):
            return NotImplemented
        return (
            self.source == other.source
            and self.sections == other.sections
            and self.paragraphs == other.paragraphs
        )

    __hash__ = None  # type: ignore[assignment] # it would be read whole for that


class StoredParagraphs(Sequence[Paragraph]):
    """Paragraphs of a report, read one by one from a segment."""

    __slots__ = ("_count", "_first", "_texts")

    def __init__(self, texts: "_Texts", first: int, count: int) -> None:
        self._texts = texts
        self._first = first
        self._count = count

    def __len__(self) -> int:
        """Count the paragraphs."""
        return self._count

    @overload
    def __getitem__(self, at: int) -> Paragraph: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Paragraph, ...]: ...

    def __getitem__(self, at: int | slice) -> Paragraph | tuple[Paragraph, ...]:
        """Read one paragraph, or some of them."""
        chosen = range(self._first, self._first + self._count)[at]
        if isinstance(chosen, range):
            return tuple(map(self._texts.paragraph, chosen))
        return self._texts.paragraph(chosen)

    def __eq__(self, other: object) -> bool:
        """Whether others are the same."""
        if not isinstance(other, tuple | StoredParagraphs):
            return NotImplemented
        return len(self) == len(other) and all(map(Paragraph.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment] # they would be read for that


class _Texts:
    """The lines of ``texts.jsonl``, mapped. Safe for threads."""

    def __init__(self, folder: Path) -> None:
        # Reading single items through this is several times as quick as from an array.
        self._starts = memoryview(mapped(folder / LINES).data)
        with (folder / TEXTS).open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.source = lru_cache(_SOURCES)(self._source)
        self.paragraph = lru_cache(_PARAGRAPHS)(self._paragraph)

    def line(self, number: int) -> bytes:
        """A line as it stands in the file."""
        return self._bytes[self._starts[number] : self._starts[number + 1]]

    def value(self, number: int) -> Any:  # noqa: ANN401 - whatever the line holds
        """What a line holds."""
        return json.loads(self.line(number))

    def _source(self, number: int) -> str:
        return str(self.value(number))

    def _paragraph(self, number: int) -> Paragraph:
        return paragraph_of(self.value(number))


def digest_of(report: Report) -> str:
    """SHA-256 of a report as it was read; one of a segment knows it."""
    if isinstance(report.text, StoredText):
        return report.text.digest
    return hashlib.sha256(reports_json([report])).hexdigest()


def is_as_read(report: Report) -> bool:
    """Whether a report is still what was read, though nobody has checked its segment."""
    if not isinstance(report.text, StoredText):
        return True
    try:
        return hashlib.sha256(reports_json([report])).hexdigest() == report.text.digest
    except (ValueError, KeyError, TypeError):
        return False


def write_entries(folder: Path, entries: Iterable[Entry]) -> None:
    """Write reports into a new segment; the texts of those of another are copied as they stand."""
    lengths: list[int] = []
    with (folder / REPORTS).open("wb") as reports, (folder / TEXTS).open("wb") as texts:
        for entry in entries:
            lines = _lines_of(entry.report)
            texts.writelines(lines)
            lengths += map(len, lines)
            fields = {
                "digest": entry.digest,
                "title": entry.title,
                "paragraphs": len(lines) - 2,
                "report": metadata_of(entry.report),
            }
            reports.write(json_line(fields).encode())
    starts = np.fromiter(accumulate(lengths, initial=0), np.int64, len(lengths) + 1)
    np.save(folder / LINES, starts, allow_pickle=False)


def read_entries(folder: Path) -> list[Entry]:
    """Read the metadata of a segment's reports; their texts stay where they are."""
    texts, first, entries = _Texts(folder), 0, []
    for fields in _fields_of_reports(folder):
        text = StoredText(texts, first, fields["paragraphs"], fields["digest"])
        report = report_with(fields["report"], text)
        entries.append(Entry(report, fields["title"], fields["digest"]))
        first += 2 + fields["paragraphs"]
    return entries


def sound_reports(folder: Path) -> Iterator[tuple[int, Report]]:
    """Yield those reports of a segment that are as their checksums say, read whole, and places.

    Whatever else is broken about it: each report vouches for itself.
    """
    try:
        with (folder / TEXTS).open("rb") as lines:
            for place, fields in enumerate(_fields_of_reports(folder)):
                some = [next(lines, b"") for _ in range(2 + fields["paragraphs"])]
                report = _whole(fields, some)
                if report is not None:
                    yield place, report
    except (OSError, ValueError, KeyError, TypeError):
        return  # from here on nothing can be told apart


def _whole(fields: dict[str, Any], lines: Sequence[bytes]) -> Report | None:
    """A report from its lines; None if they are not what they were."""
    try:
        source, sections, *paragraphs = map(json.loads, lines)
        text = Text(source, tuple(map(section_of, sections)), tuple(map(paragraph_of, paragraphs)))
        report = report_with(fields["report"], text)
        return report if digest_of(report) == fields["digest"] else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _fields_of_reports(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / REPORTS).open("rb") as lines:
        yield from map(json.loads, lines)


def _lines_of(report: Report) -> list[bytes]:
    if isinstance(report.text, StoredText):
        return report.text.lines()
    values = [report.source, list(report.sections), *report.paragraphs]
    return [json_line(value).encode() for value in values]
