"""Web archives (.mht, .mhtml): a page and its pictures in one file, as browsers and Word save them.

The container is a mail message with parts (MHTML, RFC 2557); the page is its first part in HTML.
"""

import codecs
import email
import email.policy
import re
from email.message import Message

from .errors import UnreadableReport

_START = re.compile(rb"\s*(?:from: |mime-version:|content-type: multipart/)", re.IGNORECASE)
_FRAMES = re.compile(rb"<frameset\b", re.IGNORECASE)
_ADDRESS = "Snapshot-Content-Location"
"""The header in which browsers note where a page came from."""


def is_archive(data: bytes) -> bool:
    """Whether a file begins as web archives do."""
    return bool(_START.match(data.removeprefix(codecs.BOM_UTF8)))


def page_in_archive(data: bytes, file: str) -> bytes:
    """The page in a web archive; of several the first that is no frame around others.

    What the archive says of its encoding and its address is written into the page.

    Raises:
        UnreadableReport: There is no page in it.
    """
    message = email.message_from_bytes(
        data.removeprefix(codecs.BOM_UTF8).lstrip(), policy=email.policy.compat32
    )
    pages = [
        page
        for part in message.walk()
        if part.get_content_type() == "text/html" and (page := _content(part))
    ]
    if not pages:
        raise UnreadableReport(
            file,
            "网页存档里没有网页。"
            "请用浏览器打开后另存为“网页，仅 HTML”，或用 Word 打开后另存为 .docx。",
        )
    page = next((page for page in pages if not _FRAMES.search(page)), pages[0])
    address = str(message.get(_ADDRESS, "")).strip()
    return _with_address(page, address) if address.isascii() and "-->" not in address else page


def _content(part: Message) -> bytes:
    """The bytes of a part, as UTF-8 if they are in the encoding that its header states."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    if not charset or content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    try:
        return codecs.BOM_UTF8 + content.decode(charset).removeprefix("\ufeff").encode()
    except (LookupError, ValueError):  # the header is wrong, as a page's label often is
        return content


def _with_address(page: bytes, address: str) -> bytes:
    """The page, after a comment that says where it came from, as browsers write it."""
    if not address or page.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return page
    mark = codecs.BOM_UTF8 if page.startswith(codecs.BOM_UTF8) else b""
    comment = f"<!-- saved from url=({len(address):04}){address} -->"
    return mark + comment.encode() + page.removeprefix(mark)
