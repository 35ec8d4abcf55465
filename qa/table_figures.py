"""The figures in a table's row that can answer a question: the column tells what they are of.

A cell holds a bare number more often than not; its unit stands in the column's head (会员（万人）)
or in a column of its own (单位).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus import cells_of, row_of
from index import normalised

from .answers import worth_of
from .asked import FIGURES, Asked
from .coverage import Word
from .figures import Figure, figures
from .units import UNIT, quantity_of, split_scale

COLUMN = 2.0
"""What a column whose head holds all that is asked about is worth, against a fitting unit."""

_IN_HEAD = re.compile(
    rf"[（(]\s*(?:单位[:：])?\s*(?P<unit>(?:万亿|[百千]?[万亿]|[百千])?{UNIT})\s*[）)]"
)
_UNIT_COLUMN = re.compile(r"(?:计量)?单位")
_UNIT = re.compile(rf"(?:万亿|[百千]?[万亿]|[百千])?{UNIT}")
_CELL = re.compile(r"(?<!\\)\|")


def row_figures(asked: Asked, text: str, words: Sequence[Word]) -> list[Figure]:
    """Choose the figures of a table's row that can be what is asked for, best first.

    Args:
        asked: what the question asks for.
        text: a row in Markdown under its head.
        words: what the question is about.

    Returns:
        Empty where no figure is asked for; ranges are of ``text``.
    """
    if asked.kind not in FIGURES:
        return []
    head = cells_of(text.split("\n", 1)[0])
    total = sum(word.weight for word in words) or 1.0
    found = []
    for column, figure in _columns(text, head):
        name = normalised(head[column]) if column < len(head) else ""
        held = sum(word.weight * word.held(name) for word in words) / total
        fit = worth_of(asked, figure)
        if fit > 0:
            found.append((fit + COLUMN * held, figure))
    return [figure for _, figure in sorted(found, key=lambda one: -one[0])]


def figures_of_row(text: str) -> list[Figure]:
    """All figures of a table's row, from left to right, with the units their columns give them.

    Args:
        text: a row in Markdown under its head.

    Returns:
        Their ranges are of ``text``.
    """
    return [figure for _, figure in _columns(text, cells_of(text.split("\n", 1)[0]))]


def _columns(text: str, head: Sequence[str]) -> Iterator[tuple[int, Figure]]:
    """The figures of a row, each with its column, and with the unit that its column gives it."""
    start = row_of(text)[1]
    bars = [start + match.start() for match in _CELL.finditer(text[start:])]
    cells = [(first + 1, last) for first, last in pairwise(bars)]
    own = _unit_of_row(text, head, cells)
    for column, (first, last) in enumerate(cells):
        for figure in figures(f"|{text[first:last]}|"):
            unit = figure.unit or _unit_of_column(head, column) or own
            scale, base = split_scale(unit)
            quantity = quantity_of(base, scaled=bool(scale)) if unit else figure.quantity
            yield (
                column,
                replace(
                    figure,
                    start=first - 1 + figure.start,
                    end=first - 1 + figure.end,
                    unit=unit,
                    quantity=figure.quantity if figure.unit else quantity,
                ),
            )


def _unit_of_column(head: Sequence[str], column: int) -> str:
    match = _IN_HEAD.search(normalised(head[column])) if column < len(head) else None
    return match["unit"] if match else ""


def _unit_of_row(text: str, head: Sequence[str], cells: Sequence[tuple[int, int]]) -> str:
    """The unit in a column of units."""
    for name, (first, last) in zip(head, cells, strict=False):
        unit = text[first:last].strip()
        if _UNIT_COLUMN.fullmatch(name.strip()) and _UNIT.fullmatch(unit):
            return unit
    return ""
