r"""Tables in Markdown: every row is a passage of its own, under the head that says what it holds.

The form is that of GitHub Flavored Markdown: a bar in a cell is written ``\|``, and a second line
of dashes parts the head from the rows.
"""

import re
from collections.abc import Sequence

_BAR = re.compile(r"(?<!\\)\|")


def markdown_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table: its head, the line of dashes, its rows.

    Rows and columns without any text are left out; shorter rows are filled up with empty cells.
    Empty if fewer than two rows or two columns have text: that is no table.
    """
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    width = max((len(row) for row in cells), default=0)
    filled = [row + [""] * (width - len(row)) for row in cells if any(row)]
    used = [column for column in range(width) if any(row[column] for row in filled)]
    if len(filled) < 2 or len(used) < 2:
        return []
    lines = [_line([row[column] for column in used]) for row in filled]
    return [lines[0], _line(["---"] * len(used)), *lines[1:]]


def row_of(text: str) -> tuple[str, int]:
    """The words of the head of a row's paragraph, and where in ``text`` the row itself begins."""
    head, _, rest = text.partition("\n")
    return " ".join(cells_of(head)), len(text) - len(rest.partition("\n")[2])


def cells_of(line: str) -> list[str]:
    """The cells of one line of a table, as they were before they were written in Markdown."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
