"""Web pages from bytes to elements: their encoding, and tags as browsers take them."""

# lxml publishes no types.
# ruff: noqa: ANN401

import codecs
import re
from typing import Any

from lxml import etree

from .errors import UnreadableReport
from .source import clean
from .txt import decode

_LOOKED_AT = 4096
"""Bytes in which the label stands; the standard has 1024, and browsers look further too."""

_LABEL = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_ENCODINGS = {
    # What is labelled GB2312 is GBK or GB 18030 (https://encoding.spec.whatwg.org/#names-and-labels).
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
}
_BROKEN_SHARE = 0.01
"""Share of the characters beyond ASCII that may be broken bytes."""

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|meta|title|body|div|p|span|font|table|br|h[1-6]|section|article"
    r"|pre|center|ul|ol|frameset)\b",
    re.IGNORECASE,
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*([^\s\"'<>]+)\s*-->", re.IGNORECASE)
"""The comment in which browsers note where a saved page came from."""

# Three things that libxml2 does unlike the standard. It drops all that follows </html>, which
# content management systems put in the middle of pages; it ends headings and <b> where a <p>
# begins in them, so that they lose their text. Under other names they keep it.
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s/>])", re.IGNORECASE)
_BOLD = re.compile(r"<(/?)b(?=[\s/>])", re.IGNORECASE)

SAVED_FROM = "saved-from-url"

HEADINGS = {f"heading-{level}": level for level in range(1, 7)}
"""The names of the elements h1 to h6 in the tree, and their levels."""


def read_tree(data: bytes, file: str) -> Any:
    """The root element of a web page; of its headings the names are those in ``HEADINGS``.

    Where browsers noted in a comment where the page came from, a ``<meta>`` named `SAVED_FROM`
    says so.

    Raises:
        UnreadableReport: It is no web page, or its encoding is not known.
    """
    text = _decode(data, file)
    if text.strip() and not _MARKUP.search(text):
        raise UnreadableReport(
            file, "不是网页：没有 HTML 标记。纯文本请改名为 .txt，其他文件请改回原来的扩展名。"
        )
    text = _SAVED_FROM.sub(rf'<meta name="{SAVED_FROM}" content="\1">', text, count=1)
    for pattern, name in ((_PAGE_END, ""), (_HEADING, r"<\1heading-\2"), (_BOLD, r"<\1strong")):
        text = pattern.sub(name, text)
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise UnreadableReport(
            file, "网页的标记嵌套过深，读不全。请用浏览器打开，把正文复制到 Word 后另存为 .docx。"
        )
    return etree.Element("html") if root is None else root


def _decode(data: bytes, file: str) -> str:
    """The text of a page: UTF-8 where it is that, then as labelled; labels are often wrong."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data
    label = _LABEL.search(data[:_LOOKED_AT])
    named = _ENCODINGS.get(label[1].decode("ascii").lower()) if label else None
    for encoding in () if marked else filter(None, ("utf-8-sig", named)):
        text = data.decode(encoding, "replace")
        beyond = len(text) - len(text.encode("ascii", "ignore"))
        if text.count("\ufffd") <= _BROKEN_SHARE * beyond:
            return clean(text)
    return decode(data, file)
