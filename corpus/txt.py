"""Plain text files: which encoding, and which lines."""

import codecs
import contextlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from .encodings import guess_encoding
from .errors import UnreadableReport
from .source import Block, Extraction, SourceWriter, Style, clean, lines
from .txt_tables import TextTable, tables_in
from .types import Doubt, Span

_MARKS = (
    # UTF-32 before UTF-16: its mark begins with the other's.
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BROKEN_SHARE = 0.002
"""Share of characters that may be broken bytes: a damaged file is read, and shows � there."""

_ODD_SHARE = 0.02
"""Share of control, private and unassigned characters that text stays below.

GB18030 gives a meaning to almost any bytes; binary data read in it is full of these.
"""

_FEW = 3
"""As many of either kind may be in a short text, if they are no more than a tenth of it."""

_ODD_CATEGORIES = frozenset({"Cc", "Cn", "Co", "Cs"})

_QUOTED = 24
"""Characters of a line that are enough to find it."""

_LINE_END = re.compile("\r\n|[\r\v\x85\u2028\u2029]")
_PAGE_END = re.compile("\n?\f\n?")
_CONTROLS = dict.fromkeys(
    code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"
)


def read_txt(data: bytes, file: str) -> Extraction:
    """The lines of a text file.

    Raises:
        UnreadableReport: It is binary, or in an encoding that is not known.
    """
    text = decode(data, file)
    if tables := list(tables_in(text.split("\n"))):
        return _with_tables(text.split("\n"), tables)
    blocks = tuple(
        Block(text[start:end], (Span(start, end),), gap, _style(text, start))
        for start, end, gap in lines(text)
    )
    return Extraction(text, blocks, sees_pictures=False, doubts=broken_characters(blocks))


def _with_tables(text: Sequence[str], tables: Sequence[TextTable]) -> Extraction:
    """The lines of a text, its tables in Markdown."""
    writer = SourceWriter()
    line = gap = 0
    for table in (*tables, None):
        for words in text[line : table.first if table else len(text)]:
            if words.strip():
                writer.add(words, gap=gap)
            gap = 0 if words.strip() else gap + 1
        if table:
            writer.add_table(table.rows, head_rows=1, gap=gap)
            line, gap = table.last, 0
    extraction = writer.extraction(sees_pictures=False)
    return replace(extraction, doubts=broken_characters(extraction.blocks))


def decode(data: bytes, file: str) -> str:
    """The text of a file, with line feeds as line ends (Unicode 5.8) and no control characters.

    UTF-8, UTF-16, UTF-32, GB18030 and Big5 with the Hong Kong characters are told apart by their
    marks or by the text that they would give. A few broken bytes become U+FFFD.

    Raises:
        UnreadableReport: It is binary, or in an encoding that is not known.
    """
    encoding = _encoding(data)
    text = data.decode(encoding, "replace") if encoding else ""
    if encoding is None or not _is_sound(text):
        raise UnreadableReport(
            file,
            "不是文本，或者文字编码无法识别（试过 UTF-8、UTF-16、GB18030 和 Big5）。"
            "请确认文件类型，用原来的程序打开后另存为 UTF-8 文本。",
        )
    text = _PAGE_END.sub("\n", _LINE_END.sub("\n", text))
    return clean(text.translate(_CONTROLS))


def broken_characters(blocks: Sequence[Block]) -> tuple[Doubt, ...]:
    """A doubt for every line with characters that could not be decoded."""
    return tuple(
        Doubt("broken-characters", block.text[:_QUOTED])
        for block in blocks
        if "\ufffd" in block.text
    )


def _encoding(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    # Text in UTF-16 may be valid UTF-8, too, if it is mostly ASCII, each character with a NUL.
    if b"\0" not in data:
        with contextlib.suppress(UnicodeDecodeError):
            data.decode()
            return "utf-8"
    return guess_encoding(data)


def _is_sound(text: str) -> bool:
    """Whether there are no more broken and odd characters than damage explains."""
    counts = Counter(text)
    odd = sum(
        count
        for character, count in counts.items()
        if unicodedata.category(character) in _ODD_CATEGORIES and not character.isspace()
    )
    few = min(_FEW, len(text) / 10)
    broken = counts["\ufffd"]
    return broken <= max(few, _BROKEN_SHARE * len(text)) and odd <= max(few, _ODD_SHARE * len(text))


def _style(text: str, start: int) -> Style:
    line_start = text.rfind("\n", 0, start) + 1
    return Style(indented=start > line_start)
