"""The body of a Word file as paragraphs and tables, each with what the format says about it.

Numbers are counted, notes and text boxes are found, and what is deleted or hidden is left out on
the way; how it all is written down is no matter of this module.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .docx_numbering import Numbering
from .docx_package import Package, is_on, number, value, w
from .docx_styles import Styles
from .docx_text import Fields, Text, chosen, is_alternatives, is_prompt, read_text
from .heartbeat import alive
from .source import PLAIN, Style
from .types import Doubt

_EMBEDDED = frozenset({w("altChunk"), w("subDoc")})
_CONTENTS_GALLERY = "Table of Contents"
_PAGE = re.compile(r"\d\s*$")


@dataclass(slots=True)
class Paragraph:
    """A paragraph: its text, the number before it, and its notes from the foot of the page."""

    text: Text
    style: Style = PLAIN
    label: str = ""
    notes: list["Paragraph"] = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    """A cell of a table: how many columns it covers, and if it goes on with the one above."""

    content: list["Paragraph | Table"]
    columns: int
    continues_above: bool
    continues_before: bool


@dataclass(slots=True)
class Row:
    """A row of a table; ``skipped`` columns come before its first cell."""

    cells: list[Cell]
    skipped: int
    is_head: bool


@dataclass(slots=True)
class Table:
    """A table."""

    rows: list[Row]


class Body:
    """Reads the body of a document in the order in which Word counts."""

    def __init__(self, package: Package) -> None:
        self._styles = Styles(package.part("styles"))
        self._numbering = Numbering(package.part("numbering"))
        self._notes = {kind: _notes(package.part(kind)) for kind in ("footnotes", "endnotes")}
        self._document = package.document
        self._fields = Fields()
        self._carried: Text | None = None
        self.doubts: list[Doubt] = []

    def read(self) -> list[Paragraph | Table]:
        """All paragraphs and tables, in reading order."""
        body = self._document.find(w("body"))
        return [] if body is None else self._content(body)

    def _content(self, parent: Any) -> list[Paragraph | Table]:
        found: list[Paragraph | Table] = []
        for element, contents in self._flow(parent, contents=False):
            alive()
            if element.tag == w("tbl"):
                found += self._flushed()
                found.append(self._table(element))
            else:
                found += self._paragraphs(element, contents=contents)
        return found + self._flushed()

    def _flow(self, parent: Any, *, contents: bool) -> Iterator[tuple[Any, bool]]:
        """Paragraphs and tables, each with whether it is in a control for a table of contents."""
        for child in chosen(parent) if is_alternatives(parent) else parent:
            if child.tag in {w("p"), w("tbl")}:
                yield child, contents
            elif child.tag in _EMBEDDED:
                self.doubts.append(Doubt("embedded-document", ""))
            elif not is_prompt(child):
                yield from self._flow(child, contents=contents or _is_contents(child))

    def _paragraphs(self, element: Any, *, contents: bool) -> list[Paragraph | Table]:
        """A paragraph, and those of its text boxes after it; none if it goes on in the next."""
        text = read_text(element, self._styles, self._fields)
        if self._carried is not None:
            self._carried.take_in(text)
            text, self._carried = self._carried, None
        if _is_drop_cap(element) or (_is_mark_deleted(element) and text.words):
            self._carried = text
            return []
        label = None
        if text.words.strip() or not _is_mark_deleted(element):
            label = self._numbering.label(self._styles.list_place(element))
        style = replace(self._styles.style(element), figure=text.figure, listed=label == "")
        listed_in_contents = text.contents and bool(_PAGE.search(text.words))
        if contents or listed_in_contents:
            style = replace(style, kind="contents", level=None)
        found: list[Paragraph | Table] = [Paragraph(text, style, label or "", self._notes_of(text))]
        found += [Paragraph(_plain(words)) for words in text.art]
        for box in text.boxes:
            found += self._content(box)
        return found

    def _flushed(self) -> list[Paragraph]:
        """A text that was to go on in a next paragraph, where there is none."""
        carried, self._carried = self._carried, None
        return [] if carried is None else [Paragraph(carried, notes=self._notes_of(carried))]

    def _notes_of(self, text: Text) -> list[Paragraph]:
        """The notes that a paragraph is the first to refer to."""
        notes = (self._notes[kind].pop(name, None) for kind, name in text.notes)
        found = [self._content(note) for note in notes if note is not None]
        return [
            replace(paragraph, style=Style(kind="note"))
            for content in found
            for paragraph in paragraphs(content)
        ]

    def _table(self, element: Any) -> Table:
        rows = []
        for row in _children(element, "tr"):
            properties = row.find(w("trPr"))
            if properties is None:
                properties = ()
            names = {child.tag: child for child in properties}
            if w("del") in names:
                continue
            cells = [self._cell(cell) for cell in _children(row, "tc")]
            skipped = number(names.get(w("gridBefore"))) or 0
            rows.append(Row(cells, skipped, is_on(names.get(w("tblHeader")))))
        return Table(rows)

    def _cell(self, element: Any) -> Cell:
        properties = element.find(w("tcPr"))
        names = {} if properties is None else {child.tag: child for child in properties}
        deleted = w("cellDel") in names
        return Cell(
            [] if deleted else self._content(element),
            number(names.get(w("gridSpan"))) or 1,
            _continues(names.get(w("vMerge"))),
            _continues(names.get(w("hMerge"))),
        )


def paragraphs(content: Sequence[Paragraph | Table]) -> Iterator[Paragraph]:
    """All paragraphs, those in the cells of tables too."""
    for part in content:
        if isinstance(part, Paragraph):
            yield part
            continue
        for cell in (cell for row in part.rows for cell in row.cells):
            yield from paragraphs(cell.content)


def _notes(root: Any | None) -> dict[str, Any]:
    """The notes of a kind by their ids, without the lines that part them from the text."""
    return {
        value(note, "id"): note
        for note in (() if root is None else root)
        if value(note, "type") in {"", "normal"}
    }


def _children(parent: Any, name: str) -> Sequence[Any]:
    """Children of this name, also those in content controls; not those of a table within."""
    found = []
    for child in parent:
        if child.tag == w(name):
            found.append(child)
        elif child.tag in {w("sdt"), w("sdtContent"), w("customXml"), w("ins"), w("moveTo")}:
            found.extend(_children(child, name))
    return found


def _continues(merge: Any | None) -> bool:
    return merge is not None and value(merge) != "restart"


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{w('sdtPr')}/{w('docPartObj')}/{w('docPartGallery')}")
    return value(gallery) == _CONTENTS_GALLERY


def _is_drop_cap(paragraph: Any) -> bool:
    """Whether it is a large first letter (首字下沉), which Word keeps in a paragraph of its own."""
    return value(paragraph.find(f"{w('pPr')}/{w('framePr')}"), "dropCap") in {"drop", "margin"}


def _is_mark_deleted(paragraph: Any) -> bool:
    """Whether the end of the paragraph is deleted, so that it runs on into the next."""
    mark = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    return mark is not None and any(child.tag in {w("del"), w("moveFrom")} for child in mark)


def _plain(words: str) -> Text:
    text = Text()
    text.put(words, bold=False)
    return text
