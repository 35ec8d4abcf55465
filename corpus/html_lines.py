"""Lines of text from the elements of a web page, as a browser sets them one below another.

The walk is flat: pages that editors produce nest hundreds of elements deep. Every element covers a
range of lines, so that the main text is a range too, and none of its lines can get lost.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from .heartbeat import alive
from .html_elements import (
    LEFT_OUT,
    Context,
    context_of,
    is_block,
    is_field,
    is_note_mark,
    is_page_edge,
    is_picture,
)
from .html_styles import StyleSheet, is_hidden
from .html_tables import CellText, DataTable, read_data_table
from .numbering import label_of
from .source import Style, clean

_SPACE = re.compile(r"([ \t\n\r\f]+)")
_FIRST_WIDE = "\u2010"
"""From this character on, they are such as stand in Chinese text without a space between."""

_BREAKS_AT_SPACES = re.compile(r"LibreOffice|OpenOffice")
"""Generators that break lines of the source where there is a space, and nowhere else."""

_LINK_MARKS = 12
"""Sentence marks in a link; with more, it is one that the page forgot to close."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a whole table; ``linked`` counts the characters that lead elsewhere.

    ``text`` may begin with the spaces of an indent. ``gap`` counts the blank lines before. ``cuts``
    are the places where pages part one field of a line from the next, often with no space.
    """

    text: str
    style: Style
    gap: int
    linked: int
    cuts: tuple[int, ...] = ()
    table: DataTable | None = None

    @property
    def length(self) -> int:
        """How many characters it has."""
        return self.table.length if self.table else len(self.text.strip())


@dataclass(frozen=True, slots=True)
class Part:
    """An element and the lines ``start`` to ``end`` that stand in it."""

    element: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in reading order, and its elements, inner ones before outer ones."""

    lines: tuple[Line, ...]
    parts: tuple[Part, ...]


def read_lines(root: Any) -> Page:
    """All lines of a page, those of menus too; what is hidden is left out."""
    sheet = StyleSheet(style.text or "" for style in root.iter("style"))
    generators = root.iterfind(".//meta[@name='generator']")
    at_spaces = any(map(_BREAKS_AT_SPACES.match, (meta.get("content", "") for meta in generators)))
    walker = _Walker(_Rules(sheet, _sentence_marks(root), at_spaces), Context())
    walker.walk(root)
    return Page(tuple(walker.lines), tuple(walker.parts))


@dataclass(slots=True)
class _Open:
    """An element that the walk is in."""

    element: Any
    context: Context
    start: int
    block: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    """What holds for a whole page; ``marks`` counts its sentence marks.

    ``breaks_at_spaces`` is whether every line end in the source stands for a space.
    """

    sheet: StyleSheet
    marks: int
    breaks_at_spaces: bool


class _Walker:
    """Walks elements and writes their lines."""

    def __init__(self, rules: _Rules, outer: Context) -> None:
        self.lines: list[Line] = []
        self.parts: list[Part] = []
        self._rules = rules
        self._outer = outer
        self._text = _Text()
        self._blanks = 0
        self._gap = 0
        self._figure = False

    def walk(self, root: Any) -> None:
        stack: list[_Open] = []
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            parent = stack[-1].context if stack else self._outer
            if event == "end":
                self._close(stack.pop())
                if stack and element.tail:
                    self._put(element.tail, stack[-1].context)
            elif (opened := self._open(element, parent)) is None:
                stack.append(_Open(element, parent, len(self.lines), block=False))
                walk.skip_subtree()
            else:
                stack.append(opened)
                self._put(element.text or "", opened.context)
        self._end_line()

    def _open(self, element: Any, parent: Context) -> _Open | None:
        """Take in an element; None if nothing in it is to be walked."""
        if element.tag in LEFT_OUT or is_note_mark(element, parent):
            return None
        declared = self._rules.sheet.declarations(element)
        if is_page_edge(element, declared):
            return None
        if is_hidden(element, declared) and 2 * _sentence_marks(element) <= self._rules.marks:
            return None
        context = context_of(element, declared, parent)
        if element.tag == "a" and _sentence_marks(element) > _LINK_MARKS:
            context = replace(context, linked=parent.linked)
        block = is_block(element, declared)
        if block:
            self._end_line()
        if is_field(element):
            self._text.cut()
        if element.tag == "br":
            self._break()
        elif element.tag == "li" and parent.numbers is not None:
            self._text.label = parent.numbers.take(element)
        self._figure = self._figure or is_picture(element, declared)
        if element.tag == "table" and self._add_table(element, context):
            return None
        return _Open(element, context, len(self.lines), block)

    def _close(self, opened: _Open) -> None:
        if opened.block:
            self._end_line()
        elif is_field(opened.element):
            self._text.cut()
        if opened.element.tag == "li":
            self._text.label = ""
        if len(self.lines) > opened.start:
            self.parts.append(Part(opened.element, opened.start, len(self.lines)))

    def _put(self, text: str, context: Context) -> None:
        if not context.look.preformatted:
            spaced = text.replace("\n", " ") if self._rules.breaks_at_spaces else text
            self._text.put(spaced, context)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self._break()
            self._text.put_as_is(line, context)

    def _break(self) -> None:
        """End a line where ``<br>`` says so; one that is empty is a blank line."""
        if self._text.is_blank:
            self._text = _Text(label=self._text.label)
            self._blanks += 1
        else:
            self._add_line()

    def _end_line(self) -> None:
        """End a line where a paragraph begins or ends; an empty paragraph is one blank line."""
        if not self._text.is_blank:
            self._add_line()
        elif self._text.words or self._blanks:
            self._gap += 1
        self._text = _Text(label=self._text.label)
        self._blanks = 0

    def _add_line(self) -> None:
        alive()
        text, gap = self._text, self._gap + self._blanks
        words, style = text.line(figure=self._figure)
        self.lines.append(Line(words, style, gap, text.linked, tuple(text.cuts)))
        self._text = _Text()
        self._gap = self._blanks = 0
        self._figure = False

    def _add_table(self, table: Any, context: Context) -> bool:
        """Take in a table of data as a whole; False if its cells are to be walked."""

        def read(cell: Any) -> CellText:
            lines = self._lines_in(cell, context)
            text = "\n".join(line.text.strip() for line in lines)
            return CellText(text, sum(line.linked for line in lines))

        data = read_data_table(table, read)
        if data is None:
            return False
        for caption in table.iterfind("caption"):
            self.lines += self._lines_in(caption, context)
        self.lines.append(Line("", Style(kind="table"), self._gap, data.linked, table=data))
        self._gap = 0
        return True

    def _lines_in(self, element: Any, context: Context) -> list[Line]:
        walker = _Walker(self._rules, context)
        walker.walk(element)
        return walker.lines


