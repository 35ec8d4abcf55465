"""Markdown files: the rendered plain text, with the heading levels that the marks give."""

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .source import PLAIN, Extraction, SourceWriter, Style
from .txt import decode

_TAG = re.compile(r"<[^<>]*>")
_ENDS_SENTENCE = re.compile(r"[。！？；]$")


def read_markdown(data: bytes, file: str) -> Extraction:
    """The blocks of a Markdown file, marks taken away.

    Raises:
        UnreadableReport: It is binary, or in an encoding that is not known.
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(decode(data, file))
    return _Renderer().render(tokens)


class _Renderer:
    """Walks the tokens and writes their text, one block per line of the original."""

    def __init__(self) -> None:
        self._writer = SourceWriter()
        self._figure = False
        self._lists: list[int | None] = []
        self._cells: list[str] | None = None
        self._rows: list[list[str]] = []
        self._label = ""
        self._style = PLAIN

    def render(self, tokens: Sequence[Token]) -> Extraction:
        for token in tokens:
            self._take(token)
        return self._writer.extraction()

    def _take(self, token: Token) -> None:
        if token.type == "heading_open":
            self._style = Style(level=int(token.tag[1:]))
        elif token.type == "heading_close":
            self._style = PLAIN
        elif token.type == "inline":
            self._inline(token)
        elif token.type in {"code_block", "fence"}:
            self._add(token.content, PLAIN)
        elif token.type == "html_block":
            self._add(_TAG.sub("", token.content), PLAIN)
        else:
            self._list_or_table(token)

    def _list_or_table(self, token: Token) -> None:
        if token.type == "ordered_list_open":
            self._lists.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            self._lists.append(None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            self._open_item(token)
        elif token.type == "tr_open":
            self._cells = []
        elif token.type == "tr_close":
            self._rows.append(self._cells or [])
            self._cells = None
        elif token.type == "table_close":
            self._writer.add_table(self._rows, gap=1)
            self._rows = []

    def _open_item(self, token: Token) -> None:
        number = self._lists[-1]
        if number is not None:
            self._label = f"{number}{token.markup} "
            self._lists[-1] = number + 1

    def _inline(self, token: Token) -> None:
        text, bold = self._text(token.children or ())
        if self._cells is not None:
            self._cells.append(" ".join(text.split()))
            return
        style = self._style
        if style.level and _ENDS_SENTENCE.search(text):
            # A paragraph over a line of dashes is a heading to Markdown, and to nobody else.
            style = PLAIN
        if self._lists:
            style = replace(style, listed=True)
        self._add(self._label + text, replace(style, bold=bold and bold + len(self._label)))
        self._label = ""

    def _add(self, text: str, style: Style) -> None:
        if text.strip():
            self._writer.add(text, replace(style, figure=self._figure), gap=1)
            self._figure = False

    def _text(self, children: Sequence[Token]) -> tuple[str, int]:
        """Plain text, and how many characters at its start are bold."""
        text, bold, depth = "", 0, 0
        for child in children:
            depth += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
            if child.type in {"text", "code_inline"}:
                whole = bold == len(text)
                text += child.content
                bold = len(text) if depth and whole else bold
            elif child.type in {"softbreak", "hardbreak"}:
                text += "\n"
            elif child.type == "image":
                self._figure = True
        return text, bold
