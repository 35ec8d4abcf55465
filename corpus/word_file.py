"""Word files by what they are, for their names often say otherwise.

Programs save web pages and RTF under .doc, and people rename .doc to .docx. The first bytes tell;
what cannot be read is called by its name.
"""

import re

from .doc import read_doc
from .docx import read_docx
from .errors import UnreadableReport
from .html import read_html
from .html_archive import is_archive
from .source import Extraction

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of Office programs before 2007 (MS-CFB), and of files with a password since."""

_SECTOR = 512
_WORD = b"\xec\xa5"
"""The first bytes of the stream with a Word file's text (MS-DOC 2.5.2, FibBase.wIdent)."""

_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|title|div|p|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_LOOKED_AT = 4096

_SAVE_AGAIN = "请用 Word 或 WPS 打开后另存为 .docx。"
_LOCKED = "文件设有密码。请用 Word 或 WPS 打开，去掉密码后另存为 .docx。"
_OTHERS = (
    (b"%PDF-", "内容是 PDF，不是 Word 文档。请把扩展名改为 .pdf 后重试。"),
    (b"\x89PNG", "内容是图片，不是 Word 文档。请换成有文字的文件。"),
    (b"\xff\xd8\xff", "内容是图片，不是 Word 文档。请换成有文字的文件。"),
    (b"Rar!", "内容是压缩包（RAR）。请解压后重试。"),
    (b"7z\xbc\xaf", "内容是压缩包（7z）。请解压后重试。"),
)


def read_word(data: bytes, file: str) -> Extraction:
    """A file named .docx, .doc or .rtf, read as what it is: one of these, or a web page.

    Raises:
        UnreadableReport: It is broken, has a password, or is none of these.
    """
    if data.startswith(_ZIP):
        return read_docx(data, file)
    if data.startswith(_COMPOUND):
        return _read_compound(data, file)
    if data.lstrip().startswith(b"{\\rtf"):
        return read_doc(data, file, form=".rtf")
    start = data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "ignore").encode()
    if _PAGE.match(start) or is_archive(start):
        return read_html(data, file)
    for signature, reason in _OTHERS:
        if data.startswith(signature):
            raise UnreadableReport(file, reason)
    raise UnreadableReport(file, f"文件损坏，或者不是 Word 文档。{_SAVE_AGAIN}")


def _read_compound(data: bytes, file: str) -> Extraction:
    if _names(data, "EncryptedPackage"):
        raise UnreadableReport(file, _LOCKED)
    for stream, kind in (
        ("Workbook", "Excel 表格"),
        ("PowerPoint Document", "PowerPoint 演示文稿"),
    ):
        if _names(data, stream) and not _names(data, "WordDocument"):
            raise UnreadableReport(file, f"内容是 {kind}，不是 Word 文档。请把文字另存为 .docx。")
    if _is_encrypted(data):
        raise UnreadableReport(file, _LOCKED)
    return read_doc(data, file)


def _names(data: bytes, stream: str) -> bool:
    """Whether the container's directory has a stream of this name."""
    return stream.encode("utf-16-le") + b"\0\0" in data


def _is_encrypted(data: bytes) -> bool:
    """Whether the text is encrypted (FibBase.fEncrypted); streams begin with a sector."""
    begins = range(_SECTOR, len(data) - _SECTOR, _SECTOR)
    text = next((at for at in begins if data[at : at + 2] == _WORD), None)
    return text is not None and bool(data[text + 11] & 1)
