"""What every reader returns: the text of a file, and the blocks it is made of.

Readers know file formats and nothing of reports; the structure is read from blocks and knows
nothing of file formats. A new format is one more function from bytes to `Extraction`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .page import Box
from .tables import parts_of, read_table
from .types import Doubt, Field, Kind, Span


@dataclass(frozen=True, slots=True)
class Style:
    """What the format says about a block beside its text.

    ``level`` is a heading style or outline level, from 1; ``title`` and ``subtitle`` are styles of
    that name. ``bold`` counts the characters at the start that are bold. ``size`` is in points.
    ``figure`` is whether a picture stands directly before or in the block. ``quoted`` is a style
    of block quotations. ``kind`` is what the
    format says for certain: a table's row, a note, a caption, page furniture; None elsewhere.
    """

    level: int | None = None
    title: bool = False
    subtitle: bool = False
    bold: int = 0
    centred: bool = False
    indented: bool = False
    size: float | None = None
    figure: bool = False
    listed: bool = False
    quoted: bool = False
    kind: Kind | None = None


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Block:
    """A line or paragraph as it stands in the file, white space at both ends left out.

    ``gap`` counts the blank lines before it. White space aside, the source at ``spans`` equals
    ``text``.
    """

    text: str
    spans: tuple[Span, ...]
    gap: int = 0
    style: Style = PLAIN

    @property
    def all_bold(self) -> bool:
        """Whether the whole block is bold."""
        return self.style.bold >= len(self.text)


@dataclass(frozen=True, slots=True)
class Fact:
    """Metadata that a file states beside its text (a web page's ``<meta>``, front matter).

    ``statement`` is as it stands in the file, for the user to recognise.
    """

    field: Field
    value: str
    statement: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text of a file, and its blocks in reading order.

    Together the blocks hold every character of ``source`` that is not white space.
    ``sees_pictures`` is whether the format tells where pictures stand (plain text does not, so
    there a short line may be the caption of a picture that is gone). ``facts`` are in order of
    trust; ``doubts`` are what the reader itself is not sure of.
    """

    source: str
    blocks: tuple[Block, ...]
    sees_pictures: bool
    facts: tuple[Fact, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def join(first: Block, second: Block) -> Block:
    """One block of two that were torn apart; between two Latin words a space is put back."""
    before, after = first.text[-1:], second.text[:1]
    latin = (before + after).isascii() and before.isalpha() and after.isalpha()
    text = first.text + (" " if latin else "") + second.text
    return replace(first, text=text, spans=first.spans + second.spans)


# Zero-width spaces and joiners, soft hyphens and stray byte order marks are seen by nobody, and
# would part words from the same words elsewhere.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def clean(text: str) -> str:
    """Text without the characters that nobody sees."""
    return text.translate(_UNSEEN)


class SourceWriter:
    """Builds the source text of formats that are not plain text, block by block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(
        self, text: str, style: Style = PLAIN, *, gap: int = 0, page: int | None = None
    ) -> None:
        """Append a paragraph; each of its lines becomes a block of its own."""
        for line in clean(text).splitlines():
            self._add_line(line, style, gap, page)
            gap = 0

    def _add_line(self, line: str, style: Style, gap: int, page: int | None) -> None:
        stripped = line.strip()
        if not stripped:
            return
        if self._blocks:
            self._write("\n" * (gap + 1))
        lead = len(line) - len(line.lstrip())
        start = self._length + lead
        self._write(line.rstrip())
        style = replace(style, bold=max(0, style.bold - lead), indented=style.indented or lead > 0)
        spans = (Span(start, start + len(stripped), page),)
        self._blocks.append(Block(stripped, spans, gap, style))

    def add_lines(
        self,
        text: str,
        lines: Sequence[tuple[str, int, Box]],
        style: Style = PLAIN,
        *,
        gap: int = 0,
    ) -> None:
        """Append a block made of printed lines, each with its page and its place on it.

        ``text`` is the lines joined; white space aside, it equals them.
        """
        spans = []
        if self._blocks:
            self._write("\n" * (gap + 1))
        for number, (line, page, box) in enumerate(lines):
            self._write("\n" if number else "")
            spans.append(Span(self._length, self._length + len(line), page, box))
            self._write(line)
        self._blocks.append(Block(text, tuple(spans), gap, style))

    def add_table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        head_rows: int | None = None,
        gap: int = 0,
        page: int | None = None,
        boxes: Sequence[Box | None] = (),
    ) -> None:
        """Append a table in Markdown: a block for each row, with the table's head in front.

        A merged cell stands in ``rows`` in every place that it covers; line feeds in a cell part
        paragraphs. ``head_rows`` is how many rows the format says are the head (0: none); None
        where it does not say. Rows merged across the whole width above the head become captions.
        ``boxes`` are the places of the rows on the page, where the format tells.
        A table of one row or one column is no table but a frame: its cells are paragraphs.
        """
        cells = [[clean(cell) for cell in row] for row in rows]
        for part in parts_of(cells):
            inside = cells[part.start : part.end]
            if part.is_table:
                stated = head_rows if part.start == 0 else None
                self._add_rows(inside, stated, gap, page, boxes[part.start : part.end])
                gap = 0
                continue
            for text in _cells_once(inside):
                self.add(text, gap=gap, page=page)
                gap = 0

    def _add_rows(
        self,
        rows: Sequence[Sequence[str]],
        head_rows: int | None,
        gap: int,
        page: int | None,
        boxes: Sequence[Box | None],
    ) -> None:
        table = read_table(rows, head_rows=head_rows)
        if table is None:
            return
        for title in table.titles:
            self.add(title, Style(kind="caption"), gap=gap, page=page)
            gap = 0
        if self._blocks:
            self._write("\n" * (gap + 1))
        spans = []
        for number, line in enumerate(table.lines):
            self._write("\n" if number else "")
            spans.append(Span(self._length, self._length + len(line), page))
            self._write(line)
        # Rows without text are left out, and the head is above the others.
        filled = [box for row, box in zip(rows, boxes, strict=False) if any(map(str.split, row))]
        places = filled[2 - len(table.lines) :] if filled else [None] * (len(spans) - 2)
        head = Span(spans[0].start, spans[1].end, page, filled[0] if filled else None)
        style = Style(kind="table")
        for line, span, box in zip(table.lines[2:], spans[2:], places, strict=True):
            text = f"{table.lines[0]}\n{table.lines[1]}\n{line}"
            self._blocks.append(Block(text, (head, replace(span, box=box)), gap, style))
            gap = 0

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def extraction(
        self,
        *,
        sees_pictures: bool = True,
        facts: Iterable[Fact] = (),
        doubts: Iterable[Doubt] = (),
    ) -> Extraction:
        """What was written so far."""
        blocks = tuple(self._blocks)
        return Extraction("".join(self._parts), blocks, sees_pictures, tuple(facts), tuple(doubts))


def _cells_once(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """The texts of cells, those of merged cells only once."""
    above: Sequence[str] = ()
    for row in rows:
        for column, cell in enumerate(row):
            repeated = (column and cell == row[column - 1]) or cell in above[column : column + 1]
            if cell.strip() and not repeated:
                yield cell
        above = row


def lines(text: str) -> Iterable[tuple[int, int, int]]:
    """The lines of a plain text that are not blank: start, end, and blank lines before."""
    gap = position = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = position + len(line) - len(line.lstrip())
            yield start, start + len(stripped), gap
            gap = 0
        else:
            gap += 1
        position += len(line) + 1
