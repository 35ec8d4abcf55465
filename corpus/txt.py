"""Plain text files: which encoding, and which lines."""

import codecs
import unicodedata

from .errors import UnreadableReport
from .source import Block, Extraction, Style, clean, lines
from .types import Span

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

_ODD_CATEGORIES = frozenset({"Cc", "Cn", "Co", "Cs"})


def read_txt(data: bytes, file: str) -> Extraction:
    """The lines of a text file.

    Raises:
        UnreadableReport: It is binary, or in an encoding that is not known.
    """
    text = decode(data, file)
    blocks = tuple(
        Block(text[start:end], (Span(start, end),), gap, _style(text, start))
        for start, end, gap in lines(text)
    )
    return Extraction(text, blocks, sees_pictures=False)


def decode(data: bytes, file: str) -> str:
    """The text of a file, with line feeds as line ends.

    Raises:
        UnreadableReport: It is binary, or in an encoding that is not known.
    """
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    if not marked and b"\0" in data:
        raise UnreadableReport(
            file,
            "内容是二进制数据，不是文本。请确认文件类型，用原来的程序打开后另存为 UTF-8 文本。",
        )
    for encoding in marked[:1] or ("utf-8", "gb18030"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > _BROKEN_SHARE * len(text):
            continue
        if _looks_binary(text):
            raise UnreadableReport(
                file,
                "含有大量控制字符或乱码，不像文本。请确认文件没有损坏，另存为 UTF-8 文本后重试。",
            )
        return clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    raise UnreadableReport(
        file, "无法识别文字编码（试过 UTF-8、UTF-16 和 GB18030）。请另存为 UTF-8 文本后重试。"
    )


def _looks_binary(text: str) -> bool:
    odd = sum(
        unicodedata.category(character) in _ODD_CATEGORIES and not character.isspace()
        for character in text
    )
    return odd > _ODD_SHARE * len(text)


def _style(text: str, start: int) -> Style:
    line_start = text.rfind("\n", 0, start) + 1
    return Style(indented=start > line_start)
