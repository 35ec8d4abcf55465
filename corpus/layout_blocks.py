"""Blocks from the columns of pages, in reading order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .layout_columns import Picture
from .layout_paragraphs import Row, Set, Setting, gap_above, style_of
from .layout_rows import run_on, without_hyphens
from .layout_tables import Table
from .page import Box, Line, Page
from .source import Extraction, SourceWriter, Style
from .tables import cells_of, read_table
from .types import Doubt, Kind

_OFF = 5.0
"""Points that the edges of a table differ by from page to page."""

Item = Row | Table | Picture
"""What a column is made of, from top to bottom."""


@dataclass(frozen=True, slots=True)
class _Tabled:
    """A table on its page."""

    table: Table
    page: Page


@dataclass(frozen=True, slots=True)
class _Aside:
    """Lines of a page that are no part of its flow."""

    lines: Sequence[Line]
    page: Page
    kind: Kind


class Composer:
    """Puts paragraphs together, column after column, and writes them in the end.

    A paragraph that a column, a page, a picture or a table tears stays open for its rest.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._blocks: list[Set | _Tabled | _Aside] = []
        self._last: Set | None = None
        self._open: Set | None = None
        self._broken = False
        self._picture: Box | None = None

    def add_column(self, column: Sequence[Item], page: Page) -> None:
        """Go on with the next column."""
        for number, item in enumerate(column):
            if isinstance(item, Row):
                self._add_row(item if number else self._under_picture(item))
            elif isinstance(item, Table):
                self._add_table(item, page)
            else:
                self._broken = True
        self._picture = column[-1].box if column and isinstance(column[-1], Picture) else None

    def _under_picture(self, row: Row) -> Row:
        """The first line of a column; the words of a picture that closed the column before."""
        parted = self._picture is not None and self._setting.is_smaller(row)
        return replace(row, picture=self._picture) if parted else row

    def add_asides(self, page: Page, asides: Iterable[Sequence[Line]], kind: Kind) -> None:
        """Add what is no part of the flow of a page: a block for each group of lines."""
        self._blocks += [_Aside(lines, page, kind) for lines in asides]

    def extraction(self, doubts: Iterable[Doubt]) -> Extraction:
        """All that was added."""
        writer = SourceWriter()
        for block in self._blocks:
            if isinstance(block, _Tabled):
                self._write_table(writer, block)
            elif isinstance(block, _Aside):
                _write_aside(writer, block)
            else:
                places = [(row.page, row.line.box) for row in block.rows]
                style = style_of(block, self._setting)
                texts = [row.text for row in block.rows]
                _write(writer, texts, places, style, gap_above(block.rows[0]))
        return writer.extraction(doubts=doubts)

    def _add_row(self, row: Row) -> None:
        """Add a line to the paragraph above, or to the one that was torn, or begin one with it."""
        last, torn = self._last, self._open
        if last is not None and self._setting.goes_on(last, row):
            last.add(row)
            return
        breaks = row.above is None or (last is not None and last.caption)
        if breaks and torn and self._setting.resumes(torn, row, beyond=self._broken):
            torn.add(row)
            self._last, self._broken = torn, False
            return
        self._last = Set([row], caption=self._setting.is_caption(row))
        self._blocks.append(self._last)
        self._broken = self._last.caption
        if not self._last.caption:
            self._open = self._last

    def _add_table(self, table: Table, page: Page) -> None:
        flow = (block for block in reversed(self._blocks) if not isinstance(block, _Aside))
        before = next(flow, None)
        if isinstance(before, _Tabled) and before.page.number == page.number - 1:
            table = _with_head(table, before.table)
        self._blocks.append(_Tabled(table, page))
        self._last, self._broken = None, True

    def _write_table(self, writer: SourceWriter, block: _Tabled) -> None:
        boxes = [box and _on_page(block.page, box) for box in block.table.row_boxes]
        writer.add_table(
            block.table.rows,
            head_rows=block.table.head_rows,
            page=block.page.number,
            boxes=boxes,
        )


def _write_aside(writer: SourceWriter, aside: _Aside) -> None:
    texts = [line.text for line in aside.lines]
    places = [(aside.page, line.box) for line in aside.lines]
    style = Style(size=aside.lines[0].size, kind=aside.kind)
    _write(writer, texts, places, style, 0)


def _write(
    writer: SourceWriter,
    texts: Sequence[str],
    places: Sequence[tuple[Page, Box]],
    style: Style,
    gap: int,
) -> None:
    placed = [
        (line, page.number, _on_page(page, box))
        for line, (page, box) in zip(without_hyphens(texts), places, strict=True)
    ]
    writer.add_lines(run_on(texts), placed, style, gap=gap)


def _on_page(page: Page, box: Box) -> Box:
    """A place on the page as it is shown, in tenths of a point."""
    left, top, right, bottom = box
    inside = max(0.0, left), max(0.0, top), min(page.width, right), min(page.height, bottom)
    left, top, right, bottom = page.as_shown(inside)
    return round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)


def _with_head(table: Table, before: Table) -> Table:
    """A table that goes on from the page before, with the head that stands there only."""
    alike = abs(table.box[0] - before.box[0]) <= _OFF and abs(table.box[2] - before.box[2]) <= _OFF
    whole = read_table(before.rows, head_rows=before.head_rows)
    names = cells_of(whole.lines[0]) if whole else []
    if not alike or len(names) != len(table.rows[0]) or table.rows[0] == before.rows[0]:
        return table
    rows, boxes = (tuple(names), *table.rows), (None, *table.row_boxes)
    return replace(table, rows=rows, row_boxes=boxes, head_rows=1)
