"""The wording of a report: all that it says, folded, in one text that quotations are looked up in.

Title, headings and paragraphs follow one another without anything between, so that a quotation may
run over a heading or from one paragraph to the next.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Paragraph, Report, Section, Span, row_of, sentences, source_spans

from .excerpts import excerpt
from .folding import fold
from .types import Citable

_UNQUOTED = frozenset({"contents", "furniture"})
"""Kinds of paragraphs that repeat what stands elsewhere, and would part what belongs together."""

_NUMERALS = frozenset("0123456789.,")
_CHINESE_NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A title, a heading or a paragraph: ``text`` from ``begin`` stands in the wording."""

    text: str
    begin: int
    paragraph: Paragraph | None = None
    section: Section | None = None


class Wording:
    """One report's wording.

    Attributes:
        report: whose wording it is.
        text: the folded text.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self._units = list(_units(report))
        folded = [fold(unit.text[unit.begin :]) for unit in self._units]
        self.text = "".join(one.text for one in folded)
        lengths = [len(one.text) for one in folded]
        self._starts: list[int] = [0, *np.cumsum(lengths, dtype=np.int64).tolist()]
        self._places: NDArray[np.int32] = np.concatenate(
            [one.places + unit.begin for one, unit in zip(folded, self._units, strict=True)]
            or [np.zeros(0, dtype=np.int32)]
        )
        self._of_paragraph = {
            unit.paragraph.ordinal: number
            for number, unit in enumerate(self._units)
            if unit.paragraph
        }

    def occurrences(self, folded: str, start: int = 0) -> Iterator[tuple[int, int]]:
        """The ranges of ``text`` that equal a folded text and cut no number in two.

        5万人 is not said where the report says 15万人.
        """
        found = self.text.find(folded, start)
        while found >= 0 and folded:
            end = found + len(folded)
            if not (self._cuts_number(found) or self._cuts_number(end)):
                yield found, end
            found = self.text.find(folded, found + 1)

    def around(self, paragraph: Paragraph, margin: int) -> tuple[int, int]:
        """The range of ``text`` that holds a paragraph and so many characters on either side."""
        number = self._of_paragraph.get(paragraph.ordinal)
        if number is None:
            return 0, 0
        start, end = self._starts[number], self._starts[number + 1]
        return max(0, start - margin), min(len(self.text), end + margin)

    def whole_numbers(self, start: int, end: int) -> tuple[int, int]:
        """The range grown to the ends of numbers that it cuts in two."""
        while start > 0 and self._cuts_number(start):
            start -= 1
        while end < len(self.text) and self._cuts_number(end):
            end += 1
        return start, end

    def words(self, start: int, end: int) -> str:
        """What the report says at a range of ``text``, as it stands there."""
        parts = []
        while start < end:
            number = bisect_right(self._starts, start) - 1
            stop = min(end, self._starts[number + 1])
            first, last = self._places[start], self._places[stop - 1]
            parts.append(self._units[number].text[first : last + 1])
            start = stop
        return "".join(parts)

    def citable(self, start: int, end: int, *, rank: int, score: float) -> Citable:
        """The passage in which a range of ``text`` begins, with the range highlighted."""
        number = bisect_right(self._starts, start) - 1
        unit = self._units[number]
        stop = min(end, self._starts[number + 1])
        place = int(self._places[start]), int(self._places[stop - 1]) + 1
        if unit.paragraph is None:
            return self._title_or_heading(unit, place, rank, score)
        shown = _shown(unit.text, unit.begin, place)
        begin = max(shown[0], unit.begin)
        return Citable(
            rank=rank,
            score=score,
            text=unit.text[slice(*shown)],
            kind=unit.paragraph.kind,
            range=shown,
            highlights=((place[0] - shown[0], place[1] - shown[0]),),
            report=self.report,
            section=unit.paragraph.section,
            paragraph=unit.paragraph.ordinal,
            source=source_spans(self.report.source, unit.paragraph, begin, shown[1]),
        )

    def _title_or_heading(
        self, unit: _Unit, place: tuple[int, int], rank: int, score: float
    ) -> Citable:
        section = unit.section
        spans: Sequence[Span] = section.spans if section else self.report.title_spans
        following = section.first_paragraph if section else 1
        return Citable(
            rank=rank,
            score=score,
            text=unit.text,
            kind="heading" if section else "title",
            range=(0, len(unit.text)),
            highlights=(place,),
            report=self.report,
            section=section.path if section else (),
            paragraph=min(following, len(self.report.paragraphs)),
            source=tuple(spans),
        )

    def _cuts_number(self, place: int) -> bool:
        """Whether a number stands on both sides of a place."""
        if not 0 < place < len(self.text):
            return False
        before, after = self.text[place - 1], self.text[place]
        if before in _CHINESE_NUMERALS and after in _CHINESE_NUMERALS:
            return True
        digits = before.isdigit() or after.isdigit()
        if not (digits and before in _NUMERALS and after in _NUMERALS):
            return False
        # A full stop or comma is part of a number only between digits.
        mark = place if after in ".," else place - 1
        around = self.text[mark - 1 : mark] + self.text[mark + 1 : mark + 2]
        return self.text[mark] not in ".," or (len(around) == 2 and around.isdigit())


def _units(report: Report) -> Iterator[_Unit]:
    if report.title_spans:
        yield _Unit(report.title, 0)
    if report.subtitle and report.subtitle_spans:
        yield _Unit(report.subtitle, 0)
    headings: dict[int, list[Section]] = {}
    for section in report.sections:
        headings.setdefault(section.first_paragraph, []).append(section)
    for paragraph in report.paragraphs:
        for section in headings.pop(paragraph.ordinal, ()):
            if not _runs_in(section, paragraph):
                yield _Unit(section.heading, 0, section=section)
        if paragraph.kind not in _UNQUOTED:
            begin = row_of(paragraph.text)[1] if paragraph.kind == "table" else 0
            yield _Unit(paragraph.text, begin, paragraph=paragraph)
    for last in headings.values():
        yield from (_Unit(section.heading, 0, section=section) for section in last)


def _runs_in(section: Section, paragraph: Paragraph) -> bool:
    """Whether a heading is the beginning of its paragraph."""
    if not (section.spans and paragraph.spans):
        return False
    return paragraph.spans[0].start <= section.spans[0].start < paragraph.spans[-1].end


def _shown(text: str, begin: int, place: tuple[int, int]) -> tuple[int, int]:
    """Whole sentences around a place; of a table the whole row with its head."""
    if begin:
        return 0, len(text)
    cut = sentences(text)
    start = max((a for a, _ in cut if a <= place[0]), default=0)
    end = min((b for _, b in cut if b >= place[1]), default=len(text))
    return excerpt(text, (start, end))