@dataclass(slots=True)
class _Text:
    """The line that is being written; ``label`` is its number in a list."""

    label: str = ""
    words: str = ""
    linked: int = 0
    cuts: list[int] = field(default_factory=list)
    _bold: list[bool] = field(default_factory=list)
    _sizes: Counter[float] = field(default_factory=Counter)
    _space: str = ""
    _context: Context | None = None

    @property
    def is_blank(self) -> bool:
        return self._context is None

    def cut(self) -> None:
        """Note that a field of the line begins or ends here."""
        if self.words:
            self.cuts.append(len(self.words))

    def put(self, text: str, context: Context) -> None:
        """Append text, white space collapsed (CSS Text 3, 4.1.1 and 4.1.3)."""
        for part in _SPACE.split(text):
            if not part:
                continue
            if part[0] in " \t\n\r\f":
                self._space = "\n" if "\n" in part + self._space else " "
            else:
                self.put_as_is(self._space_before(part[0]) + part, context)

    def put_as_is(self, text: str, context: Context) -> None:
        """Append text, white space kept."""
        text = clean(text).replace("\xa0", " ")
        visible = len(text.strip())
        self.words += text
        self._bold += [context.look.bold or character.isspace() for character in text]
        if visible and context.look.size:
            self._sizes[context.look.size] += visible
        if context.linked:
            self.linked += visible
        if visible and self._context is None:
            self._context = context

    def line(self, *, figure: bool) -> tuple[str, Style]:
        """The whole line and its style, which is that of its first words."""
        context = self._context or Context()
        words = self.words.rstrip()
        label = "" if label_of(words.strip()) else self.label
        bold = next((at for at, one in enumerate(self._bold[: len(words)]) if not one), len(words))
        sizes = self._sizes.most_common(1)
        style = Style(
            level=context.level,
            title=context.title,
            subtitle=context.subtitle,
            bold=bold and bold + len(label),
            centred=context.look.centred,
            indented=context.look.indented,
            size=sizes[0][0] if sizes else None,
            figure=figure,
            listed=context.listed,
            kind=context.kind,
        )
        return label + (words.lstrip() if label else words), style

    def _space_before(self, character: str) -> str:
        space, self._space = self._space, ""
        if not space or not self.words:
            return ""
        # A line end between two Chinese characters only keeps the source narrow.
        narrow = min(self.words[-1], character) < _FIRST_WIDE
        return " " if narrow or space != "\n" else ""


def _sentence_marks(element: Any) -> int:
    """How many commas and full stops there are in an element, as a measure of its text."""
    count = 0
    for inner in element.iter(etree.Element):
        texts = (inner.text if inner.tag not in LEFT_OUT else None, inner.tail)
        count += sum(text.count("，") + text.count("。") for text in texts if text)
    return count
