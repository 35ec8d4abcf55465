"""Tables in plain text: lines whose cells are set apart by tabs, bars or commas.

Text pasted from Word or a spreadsheet has tabs, Markdown has bars, an export has commas. Only what
cannot be running text counts: neighbouring lines with as many cells each, under a head without
numbers.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .tables import cells_of, read_table

LEAST_LINES = 3
"""A head and two rows; two lines may be alike by chance."""
MOST_BEFORE = 8
"""Lines that may stand above a table with as many cells each; further down none is looked for."""
LONGEST_CELL = 40
"""Characters; longer ones are sentences."""

_NUMBER = re.compile(r"[-+±约]?\s*\d[\d.,，]*\s*[%％‰]?")
_DASHES = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?")
_SENTENCE = re.compile(r"[。！？；!?]")


_Split = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in lines ``first`` to ``last`` (exclusive) of a text, cell by cell."""

    first: int
    last: int
    rows: tuple[tuple[str, ...], ...]


def tables_in(lines: Sequence[str]) -> Iterator[TextTable]:
    """The tables in the lines of a text, from top to bottom; none overlap.

    Takes time linear in the number of lines.
    """
    first = 0
    tried = dict.fromkeys(_SPLITS, (0, 0))
    while first < len(lines):
        for split in _SPLITS:
            begin, end = tried[split]
            if begin + MOST_BEFORE < first < end:
                continue
            last, rows = _alike(lines, first, split)
            if _is_table(rows, commas=split is _at_commas):
                yield TextTable(first, last, tuple(map(tuple, rows)))
                first = last
                break
            if first >= end:
                tried[split] = first, last
        else:
            first += 1


def _alike(lines: Sequence[str], first: int, split: _Split) -> tuple[int, list[list[str]]]:
    """How far lines have as many cells as the first one, and their cells."""
    rows: list[list[str]] = []
    last = first
    while last < len(lines):
        if not (rows and split is _at_bars and _DASHES.fullmatch(lines[last].strip())):
            cells = split(lines[last])
            if len(cells) < 2 or (rows and len(cells) != len(rows[0])):
                break
            rows.append(cells)
        last += 1
    return last, rows


def _is_table(rows: Sequence[Sequence[str]], *, commas: bool) -> bool:
    if len(rows) < LEAST_LINES or any(map(_NUMBER.fullmatch, rows[0])):
        return False
    if any(len(cell) > LONGEST_CELL or _SENTENCE.search(cell) for row in rows for cell in row):
        return False
    # A list of names may have as many commas in each line; an export has numbers.
    counted = not commas or all(any(map(_NUMBER.fullmatch, row)) for row in rows[1:])
    return counted and read_table(rows) is not None


def _at_bars(line: str) -> list[str]:
    bare = line.strip()
    return cells_of(bare) if bare.startswith("|") and bare.endswith("|") else []


def _at_tabs(line: str) -> list[str]:
    bare = line.strip()
    return [cell.strip() for cell in bare.split("\t")] if "\t" in bare else []


def _at_commas(line: str) -> list[str]:
    if "," not in line or len(line) > LONGEST_CELL * 20:
        return []
    return [cell.strip() for cell in next(csv.reader([line.strip()]), [])]


_SPLITS: tuple[_Split, ...] = (_at_bars, _at_tabs, _at_commas)
