"""Markdown files: the rendered plain text, with the heading levels that the marks give.

CommonMark, with the tables and struck text of GitHub and with footnotes. Three things are read
unlike it, for so reports are written: lines indented by four spaces are paragraphs and no code,
emphasis may touch Chinese punctuation, and ``##标题`` needs no space.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from .front_matter import read_front_matter
from .heartbeat import alive
from .html_lines import read_lines
from .html_tree import read_tree
from .source import PLAIN, Extraction, SourceWriter, Style, clean
from .txt import decode

_ENDS_SENTENCE = re.compile(r"[。！？；]$")
_LONGEST_UNDERLINED = 60
"""Characters of a heading that is marked by the line under it; longer is text over a rule."""

_HASHES = re.compile(r"(#{1,6})(?=[^#\s])(?=[^#]*$)")
_CONTENTS = re.compile(r"@?\[\[?(?:TOC|toc)\]\]?")
_TASK = re.compile(r"\[([ xX])\]\s+")
_INDENT = re.compile(r"\u3000|[ \t\xa0]{2}")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"<(/?)(?:b|strong)>", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b", re.IGNORECASE)

# Emphasis may not begin before punctuation or end behind it, next to a letter. That was made for
# languages with spaces: **一是扩面。**各县 stays as it is typed. A character that nobody sees, and
# that is no punctuation, is put between.
_WIDE = "\u2014\u2018-\u201d\u2026\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_UNSEEN = "\u200b"
_OPENING = re.compile(rf"(?<=[^\s*~])(\*+|~~)(?=[\"'(\[<~{_WIDE}])")
_CLOSING = re.compile(rf"(?<=[\"')\]>~%{_WIDE}])(\*+|~~)(?=[^\s*~])")

# [注]: 快报数。 would be the target of a link, and not be seen.
_NO_TARGET = re.compile(r"^( {0,3})\[(?!\^)(?=[^\]\n]+\]:[ \t]*[^\x00-\x7f])", re.MULTILINE)


def read_markdown(data: bytes, file: str) -> Extraction:
    """The blocks of a Markdown file, marks taken away.

    Notes follow the paragraph that refers to them, without their marks. What front matter states
    becomes facts.

    Raises:
        UnreadableReport: It is binary, or in an encoding that is not known.
    """
    text = decode(data, file)
    matter = read_front_matter(text)
    renderer = _Renderer(file)
    renderer.write_text(matter.text)
    renderer.write(text[matter.end :])
    return renderer.source.extraction(facts=matter.facts)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    return parser.use(footnote_plugin, move_to_end=False)


@dataclass(slots=True)
class _Line:
    """A line of text, and of each of its characters whether it is bold."""

    text: str = ""
    bold: list[bool] = field(default_factory=list)

    def put(self, text: str, *, bold: bool) -> None:
        text = clean(text)
        self.text += text
        self.bold += [bold] * len(text)

    def cut(self, length: int, label: str) -> None:
        """Put a label in the place of the first characters, bold if what follows is."""
        self.text = label + self.text[length:]
        self.bold = self.bold[length : length + 1] * len(label) + self.bold[length:]


@dataclass(slots=True)
class _Inline:
    """What the inside of a paragraph shows."""

    lines: list[_Line]
    notes: list[dict[str, Any]]
    figure: bool
    leads_on: bool
    """Whether all of it is a link to a place in the same file."""


@dataclass(slots=True)
class _List:
    """A list that is open; ``number`` is that of its last item, None where it has bullets."""

    number: int | None


class _Renderer:
    """Walks the tokens and writes their text, one block per line of the original."""

    def __init__(self, file: str) -> None:
        self.source = SourceWriter()
        self._file = file
        self._parser = _parser()
        self._lines: Sequence[str] = ()
        self._notes: dict[str, list[Token]] = {}
        self._inline_notes: dict[int, Any] = {}
        self._figure = False
        self._lists: list[_List] = []
        self._cells: list[str] | None = None
        self._rows: list[list[str]] = []
        self._waiting: list[dict[str, Any]] = []
        self._label = ""
        self._starts_item = False
        self._heading: Token | None = None
        self._base = PLAIN
        self._nested = False

    def write_text(self, text: str) -> None:
        """Write text that is no Markdown, line by line, as no heading and not to be joined."""
        style = replace(self._base, kind=self._base.kind or "body")
        for number, line in enumerate(text.strip("\n").split("\n")):
            self._add(line, style, gap=0 if number else 1)

    def write(self, text: str) -> None:
        """Write a text in Markdown."""
        text = _CLOSING.sub(rf"{_UNSEEN}\1", _OPENING.sub(rf"\1{_UNSEEN}", text))
        text = _NO_TARGET.sub(r"\1\\[", text)
        outer = self._lines, self._notes, self._inline_notes
        environment: dict[str, Any] = {}
        tokens = self._parser.parse(text, environment)
        notes = environment.get("footnotes", {})
        self._lines = text.split("\n")
        self._inline_notes = notes.get("list", {})
        used = {note.get("label") for note in self._inline_notes.values()}
        self._notes, tokens = _take_notes(tokens, used)
        self._walk(tokens)
        # Notes that only refer to each other.
        self._waiting = [{"label": label} for label in self._notes]
        self._write_notes()
        self._lines, self._notes, self._inline_notes = outer

    def _walk(self, tokens: Sequence[Token]) -> None:
        for token in _joined_html(tokens):
            alive()
            self._take(token)

    def _take(self, token: Token) -> None:
        if token.type == "heading_open":
            self._heading = token
        elif token.type == "heading_close":
            self._heading = None
        elif token.type == "inline":
            self._take_inline(token)
        elif token.type == "fence" and self._holds_markdown(token):
            self._nested = True
            self.write(token.content)
            self._nested = False
        elif token.type in {"code_block", "fence"}:
            self.write_text(token.content)
        elif token.type == "html_block":
            self._add_html(token.content)
        elif token.type in {"footnote_reference_open", "footnote_reference_close"}:
            self._base = Style(kind="note") if token.nesting > 0 else PLAIN
            self._write_notes()
        else:
            self._list_or_table(token)

    def _holds_markdown(self, fence: Token) -> bool:
        """Whether a fence is around Markdown, or is but a line of signs that no other closes.

        Programs that were asked for Markdown may give all of it in a fence.
        """
        start, end = fence.map or (0, 0)
        last = self._lines[end - 1].lstrip("> ").rstrip() if end - start > 1 else ""
        is_open = not last or bool(last.strip(fence.markup[0]))
        return (is_open or fence.info.strip().lower() in {"markdown", "md"}) and not self._nested

    def _list_or_table(self, token: Token) -> None:
        if token.type == "ordered_list_open":
            start = token.attrGet("start")
            self._lists.append(_List((1 if start is None else int(start)) - 1))
        elif token.type == "bullet_list_open":
            self._lists.append(_List(None))
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            self._open_item(token)
        elif token.type == "list_item_close":
            self._label, self._starts_item = "", False
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close":
            self._rows.append(self._cells or [])
            self._cells = None
        elif token.type == "table_close":
            # An empty head says that there is none.
            head = None if any(map(str.strip, self._rows[0])) else 0
            self.source.add_table(self._rows, head_rows=head, gap=1)
            self._rows, self._figure = [], False
            self._write_notes()

    def _open_item(self, token: Token) -> None:
        entry = self._lists[-1]
        self._starts_item = True
        if entry.number is not None:
            # Numbers are shown as typed, unless all are typed alike to be counted.
            typed = int(token.info) if token.info.isdecimal() else 0
            entry.number = typed if typed > entry.number else entry.number + 1
            self._label = f"{entry.number}{token.markup} "

    def _take_inline(self, token: Token) -> None:
        inline = _inline(token.children or (), self._inline_notes)
        if self._heading is not None and self._heading.markup.startswith("#"):
            inline.lines = [_joined(inline.lines)]
        self._waiting += inline.notes
        if self._cells is not None:
            self._cells.append("\n".join(line.text for line in inline.lines))
            return
        self._figure = self._figure or inline.figure
        self._mark_item(inline.lines[0])
        indents = self._indents(token, len(inline.lines))
        for number, (line, indented) in enumerate(zip(inline.lines, indents, strict=True)):
            style = replace(self._style(line, inline), indented=indented)
            self._add(line.text, replace(style, bold=_bold(line)), gap=0 if number else 1)
        self._write_notes()

    def _mark_item(self, line: _Line) -> None:
        """Put the number before the first line of an item, and show whether a task is done."""
        task = _TASK.match(line.text) if self._starts_item else None
        done = "" if task is None else "☐ " if task[1] == " " else "☑ "
        line.cut(task.end() if task else 0, self._label + done)
        self._label, self._starts_item = "", False

    def _style(self, line: _Line, inline: _Inline) -> Style:
        if self._heading is not None:
            return replace(self._base, level=_heading_level(self._heading, inline.lines))
        if (inline.leads_on and self._lists) or _CONTENTS.fullmatch(line.text.strip()):
            return replace(self._base, kind="contents")
        if self._lists:
            return replace(self._base, listed=True)
        hashes = _HASHES.match(line.text)
        if hashes is None:
            return self._base
        line.cut(hashes.end(), "")
        return replace(self._base, level=len(hashes[1]))

    def _indents(self, token: Token, count: int) -> list[bool]:
        """Of each line of a paragraph whether it is indented in the file."""
        start, end = token.map or (0, 0)
        lines = self._lines[start:end]
        if self._lists or len(lines) != count:
            return [False] * count
        return [bool(_INDENT.match(line)) for line in lines]

    def _add(self, text: str, style: Style, *, gap: int = 1) -> None:
        if text.strip():
            self.source.add(text, replace(style, figure=self._figure), gap=gap)
            self._figure = False

    def _add_html(self, content: str) -> None:
        """Write what HTML shows; converters put tables into Markdown so, for their merged cells."""
        root = read_tree(f"<html><body>{content}</body></html>".encode(), self._file)
        for line in read_lines(root).lines:
            if line.table is not None:
                self.source.add_table(line.table.rows, head_rows=line.table.head_rows, gap=1)
            else:
                kind = self._base.kind or line.style.kind
                self._add(line.text, replace(line.style, kind=kind))
        self._figure = self._figure or bool(_PICTURE.search(content))

    def _write_notes(self) -> None:
        """Write the notes that the paragraph or table before is the first to refer to.

        Those that a note refers to come after it.
        """
        if self._base.kind == "note":
            return
        outer = self._base, self._lists, self._heading
        self._base, self._lists, self._heading = Style(kind="note"), [], None
        while self._waiting:
            note = self._waiting.pop(0)
            if "tokens" in note:
                self._take_inline(Token("inline", "", 0, children=note["tokens"]))
            else:
                self._walk(self._notes.pop(note["label"], ()))
        self._base, self._lists, self._heading = outer


def _take_notes(
    tokens: Sequence[Token], used: set[str | None]
) -> tuple[dict[str, list[Token]], list[Token]]:
    """The notes that are referred to, by their labels, and all other tokens.

    A note that is defined in another is part of it.
    """
    notes: dict[str, list[Token]] = {}
    others: list[Token] = []
    into, depth = others, 0
    for token in tokens:
        if token.type in {"footnote_reference_open", "footnote_reference_close"}:
            outermost = max(depth, depth + token.nesting) == 1
            depth += token.nesting
            if outermost and token.nesting > 0 and token.meta["label"] in used:
                into = notes.setdefault(token.meta["label"], [])
            elif outermost and into is not others:
                into = others
            elif outermost:
                others.append(token)
        else:
            into.append(token)
    return notes, others


def _joined_html(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, HTML in one piece that blank lines part."""
    joined: list[Token] = []
    for token in tokens:
        if token.type == "html_block" and joined and joined[-1].type == "html_block":
            joined[-1] = joined[-1].copy(content=joined[-1].content + token.content)
        else:
            joined.append(token)
    return joined


