"""Tables of web pages: those that hold data, as a grid, and those that only lay a page out."""

# lxml publishes no types.
# ruff: noqa: ANN401

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_PROSE = 200
_PROSE_PARAGRAPHS = 3
"""From so many characters in so many lines, a cell holds a text and no entry."""

_MOST_COLUMNS = 100
"""Columns that one cell may cover; where pages say 1000, they mean all there are."""


@dataclass(frozen=True, slots=True)
class CellText:
    """The lines of a cell, and how many of its characters lead elsewhere."""

    text: str
    linked: int


@dataclass(frozen=True, slots=True)
class DataTable:
    """A grid of texts, a merged cell in every place that it covers; ``head_rows`` as in tables."""

    rows: tuple[tuple[str, ...], ...]
    head_rows: int | None
    length: int
    linked: int


def read_data_table(table: Any, read: Callable[[Any], CellText]) -> DataTable | None:
    """The grid of a table; None if it only lays out the page.

    ``read`` gives the text of a cell. A table that holds others lays out, and so does one in which
    most of the text is a cell with an article in it, or leads elsewhere, as a menu does.
    """
    if table.get("role") in {"presentation", "none"} or table.find(".//table") is not None:
        return None
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
    texts = {cell: read(cell) for row in rows for cell in row}
    length = sum(len(text.text) for text in texts.values())
    linked = sum(text.linked for text in texts.values())
    prose = sum(len(cell.text) for cell in texts.values() if _is_prose(cell.text))
    if 2 * prose > length or 2 * linked > length:
        return None
    wide = sum(sum(bool(texts[cell].text) for cell in row) > 1 for row in rows)
    if wide < 2 and table.find(".//th") is None:
        return None
    grid = _grid(rows, {cell: text.text for cell, text in texts.items()})
    return DataTable(grid, _head_rows(table, rows), length, linked)


def _is_prose(text: str) -> bool:
    return len(text) >= _PROSE and text.count("\n") + 1 >= _PROSE_PARAGRAPHS


def _head_rows(table: Any, rows: Sequence[Sequence[Any]]) -> int | None:
    """How many rows the table says are its head; None if it does not say."""
    head = table.find("thead")
    if head is not None:
        return len(head.findall("tr"))
    count = 0
    while count < len(rows) and rows[count] and all(cell.tag == "th" for cell in rows[count]):
        count += 1
    return count or None


def _grid(rows: Sequence[Sequence[Any]], texts: dict[Any, str]) -> tuple[tuple[str, ...], ...]:
    """Cells in their places (https://html.spec.whatwg.org/#forming-a-table)."""
    grid: list[tuple[str, ...]] = []
    above: dict[int, tuple[int, str]] = {}
    for left, row in zip(range(len(rows), 0, -1), rows, strict=True):
        line = {column: text for column, (_, text) in above.items()}
        covers = {column: (rest - 1, text) for column, (rest, text) in above.items() if rest > 1}
        column = 0
        for cell in row:
            while column in line:
                column += 1
            down = min(_span(cell, "rowspan") or left, left)
            for place in range(column, column + min(_span(cell, "colspan") or 1, _MOST_COLUMNS)):
                line[place] = texts[cell]
                if down > 1:
                    covers[place] = (down - 1, texts[cell])
        above = covers
        grid.append(tuple(line.get(place, "") for place in range(max(line, default=-1) + 1)))
    return tuple(grid)


def _span(cell: Any, name: str) -> int:
    stated = cell.get(name, "1").strip()
    return int(stated) if stated.isdecimal() and len(stated) < 6 else 1
