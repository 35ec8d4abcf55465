"""Sets reports anew in files of every format, for the benchmarks that compare formats or readers.

A report is set as a Word file the way offices set theirs: title centred, headings bold, text
indented by two characters, page numbers and a running head. Words that are bold at the start of a
paragraph stay bold. There are a Word file in two columns and one whose headings have Word's
heading styles, too. LibreOffice makes .pdf, .html and .doc of the Word files; .md and .txt are
written line by line.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt

from corpus import Paragraph, Report, Section, cells_of
from corpus.report_file import READERS

TITLE, TABLE, SUBTITLE, TEXT = 0, 7, 8, 9
"""Levels of lines that are no headings."""

_TEXT_SIZE = Pt(12)
_BETWEEN_COLUMNS = Pt(24)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is set: a heading's level or one of those above, and how much begins bold.

    A table is one line, its rows in Markdown.
    """

    level: int
    text: str
    bold: int = 0


def lines_of(path: Path, report: Report) -> list[Line]:
    """Every line of a report, in order, with the type that its file has it in."""
    bold = _bold_starts(path)
    lines = [Line(TITLE, report.title)]
    lines.extend([Line(SUBTITLE, report.subtitle)] if report.subtitle else [])
    for ordinal in range(1, len(report.paragraphs) + 2):
        for section in (s for s in report.sections if s.first_paragraph == ordinal):
            if not runs_in(section, report):
                heading = "".join(report.source[s.start : s.end] for s in section.spans).strip()
                lines.append(Line(section.level, heading))
        for paragraph in report.paragraphs[ordinal - 1 : ordinal]:
            _add_paragraph(lines, paragraph, bold.get(paragraph.spans[0].start, 0))
    return lines


def runs_in(section: Section, report: Report) -> bool:
    """Whether a heading runs into its paragraph."""
    start = section.spans[0].start
    following = report.paragraphs[section.first_paragraph - 1 : section.first_paragraph]
    return any(paragraph.spans[0].start == start for paragraph in following)


def write_formats(lines: Sequence[Line], folder: Path) -> dict[str, Path]:
    """Write a report in every format; the files, by the format's name."""
    one, two, styled = folder / "one.docx", folder / "two.docx", folder / "styled.docx"
    _write_docx(lines, one)
    _write_docx(lines, two, columns=2)
    _write_docx(lines, styled, styled=True)
    markdown, text = folder / "report.md", folder / "report.txt"
    markdown.write_text("\n\n".join(map(_markdown, lines)) + "\n", encoding="utf-8")
    text.write_text("\n".join(line.text for line in lines), encoding="utf-8")
    _convert("pdf", folder, one, two)
    _convert("html", folder, one, styled)
    _convert("doc", folder, one)
    return {
        "docx": one,
        "docx, heading styles": styled,
        "md": markdown,
        "txt": text,
        "html": one.with_suffix(".html"),
        "html, heading tags": styled.with_suffix(".html"),
        "doc": one.with_suffix(".doc"),
        "pdf": one.with_suffix(".pdf"),
        "pdf, two columns": two.with_suffix(".pdf"),
    }


def _bold_starts(path: Path) -> dict[int, int]:
    """How many characters of each block of a file are bold, by where the block starts."""
    blocks = READERS[path.suffix.lower()](path.read_bytes(), path.name).blocks
    return {block.spans[0].start: block.style.bold for block in blocks}


def _add_paragraph(lines: list[Line], paragraph: Paragraph, bold: int) -> None:
    head, _, row = paragraph.text.rpartition("\n")
    if paragraph.kind != "table":
        lines.append(Line(TEXT, paragraph.text, bold))
    elif lines[-1].level == TABLE and lines[-1].text.startswith(head):
        lines[-1] = Line(TABLE, f"{lines[-1].text}\n{row}")
    else:
        lines.append(Line(TABLE, paragraph.text))


def _write_docx(
    lines: Sequence[Line], path: Path, *, columns: int = 1, styled: bool = False
) -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = lines[0].text
    _number_pages(document.sections[0].footer.paragraphs[0])
    title = document.add_paragraph(style="Title" if styled else None)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, lines[0].text, size=Pt(22), bold=True)
    if columns > 1:
        _set_columns(document.add_section(WD_SECTION.CONTINUOUS), columns)
    page = document.sections[-1]
    room = page.page_width - page.left_margin - page.right_margin
    width = (room - (columns - 1) * _BETWEEN_COLUMNS) // columns
    for line in lines[1:]:
        if line.level == TABLE:
            _add_table(document, line.text, width)
            continue
        is_heading = line.level < TABLE
        style = f"Heading {line.level}" if styled and is_heading else None
        paragraph = document.add_paragraph(style=style)
        paragraph.paragraph_format.space_after = Pt(0)
        if line.level == SUBTITLE:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            paragraph.paragraph_format.first_line_indent = 2 * _TEXT_SIZE
        bold = len(line.text) if is_heading else line.bold
        for text, is_bold in ((line.text[:bold], True), (line.text[bold:], False)):
            if text:
                _run(paragraph, text, size=_TEXT_SIZE, bold=is_bold)
    document.save(str(path))


def _set_columns(section, count: int) -> None:  # noqa: ANN001 - untyped library
    setting = section._sectPr.find(qn("w:cols"))  # noqa: SLF001 - there is no other way
    if setting is None:
        setting = OxmlElement("w:cols")
        section._sectPr.append(setting)  # noqa: SLF001
    setting.set(qn("w:num"), str(count))
    setting.set(qn("w:space"), str(_BETWEEN_COLUMNS.twips))


def _add_table(document, text: str, width: int) -> None:  # noqa: ANN001 - untyped library
    """Add a table as wide as a column of the page."""
    head, _, *rows = text.split("\n")
    count = len(cells_of(head))
    table = document.add_table(0, count, style="Table Grid")
    table.autofit = False
    for column in table.columns:
        column.width = Length(width // count)
    for row in (head, *rows):
        for cell, words in zip(table.add_row().cells, cells_of(row), strict=True):
            cell.text, cell.width = words, Length(width // count)


def _run(paragraph, text: str, *, size: Length, bold: bool) -> None:  # noqa: ANN001 - as above
    run = paragraph.add_run(text)
    run.font.size, run.bold = size, bold


def _number_pages(paragraph) -> None:  # noqa: ANN001 - untyped library
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 - there is no other way


def _markdown(line: Line) -> str:
    if line.level < TABLE:
        return f"{'#' * (line.level + 1)} {line.text}"
    bold, rest = line.text[: line.bold], line.text[line.bold :]
    return f"**{bold}**{rest}" if bold else rest


def _convert(kind: str, folder: Path, *sources: Path) -> None:
    """Have LibreOffice make files of a kind beside their sources."""
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
    convert = ["--convert-to", kind, "--outdir", str(folder), *map(str, sources)]
    subprocess.run([*command, *convert], check=True, stdout=sys.stderr)
