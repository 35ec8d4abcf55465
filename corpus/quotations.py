"""The quotations in an article that somebody writes from reports, in Markdown or Word.

Quotations stand in quotation marks (“…”, 「…」, 『…』, "…") or are set apart as blocks: ``>`` in
Markdown, the styles Quote (引用) and Intense Quote (明显引用) in Word.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .docx import read_docx
from .errors import UnreadableReport, UnsupportedFormat
from .formats import ARTICLES
from .front_matter import read_front_matter
from .tables import row_of
from .txt import decode
from .types import Quotation

_CLOSING = {"“": "”", "「": "」", "『": "』", '"': '"', "＂": "＂"}
_ATTRIBUTION = re.compile(r"\s*(?:—|―|--|－－)")
"""How the line below a block quotation begins that says where it is from."""

_LARGEST_FILE = 50 << 20
"""Bytes of an article that is read."""


def quotations_in_process(path: Path, *, file: str) -> tuple[Quotation, ...]:
    """All quotations of an article, in order, in this process and without limits.

    Raises:
        UnsupportedFormat: It is neither Markdown nor a Word file (``.docx``).
        UnreadableReport: It is not there, too large or broken.
    """
    suffix = path.suffix.lower()
    if suffix not in ARTICLES:
        raise UnsupportedFormat(
            file, "只核对 Markdown（.md）和 Word（.docx）文稿。请另存为其中一种后重试。"
        )
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST_FILE + 1)
    except OSError as error:
        reason = "文件不存在" if isinstance(error, FileNotFoundError) else error.strerror or error
        raise UnreadableReport(file, f"{reason}。请检查路径和权限。") from error
    if len(data) > _LARGEST_FILE:
        raise UnreadableReport(
            file, f"文件超过 {_LARGEST_FILE >> 20} MB。请删去大图，或拆成几个文件后重试。"
        )
    return tuple(_of_word(data, file) if suffix == ".docx" else _of_markdown(data, file))


def quoted_in(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of a text that stand in quotation marks, without the marks, outermost only.

    A quotation that is not closed goes on to the end: one of several paragraphs is opened anew in
    each and closed in the last.
    """
    start, opening, depth = 0, "", 0
    for place, sign in enumerate(text):
        if not opening:
            if sign in _CLOSING:
                start, opening, depth = place + 1, sign, 1
        elif sign == _CLOSING[opening]:
            depth -= 1
            if not depth:
                yield start, place
                opening = ""
        elif sign == opening:
            depth += 1
    if opening:
        yield start, len(text)


def _of_markdown(data: bytes, file: str) -> Iterator[Quotation]:
    text = decode(data, file)
    matter = read_front_matter(text).end
    above = text.count("\n", 0, matter)
    parser = MarkdownIt("commonmark").enable("table").disable("code")
    deep = 0
    line = above + 1
    for token in parser.parse(text[matter:]):
        if token.map:
            line = above + token.map[0] + 1
        deep += token.type == "blockquote_open"
        deep -= token.type == "blockquote_close"
        if token.type == "inline":
            shown = "".join(_shown(token.children or ()))
            for start, quote, block in _quotes(shown, block=deep > 0):
                yield Quotation(quote, line + shown.count("\n", 0, start), None, block)


def _shown(children: Sequence[Token]) -> Iterator[str]:
    """The text of a paragraph without marks, its lines as in the file."""
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type not in {"html_inline", "image"}:
            yield child.content


def _of_word(data: bytes, file: str) -> Iterator[Quotation]:
    for number, block in enumerate(read_docx(data, file).blocks, 1):
        begin = row_of(block.text)[1] if block.style.kind == "table" else 0
        for _, quote, is_block in _quotes(block.text[begin:], block=block.style.quoted):
            yield Quotation(quote, None, number, is_block)


def _quotes(text: str, *, block: bool) -> Iterator[tuple[int, str, bool]]:
    """The quotations of a paragraph: where each begins, what it says, whether it is a block."""
    if not block:
        for start, end in quoted_in(text):
            yield start, text[start:end], False
        return
    lines = [line for line in text.split("\n") if not _ATTRIBUTION.match(line)]
    quote = "\n".join(lines).strip()
    whole = list(quoted_in(quote))
    if len(whole) == 1 and whole[0][0] == 1 and whole[0][1] >= len(quote) - 1:
        quote = quote[slice(*whole[0])]
    if quote:
        yield 0, quote, True
