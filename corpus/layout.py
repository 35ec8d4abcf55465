"""From lines on pages to blocks in reading order, as the author meant them.

Whatever the page adds to the text is taken off again: running heads and page numbers, columns,
line ends, notes at the foot, pictures in between.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .layout_blocks import Composer, Item
from .layout_columns import Picture, Thing, find_gutters, read_columns
from .layout_furniture import find_furniture
from .layout_notes import find_notes, part_notes
from .layout_paragraphs import Row, measure_setting
from .layout_rooms import Room, measure_rooms
from .layout_rows import merged, rows_of
from .layout_tables import find_tables
from .page import Line, Page
from .source import Extraction
from .types import Doubt

_SAME_SIZE = 0.05
"""Sizes of type that differ by less are one; where pages were recognised, they are estimates."""

_RECOGNISED_SIZE = 0.15
_UNDER = 3.0
"""White between a picture and its words, in the size of the text."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page taken apart: the things of its flow, its notes, its furniture."""

    page: Page
    things: tuple[Thing, ...]
    notes: tuple[Line, ...]
    furniture: tuple[Line, ...]


def read_pages(pages: Sequence[Page], *, doubts: Iterable[Doubt] = ()) -> Extraction:
    """The blocks of pages in reading order: a paragraph is one block, over all breaks.

    Every printed line is a span with its page and place. Notes and page furniture are marked by
    their kind; furniture stands at the end of its page.
    """
    sheets = _take_apart(_with_common_sizes(pages))
    size = _usual_size(
        [thing for thing in sheet.things if isinstance(thing, Line)] for sheet in sheets
    )
    gutters = _gutters(sheets, size)
    columns = _columns(sheets, gutters, size)
    rows = [[x for x in column if isinstance(x, Row)] for of_page in columns for column in of_page]
    composer = Composer(measure_setting(rows, size=size))
    for sheet, of_page in zip(sheets, columns, strict=True):
        for column in of_page:
            composer.add_column(column, sheet.page)
        composer.add_asides(sheet.page, part_notes(sheet.notes, gutters), "note")
        composer.add_asides(
            sheet.page, [[merged(row)] for row in rows_of(sheet.furniture)], "furniture"
        )
    return composer.extraction(doubts)


def _with_common_sizes(pages: Sequence[Page]) -> list[Page]:
    """The pages with sizes of type that are next to each other made one: 10.5 and 10.56 points."""
    weights = Counter[float]()
    for page in pages:
        for line in page.lines:
            weights[line.size] += len(line.text)
    common: dict[tuple[float, bool], float] = {}

    def sized(line: Line, *, recognised: bool) -> Line:
        key = line.size, recognised
        if key not in common:
            off = _RECOGNISED_SIZE if recognised else _SAME_SIZE
            near = (size for size in weights if abs(size - line.size) <= off * line.size)
            common[key] = max(near, key=lambda size: weights[size])
        return line if common[key] == line.size else replace(line, size=common[key])

    return [
        replace(page, lines=tuple(sized(line, recognised=page.recognised) for line in page.lines))
        for page in pages
    ]


def _take_apart(pages: Sequence[Page]) -> list[_Sheet]:
    tables = [find_tables(page) for page in pages]
    held = [[line for table in of_page for line in table.lines] for of_page in tables]
    furniture = find_furniture(pages, held)
    flows = [
        _without(page.lines, (*inside, *outside))
        for page, inside, outside in zip(pages, held, furniture, strict=True)
    ]
    size = _usual_size(flows)
    sheets = []
    for page, of_page, flow, outside in zip(pages, tables, flows, furniture, strict=True):
        notes = find_notes(page, flow, size)
        pictures = [Picture(box) for box in page.pictures]
        things: tuple[Thing, ...] = (*_without(flow, notes), *of_page, *pictures)
        sheets.append(_Sheet(page, things, tuple(notes), outside))
    return sheets


def _without(lines: Iterable[Line], left_out: Iterable[Line]) -> list[Line]:
    """Lines without some of them; two may be alike, so that they are told apart by identity."""
    identities = set(map(id, left_out))
    return [line for line in lines if id(line) not in identities]


def _usual_size(flows: Iterable[Sequence[Line]]) -> float:
    """The size of most characters."""
    weights = Counter[float]()
    for flow in flows:
        for line in flow:
            weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 1.0


def _gutters(sheets: Sequence[_Sheet], size: float) -> list[float]:
    """Where the pages of a report have gutters, each place once."""
    found: list[float] = []
    for sheet in sheets:
        for gutter in find_gutters(sheet.things, size=size):
            if not any(abs(gutter - other) < size for other in found):
                found.append(gutter)
    return found


def _columns(
    sheets: Sequence[_Sheet], gutters: Sequence[float], size: float
) -> list[list[list[Item]]]:
    """The columns of each page, printed lines in their rooms."""
    columns = [
        [list(_merged(column)) for column in read_columns(sheet.things, size=size, gutters=gutters)]
        for sheet in sheets
    ]
    lines = [
        [found for column in of_page if (found := [x for x in column if isinstance(x, Line)])]
        for of_page in columns
    ]
    rooms = (room for of_page in measure_rooms(lines, size=size) for room in of_page)
    return [
        [
            list(_placed(sheet.page, column, next(rooms) if _has_lines(column) else None))
            for column in of_page
        ]
        for sheet, of_page in zip(sheets, columns, strict=True)
    ]


def _merged(column: Sequence[Sequence[Thing]]) -> Iterator[Thing]:
    """The things of a column; pieces of text in one row are one printed line."""
    for row in column:
        lines = [thing for thing in row if isinstance(thing, Line)]
        yield from [thing for thing in row if not isinstance(thing, Line)]
        yield from [merged(lines)] if lines else []


def _has_lines(column: Sequence[Thing]) -> bool:
    return any(isinstance(thing, Line) for thing in column)


def _placed(page: Page, column: Sequence[Thing], room: Room | None) -> Iterator[Item]:
    before: Thing | None = None
    for thing in column:
        if isinstance(thing, Line) and room is not None:
            above = thing.box[3] - before.box[3] if isinstance(before, Line) else None
            near = isinstance(before, Picture) and _is_under(thing, before)
            yield Row(thing, page, room, above, before.box if near and before else None)
        elif not isinstance(thing, Line):
            yield thing
        before = thing


def _is_under(line: Line, picture: Picture) -> bool:
    beside = line.box[0] < picture.box[2] and picture.box[0] < line.box[2]
    return beside and line.box[1] - picture.box[3] <= _UNDER * line.size
