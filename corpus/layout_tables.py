"""Tables on a page, found from their ruling lines.

Where lines cross they make a grid; where one is missing between two places of the grid, cells are
merged. A table that is ruled across only, as in journals (三线表), has its columns from the white
between them. So has one without any rules, which is told from text by short cells and figures.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .kinds import ends_sentence
from .layout_rows import around, merged, rows_of, run_on
from .page import Box, Line, Page

_OFF = 3.0
"""Points that ends of ruling lines which meet may be apart."""

_SHORTEST = 12.0
_MOST_RULES = 4000
_LEAST_FILLED = 0.3
"""Share of cells with text below which a grid is a form's frame, a chart, or a drawing."""

_LEAST_COLUMN = 0.75
"""White between two columns without a rule, in the size of the type."""

_ALIGNED = 0.6
"""Share of the rows of such a table that have text in several columns."""


_FEWEST_ROWS, _FEWEST_COLUMNS = 3, 3
"""Of a table without rules; two columns may as well be a list, or contents without leaders."""

_WIDEST_CELL = 11.0
"""In such a table, in the size of the type; columns of text are wider."""

_FAR = 2.5
"""White between two of its rows at most, in the size of the type."""

_FIGURES = 0.6
"""Share of the rows below the head that have a figure in one of its columns."""

_FIGURE = re.compile(r"[+\-−–—±≥≤<>约]?[\d,，.]+\s?[%％‰]?|[-—–/]+")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its cells as a grid, the box of each row, and the lines that it holds.

    A merged cell stands in every place of the grid that it covers. ``head_rows`` is how many rows
    are the head, None where the page does not tell.
    """

    box: Box
    rows: tuple[tuple[str, ...], ...]
    row_boxes: tuple[Box | None, ...]
    lines: tuple[Line, ...]
    head_rows: int | None = None


def find_tables(page: Page) -> list[Table]:
    """The tables of a page, from top to bottom."""
    rules = [rule for rule in page.rules if _length(rule) >= _SHORTEST]
    if len(rules) > _MOST_RULES:
        rules = []
    groups = _connected(rules)
    alone = [group[0] for group in groups if len(group) == 1 and _is_level(group[0])]
    found: list[Table] = []
    taken: set[int] = set()
    for make, candidates in (
        (_gridded, [group for group in groups if len(group) > 2]),
        (_ruled_across, _stacked(alone)),
    ):
        for group in candidates:
            table = make(group, [line for line in page.lines if id(line) not in taken])
            if table is not None:
                found.append(table)
                taken.update(map(id, table.lines))
    found += _without_rules([line for line in page.lines if id(line) not in taken])
    return sorted(found, key=lambda table: table.box[1])


def _length(rule: Box) -> float:
    return max(rule[2] - rule[0], rule[3] - rule[1])


def _is_level(rule: Box) -> bool:
    return rule[2] - rule[0] >= rule[3] - rule[1]


def _connected(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules in groups of those that touch, directly or through others."""
    groups = list(range(len(rules)))

    def root(position: int) -> int:
        while groups[position] != position:
            groups[position] = groups[groups[position]]
            position = groups[position]
        return position

    reaching: list[int] = []
    for position in sorted(groups, key=lambda position: rules[position][1]):
        rule = rules[position]
        reaching = [other for other in reaching if rules[other][3] >= rule[1] - _OFF]
        for other in reaching:
            if _touch(rule, rules[other]):
                groups[root(other)] = root(position)
        reaching.append(position)
    connected: dict[int, list[Box]] = {}
    for position, rule in enumerate(rules):
        connected.setdefault(root(position), []).append(rule)
    return list(connected.values())


def _touch(first: Box, second: Box) -> bool:
    return (
        first[0] <= second[2] + _OFF
        and second[0] <= first[2] + _OFF
        and first[1] <= second[3] + _OFF
        and second[1] <= first[3] + _OFF
    )


def _gridded(rules: Sequence[Box], lines: Sequence[Line]) -> Table | None:
    """The table that rules across and down make up; None if they make none."""
    box = _box_of(rules)
    inside = [line for line in lines if _is_inside(line.box, box)]
    level = [rule for rule in rules if _is_level(rule)]
    upright = [rule for rule in rules if not _is_level(rule)]
    if not level or not upright or not inside:
        return None
    xs = _positions([(rule[0] + rule[2]) / 2 for rule in upright], box[0], box[2])
    ys = _positions([(rule[1] + rule[3]) / 2 for rule in level], box[1], box[3])
    cells = _merge_cells(xs, ys, level, upright)
    texts = _fill(cells, xs, ys, inside)
    filled = [text for text in texts.values() if text]
    if len(filled) < max(4, _LEAST_FILLED * len(set(cells.values()))):
        return None
    rows = tuple(
        tuple(texts.get(cells[row, column], "") for column in range(len(xs) - 1))
        for row in range(len(ys) - 1)
    )
    if sum(map(any, rows)) < 2 or sum(map(any, zip(*rows, strict=True))) < 2:
        return None
    row_boxes = tuple((box[0], top, box[2], bottom) for top, bottom in pairwise(ys))
    return Table(box, rows, row_boxes, tuple(inside))


def _positions(values: Iterable[float], first: float, last: float) -> list[float]:
    """Where rules stand, those next to each other as one; a table may be open at its sides."""
    found: list[float] = []
    for value in sorted([*values, first, last]):
        if not found or value > found[-1] + _OFF:
            found.append(value)
    return found