def _inline(children: Sequence[Token], notes: dict[int, Any]) -> _Inline:
    lines = [_Line()]
    found: list[dict[str, Any]] = []
    depth = links = 0
    figure, linked, leads_on = False, False, True
    for child in children:
        if child.type in {"strong_open", "strong_close"}:
            depth += child.nesting
        elif child.type in {"link_open", "link_close"}:
            links += child.nesting * str(child.attrGet("href") or "#").startswith("#")
        elif child.type in {"text", "code_inline"}:
            lines[-1].put(child.content, bold=depth > 0)
            linked = linked or links > 0
            leads_on = leads_on and (links > 0 or not child.content.strip())
        elif child.type in {"softbreak", "hardbreak"} or _BREAK.fullmatch(child.content):
            lines.append(_Line())
        elif child.type == "html_inline":
            tag = _BOLD_TAG.fullmatch(child.content)
            depth += (-1 if tag[1] else 1) if tag else 0
            figure = figure or bool(_PICTURE.match(child.content))
        elif child.type == "footnote_ref":
            found.append(notes[child.meta["id"]])
        figure = figure or child.type == "image"
    return _Inline(lines, found, figure, linked and leads_on)


def _joined(lines: Sequence[_Line]) -> _Line:
    """One line of the lines of a heading."""
    whole = _Line()
    for line in lines:
        whole.text += line.text
        whole.bold += line.bold
    return whole


def _heading_level(heading: Token, lines: Sequence[_Line]) -> int | None:
    """The level of a heading; none where it is but text over a line of dashes."""
    if heading.markup.startswith("#"):
        return int(heading.tag[1:])
    text = lines[0].text
    is_text = len(lines) > 1 or len(text) > _LONGEST_UNDERLINED or _ENDS_SENTENCE.search(text)
    return None if is_text else int(heading.tag[1:])


def _bold(line: _Line) -> int:
    return line.bold.index(False) if False in line.bold else len(line.bold)
