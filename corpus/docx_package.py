"""The parts of a Word file: XML documents in a zip archive (ISO/IEC 29500-2, 29500-1 section 11).

Only the parts with text are unpacked, and a part that is missing costs itself: Word and WPS open
files with links to pictures that were deleted, on which libraries that load every part give up.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import posixpath
import re
import zipfile
from typing import Any

from lxml import etree

from .errors import UnreadableReport

_LIMIT = 200 << 20
"""Bytes that a package may unpack to; real reports stay under a hundredth of it."""

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
"""Namespaces of the Strict variant; each has a name in the usual (Transitional) one."""

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OTHER_PROGRAMS = {"spreadsheetml": "Excel 表格", "presentationml": "PowerPoint 演示文稿"}
_OFF = frozenset({"0", "false", "off", "none"})
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def w(name: str) -> str:
    """The full name of a WordprocessingML element or attribute."""
    return _W + name


def value(element: Any | None, attribute: str = "val") -> str:
    """An attribute of WordprocessingML; empty where it, or the element, is missing."""
    return "" if element is None else str(element.get(_W + attribute, ""))


def number(element: Any | None, attribute: str = "val") -> int | None:
    """An attribute that is a whole number; None where it is missing or none."""
    text = value(element, attribute)
    return int(text) if text.isdecimal() else None


def is_on(element: Any | None) -> bool:
    """Whether a property that is on or off is on: it is where it stands and does not say off."""
    return element is not None and value(element) not in _OFF


class Package:
    """An open Word file: its main document, and the parts beside it."""

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        """Find and parse the main document.

        Raises:
            UnreadableReport: It unpacks too large, or holds no document of Word's.
            zipfile.BadZipFile: It is broken.
            etree.XMLSyntaxError: As above.
        """
        if sum(entry.file_size for entry in archive.infolist()) > _LIMIT:
            raise UnreadableReport(
                file,
                f"解压后超过 {_LIMIT >> 20} MB，不像正常的报告。请确认来源，或删去大图后重试。",
            )
        self._archive = archive
        # Names differ in case between writers, and some write the separator of Windows.
        self._names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        main = self._related("").get("officeDocument", "word/document.xml")
        document = self._xml(main)
        if document is None or document.tag != w("document"):
            raise UnreadableReport(file, _not_word("" if document is None else document.tag))
        self.document = document
        self._beside = self._related(main)

    def part(self, kind: str) -> Any | None:
        """The root of a part beside the document (``styles``, ``footnotes``), if there is one."""
        name = self._beside.get(kind)
        return None if name is None else self._xml(name)

    def _related(self, part: str) -> dict[str, str]:
        """The parts that a part refers to, by the last word of the relationship's type."""
        folder, name = posixpath.split(part)
        root = self._xml(posixpath.join(folder, "_rels", name + ".rels"))
        found: dict[str, str] = {}
        for relation in () if root is None else root.iter(_RELATIONSHIP):
            if relation.get("TargetMode") != "External":
                target = posixpath.join("/" + folder, relation.get("Target", ""))
                kind = relation.get("Type", "").rpartition("/")[2]
                found.setdefault(kind, posixpath.normpath(target).lstrip("/"))
        return found

    def _xml(self, name: str) -> Any | None:
        stored = self._names.get(name.lower())
        if stored is None:
            return None
        data = _STRICT.sub(
            rb"http://schemas.openxmlformats.org/\1/2006/", self._archive.read(stored)
        )
        parser = etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True)
        root = etree.fromstring(data, parser)
        if root.getroottree().docinfo.internalDTD is not None:
            # The format has none (29500-2, 8.1.4); what has entities of its own attacks parsers.
            raise zipfile.BadZipFile(f"{name} has a document type")
        return root


def _not_word(root: str) -> str:
    for namespace, program in _OTHER_PROGRAMS.items():
        if namespace in root:
            return f"内容是 {program}，不是 Word 文档。请把要读的文字另存为 .docx 后重试。"
    return "压缩包里没有 Word 文档。请用 Word 或 WPS 打开后另存为 .docx。"