def _merge_cells(
    xs: Sequence[float], ys: Sequence[float], level: Sequence[Box], upright: Sequence[Box]
) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place of the grid, the first place of the cell that covers it."""
    first = {
        (row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)
    }

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while first[place] != place:
            place = first[place]
        return place

    for row, column in first:
        x = (xs[column] + xs[column + 1]) / 2
        y = (ys[row] + ys[row + 1]) / 2
        if row and not any(_is_near(rule, x, ys[row]) for rule in level):
            first[root((row, column))] = root((row - 1, column))
        if column and not any(_is_near(rule, xs[column], y) for rule in upright):
            one, other = sorted((root((row, column)), root((row, column - 1))))
            first[other] = one
    return {place: root(place) for place in first}


def _is_near(box: Box, x: float, y: float) -> bool:
    return box[0] - _OFF <= x <= box[2] + _OFF and box[1] - _OFF <= y <= box[3] + _OFF


def _fill(
    cells: dict[tuple[int, int], tuple[int, int]],
    xs: Sequence[float],
    ys: Sequence[float],
    lines: Sequence[Line],
) -> dict[tuple[int, int], str]:
    """The text of each cell, by the first place that it covers."""
    inside: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
        place = (_interval(ys, y), _interval(xs, x))
        inside.setdefault(cells[place], []).append(line)
    return {place: _cell_text(of_cell) for place, of_cell in inside.items()}


def _interval(edges: Sequence[float], value: float) -> int:
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def _cell_text(lines: Sequence[Line]) -> str:
    """The text of a cell; where a line ends a sentence and is short, a paragraph ends."""
    rows = [merged(row) for row in rows_of(lines)]
    right = max(row.box[2] for row in rows)
    text = rows[0].text
    for before, row in pairwise(rows):
        ended = ends_sentence(before.text) and before.box[2] < right - row.size
        text = f"{text}\n{row.text}" if ended else run_on([text, row.text])
    return text


def _stacked(rules: Sequence[Box]) -> list[list[Box]]:
    """Groups of rules across that are as long as each other, one above the other."""
    groups: list[list[Box]] = []
    for rule in sorted(rules, key=lambda rule: rule[1]):
        for group in groups:
            if abs(group[-1][0] - rule[0]) <= _OFF and abs(group[-1][2] - rule[2]) <= _OFF:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) > 2]


def _ruled_across(rules: Sequence[Box], lines: Sequence[Line]) -> Table | None:
    """The table between rules above its head, below its head, and below its rows."""
    box = _box_of(rules)
    inside = [line for line in lines if _is_inside(line.box, box)]
    rows = rows_of(inside)
    columns = _columns(rows)
    several = sum(len(row) > 1 for row in rows)
    if len(rows) < 2 or len(columns) < 2 or several < _ALIGNED * len(rows):
        return None
    cells = tuple(tuple(_in_columns(row, columns)) for row in rows)
    row_boxes = tuple(around(row) for row in rows)
    head = sum(row_box[3] <= rules[1][3] + _OFF for row_box in row_boxes)
    return Table(box, cells, row_boxes, tuple(inside), head)


def _without_rules(lines: Sequence[Line]) -> Iterator[Table]:
    """The tables that white alone makes up: rows of short cells, some of them figures."""
    group: list[list[Line]] = []
    for row in [*rows_of(lines), []]:
        of_cells = len(row) > 1 and all(map(_is_cell, row))
        if of_cells and _follows(group, row):
            group.append(row)
            continue
        yield from _aligned(group)
        group = [row] if of_cells else []


def _is_cell(line: Line) -> bool:
    return line.box[2] - line.box[0] <= _WIDEST_CELL * line.size


def _aligned(rows: Sequence[Sequence[Line]]) -> Iterator[Table]:
    """The table that rows of cells make up, if they do."""
    columns = _columns(rows)
    cells = tuple(tuple(_in_columns(row, columns)) for row in rows)
    if len(columns) >= _FEWEST_COLUMNS and _has_figures(cells):
        inside = tuple(line for row in rows for line in row)
        yield Table(around(inside), cells, tuple(map(around, rows)), inside)


def _follows(group: Sequence[Sequence[Line]], row: Sequence[Line]) -> bool:
    if not group:
        return True
    return around(row)[1] - around(group[-1])[3] <= _FAR * row[0].size


def _has_figures(cells: Sequence[Sequence[str]]) -> bool:
    """Whether rows are those of a table: as many as one has, full, and with a column of figures."""
    full = sum(map(all, cells))
    if len(cells) < _FEWEST_ROWS or full < _ALIGNED * len(cells):
        return False
    columns = list(zip(*cells[1:], strict=True))[1:]
    return any(
        sum(bool(_FIGURE.fullmatch(cell)) for cell in column) >= _FIGURES * len(column)
        for column in columns
    )


def _columns(rows: Sequence[Sequence[Line]]) -> list[tuple[float, float]]:
    """From where to where each column reaches: pieces of text that no white parts in all rows."""
    columns: list[tuple[float, float]] = []
    for line in sorted((line for row in rows for line in row), key=lambda line: line.box[0]):
        if columns and line.box[0] < columns[-1][1] + _LEAST_COLUMN * line.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], line.box[2]))
        else:
            columns.append((line.box[0], line.box[2]))
    return columns


def _in_columns(row: Sequence[Line], columns: Sequence[tuple[float, float]]) -> Iterator[str]:
    for left, right in columns:
        yield " ".join(line.text for line in row if left <= line.box[0] <= right)


def _box_of(rules: Sequence[Box]) -> Box:
    return (
        min(rule[0] for rule in rules),
        min(rule[1] for rule in rules),
        max(rule[2] for rule in rules),
        max(rule[3] for rule in rules),
    )


def _is_inside(box: Box, frame: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return frame[0] - _OFF <= x <= frame[2] + _OFF and frame[1] - _OFF <= y <= frame[3] + _OFF
