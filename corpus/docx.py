"""Word files: paragraphs with their styles and numbers, and table rows, as after all changes.

python-docx opens the package. The walk over the XML is ours: its ``paragraph.text`` leaves out
inserted runs, content controls and automatic numbers.
"""

# lxml publishes no types, and python-docx none for the elements that it wraps.
# ruff: noqa: ANN401

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from .docx_numbering import Numbering
from .docx_styles import Styles
from .errors import UnreadableReport
from .source import Extraction, SourceWriter, Style

_LIMIT = 200 << 20
"""Bytes that a package may unpack to; real reports stay under a hundredth of it."""

_LEFT_OUT = frozenset(
    qn(name) for name in ("w:del", "w:moveFrom", "w:txbxContent", "w:pPr", "w:rPr", "w:instrText")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_WRAPPERS = frozenset(
    qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml")
)
_PICTURES = frozenset(qn(name) for name in ("w:drawing", "w:pict", "w:object"))
_BREAKS = frozenset({qn("w:br"), qn("w:cr")})
_BROKEN = "文件损坏，或者不是 Word 文档（.docx）。请用 Word 或 WPS 打开后另存为 .docx。"


def read_docx(data: bytes, file: str) -> Extraction:
    """The paragraphs and table rows of a Word file.

    Raises:
        UnreadableReport: It is broken, encrypted, or no Word file.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
        if unpacked <= _LIMIT:
            return _read(Document(BytesIO(data)))
    except Exception as error:
        # A broken package fails in zipfile, python-docx and lxml in more ways than they document.
        raise UnreadableReport(file, _BROKEN) from error
    raise UnreadableReport(
        file, f"解压后超过 {_LIMIT >> 20} MB，不像正常的报告。请确认来源，或删去大图后重试。"
    )


def _read(document: Any) -> Extraction:
    writer = SourceWriter()
    styles = Styles(document.styles.element)
    numbering = Numbering(_numbering_root(document))
    gap, figure = 0, False
    for element in _flow(document.element.body):
        if element.tag == qn("w:tbl"):
            gap = _write_rows(writer, element, gap)
            continue
        text = _text(element, styles)
        figure = figure or text.figure
        if not text.words.strip():
            gap += 1
            continue
        label = numbering.label(styles.numbering(element))
        number = _spaced(label) if label else ""
        style = Style(
            level=styles.level(element),
            title=styles.name(element) in {"title", "标题"},
            subtitle=styles.name(element) in {"subtitle", "副标题"},
            bold=text.bold and text.bold + len(number),
            centred=styles.alignment(element) == "center",
            size=styles.size(element),
            figure=figure,
            listed=label == "",
        )
        writer.add(number + text.words, style, gap=gap)
        gap, figure = 0, False
    return writer.extraction()


def _numbering_root(document: Any) -> Any | None:
    """The part with the lists, if the document has one."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None


def _spaced(label: str) -> str:
    return label if label[-1] in "、）．】" else label + " "


def _flow(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in reading order; content controls are looked into."""
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _flow(child)


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph's text as accepted, how much of its start is bold, and if it holds a picture."""

    words: str
    bold: int
    figure: bool


def _text(paragraph: Any, styles: Styles) -> _Text:
    words, bold, still_bold, figure = "", 0, True, False
    for leaf, run in _leaves(paragraph, None):
        piece = _piece(leaf)
        figure = figure or leaf.tag in _PICTURES
        if piece:
            still_bold = still_bold and (not piece.strip() or styles.is_bold(run, paragraph))
            words += piece
            bold = len(words) if still_bold else bold
    return _Text(words, bold, figure)


def _leaves(element: Any, run: Any) -> Iterator[tuple[Any, Any]]:
    """The elements that hold text, breaks or pictures, each with the run it is in."""
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag in _PICTURES or not len(child):
            yield child, run
        else:
            yield from _leaves(child, child if child.tag == qn("w:r") else run)


def _piece(leaf: Any) -> str:
    if leaf.tag == qn("w:t"):
        return leaf.text or ""
    if leaf.tag == qn("w:tab"):
        return "\t"
    if leaf.tag == qn("w:noBreakHyphen"):
        return "-"
    return "\n" if leaf.tag in _BREAKS else ""


def _write_rows(writer: SourceWriter, table: Any, gap: int) -> int:
    """Write the rows of a table, cells parted by a bar; the gap that is left for what follows."""
    rows = [[_cell(cell) for cell in _children(row, "w:tc")] for row in _children(table, "w:tr")]
    if not any(map(any, rows)):
        return gap
    writer.add_table(rows, gap=gap)
    return 0


def _children(parent: Any, name: str) -> Sequence[Any]:
    """Children of this name, also those in content controls; not those of a table within."""
    found = []
    for child in parent:
        if child.tag == qn(name):
            found.append(child)
        elif child.tag in _WRAPPERS:
            found.extend(_children(child, name))
    return found


def _cell(cell: Any) -> str:
    paragraphs = (
        "".join(_piece(leaf) for leaf, _ in _leaves(paragraph, None))
        for paragraph in cell.iter(qn("w:p"))
    )
    return " ".join(" ".join(paragraphs).split())
