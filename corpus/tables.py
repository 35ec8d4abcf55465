r"""Tables in Markdown: every row is a passage of its own, under the head that says what it holds.

The form is that of GitHub Flavored Markdown: a bar in a cell is written ``\|``, and a second line
of dashes parts the head from the rows. Readers give a grid of texts in which a merged cell stands
in every place that it covers; where two neighbours are alike, they were merged.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

_BAR = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"(?!(?:19|20)\d{2}$)[-+±−<>≤≥约]?\s*\d[\d.,，\s]*[%％‰]?")
"""What a head has none of; years it has."""

_PROSE = 200
_PROSE_PARAGRAPHS = 3
"""From so many characters in so many paragraphs, a cell holds a text and no entry."""

_LONGEST_HEAD = 80
"""Characters of the longest cell of a head; above are values, and the table has no head."""

_MOST_HEAD_ROWS = 3
_LEAST_WIDE = 3
"""Characters of a row that is merged across; alike by chance are shorter ones (无, 是)."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows ``start`` to ``end`` of a grid: a table, or a frame around paragraphs."""

    start: int
    end: int
    is_table: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table in Markdown: the rows above its head, and its lines (head, dashes, rows)."""

    titles: tuple[str, ...]
    lines: tuple[str, ...]


def parts_of(rows: Sequence[Sequence[str]]) -> list[Part]:
    """Where a grid holds tables, and where it only sets paragraphs out on the page.

    Frames are grids of one row or one column, and rows with a whole text in a cell, as forms have
    them (“工作总结” beside two pages). In a cell, line feeds part paragraphs.
    """
    parts: list[Part] = []
    for prose, group in groupby(range(len(rows)), lambda row: any(map(_is_prose, rows[row]))):
        numbers = list(group)
        start, end = numbers[0], numbers[-1] + 1
        parts.append(Part(start, end, not prose and read_table(rows[start:end]) is not None))
    return parts


def read_table(rows: Sequence[Sequence[str]], *, head_rows: int | None = None) -> Table | None:
    """A grid in Markdown; None if it is none, with fewer than two rows or two columns of text.

    ``head_rows`` is how many rows the format says are the head; without that, it is the first row,
    or several where cells of it are merged over those of the next. The names of a column in several
    rows are joined: ``收入 / 计划``. Rows merged across the whole width above the head are titles.
    Rows and columns without any text are left out; shorter rows are filled up with empty cells.
    """
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    width = max((len(row) for row in cells), default=0)
    filled = [(at, row + [""] * (width - len(row))) for at, row in enumerate(cells) if any(row)]
    titles = 0
    while titles < len(filled) and _is_title(filled[titles][1]):
        titles += 1
    body = [row for _, row in filled[titles:]]
    used = [column for column in range(width) if _says_something(body, column)]
    if len(body) < 2 or len(used) < 2:
        return None
    body = [[row[column] for column in used] for row in body]
    stated = None
    if head_rows is not None:
        stated = sum(at < head_rows for at, _ in filled[titles:])
        stated = stated or None if titles else stated
    count = _head_rows(body) if stated is None else min(stated, len(body) - 1)
    head = [_column_name(names) for names in zip(*body[:count], strict=True)] or [""] * len(used)
    values = [_without_repeats(row) for row in body[count:]]
    lines = (_line(head), _line(["---"] * len(used)), *map(_line, values))
    return Table(tuple(_title(row) for _, row in filled[:titles]), lines)


def row_of(text: str) -> tuple[str, int]:
    """The words of the head of a row's paragraph, and where in ``text`` the row itself begins."""
    head, _, rest = text.partition("\n")
    return " ".join(cells_of(head)), len(text) - len(rest.partition("\n")[2])


def cells_of(line: str) -> list[str]:
    """The cells of one line of a table, as they were before they were written in Markdown."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]]


def _is_prose(cell: str) -> bool:
    paragraphs = [line for line in cell.splitlines() if line.strip()]
    return len(paragraphs) >= _PROSE_PARAGRAPHS and len(cell) >= _PROSE


def _is_title(row: Sequence[str]) -> bool:
    """Whether a row above the head is one cell across the whole width, or one cell of many."""
    alone = len(row) > 2 and sum(map(bool, row)) == 1
    return alone or (len(row) > 1 and _is_merged_across(row))


def _is_merged_across(row: Sequence[str]) -> bool:
    alike = len(set(row)) == 1 and len(row[0]) >= _LEAST_WIDE
    return alike and not _NUMBER.fullmatch(row[0])


def _title(row: Sequence[str]) -> str:
    return next(cell for cell in row if cell)


def _says_something(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column has text, and other text than the one to its left."""
    if column and all(row[column] == row[column - 1] for row in rows):
        return False
    return any(row[column] for row in rows)


def _head_rows(rows: Sequence[Sequence[str]]) -> int:
    if any(len(cell) > _LONGEST_HEAD for cell in rows[0]):
        return 0
    count = 1
    while count < min(len(rows) - 1, _MOST_HEAD_ROWS) and _splits(rows[count - 1], rows[count]):
        count += 1
    return count


def _splits(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether merged cells of a head are split in the row below, which adds nothing elsewhere."""
    if any(_NUMBER.fullmatch(cell) for cell in (*above, *below)):
        return False
    merged = [place for place, (a, b) in enumerate(pairwise(above)) if a and a == b]
    inside = {*merged, *(place + 1 for place in merged)}
    outside = [place for place in range(len(above)) if place not in inside]
    split = any(below[place] != below[place + 1] for place in merged)
    return split and all(below[place] in {"", above[place]} for place in outside)


def _column_name(names: Sequence[str]) -> str:
    return " / ".join(name for name, _ in groupby(names) if name)


def _without_repeats(row: Sequence[str]) -> list[str]:
    """A row; where it is merged across the whole width, it is said once.

    Two columns may well say the same: before and after.
    """
    across = len(row) > 2 and _is_merged_across(row)
    return [row[0], *[""] * (len(row) - 1)] if across else list(row)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
