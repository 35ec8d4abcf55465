"""Word files: paragraphs with their styles and numbers, and table rows, as after all changes.

What stands at the foot of a page or in a box beside the text comes after the paragraph that it
belongs to; running heads and comments are left out.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO

from .docx_body import Body, Paragraph, Row, Table, paragraphs
from .docx_package import Package
from .docx_text import Text
from .errors import UnreadableReport
from .source import Extraction, SourceWriter, Style
from .tables import parts_of

_BROKEN = "文件损坏，或者不是 Word 文档（.docx）。请用 Word 或 WPS 打开后另存为 .docx。"
_LONGEST_HEADING = 100
"""Characters of a title or heading, whose lines are one; longer is text in a wrong style."""

_MOST_COLUMNS = 63
"""As many as Word allows."""

_CHAPTER = re.compile(r"第.{1,6}[部分编篇卷章节]$")
"""A number on a line of its own, which a space parts from the words of its heading."""


def read_docx(data: bytes, file: str) -> Extraction:
    """The paragraphs and table rows of a Word file.

    Notes follow the paragraph that refers to them, without their marks. Merged cells are repeated.

    Raises:
        UnreadableReport: It is broken, or no Word file.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            body = Body(Package(archive, file))
        content = body.read()
    except UnreadableReport:
        raise
    except Exception as error:
        # A broken package fails in zipfile and lxml in more ways than they document.
        raise UnreadableReport(file, _BROKEN) from error
    writer = _Writer()
    writer.write(content)
    return writer.source.extraction(doubts=body.doubts)


class _Writer:
    """Writes paragraphs and tables; remembers what stood before: blank lines, a picture."""

    def __init__(self) -> None:
        self.source = SourceWriter()
        self._gap = 0
        self._figure = False

    def write(self, content: Sequence[Paragraph | Table]) -> None:
        for part in content:
            if isinstance(part, Table):
                self._write_table(part)
            else:
                self._write_paragraph(part)

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        text, style = paragraph.text, paragraph.style
        self._figure = self._figure or style.figure
        if text.words.strip():
            text.prepend(paragraph.label)
        for words, bold in _lines(text, style):
            if not words.strip():
                self._gap += 1
                continue
            shown = replace(style, bold=bold, size=text.size, figure=self._figure)
            self.source.add(words, shown, gap=self._gap)
            self._gap, self._figure = 0, False
        self._write_notes(paragraph.notes)

    def _write_notes(self, notes: Sequence[Paragraph]) -> None:
        for note in notes:
            self.source.add(note.text.words, note.style)

    def _write_table(self, table: Table) -> None:
        grid = _grid(table.rows)
        heads = sum(row.is_head for row in table.rows)
        for part in parts_of(grid):
            rows = table.rows[part.start : part.end]
            if not part.is_table:
                for cell in (cell for row in rows for cell in row.cells):
                    self.write(cell.content)
                continue
            stated = heads if heads and part.start == 0 else None
            self.source.add_table(grid[part.start : part.end], head_rows=stated, gap=self._gap)
            self._gap, self._figure = 0, False
            for paragraph in paragraphs([Table(rows)]):
                self._write_notes(paragraph.notes)


def _grid(rows: Sequence[Row]) -> list[list[str]]:
    """The texts of a table, that of a merged cell in every place that it covers."""
    grid: list[list[str]] = []
    for row in rows:
        above = grid[-1] if grid else []
        texts = [""] * min(row.skipped, _MOST_COLUMNS)
        for cell in row.cells:
            place = len(texts)
            if cell.continues_before and texts:
                text = texts[-1]
            elif cell.continues_above:
                text = "".join(above[place : place + 1])
            else:
                text = "\n".join(part.label + part.text.words for part in paragraphs(cell.content))
            texts += [text] * min(cell.columns, _MOST_COLUMNS)
        grid.append(texts)
    return grid


def _lines(text: Text, style: Style) -> Iterator[tuple[str, int]]:
    """The lines of a paragraph, and how many characters at the start of each are bold."""
    heads = style.title or style.subtitle or style.level
    lines = text.words.split("\n")
    if heads and len(text.words) <= _LONGEST_HEADING:
        yield _joined(lines), _bold(text.bold)
        return
    start = 0
    for line in lines:
        yield line, _bold(text.bold[start : start + len(line)])
        start += len(line) + 1


def _bold(flags: Sequence[bool]) -> int:
    return flags.index(False) if False in flags else len(flags)


def _joined(lines: Sequence[str]) -> str:
    whole = ""
    for line in (line.strip() for line in lines):
        spaced = _CHAPTER.match(whole) or (whole + line).isascii()
        whole += " " + line if whole and line and spaced else line
    return whole
