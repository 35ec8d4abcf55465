"""PDF files: pages with text where it stands; scanned pages are recognised if OCR is installed.

PDFium, through pypdfium2, reads the file. It may be used by one thread at a time only.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from . import ocr
from .errors import UnreadableReport
from .heartbeat import alive
from .layout import read_pages
from .page import Box, Page
from .pdf_frame import Frame
from .pdf_graphics import Graphics, read_graphics
from .pdf_text import Characters, read_characters, read_lines
from .source import Extraction
from .types import Doubt

_MOST_PAGES = 3000
_MOST_CHARACTERS = 100_000
"""On one page; a page of a newspaper has a tenth of it."""

_FEW = 10
"""Characters of a scanned page that are text: a page number, a stamp."""

_COVERED = 0.5
"""Share of a page from which a picture may be the page itself, scanned."""

_BACKGROUND = 0.85
"""Share of a page from which a picture under text is its background."""

_GARBLED = 0.3
"""Share of characters without a meaning from which the text layer is of no use."""

_OUTLINES = 200
"""Paths on a page without text that are text turned into outlines."""

_SMALLEST_FIGURE = 24.0
"""Points; smaller are bullets, seals and icons in the text."""

_DPI = 200.0
_MOST_PIXELS = 30_000_000
"""Of a picture that is recognised; large sheets are rendered in less than ``_DPI``."""

_BROKEN = "文件损坏，或者不是 PDF 文件。请用 PDF 阅读器打开后另存（或打印为 PDF）后重试。"
_ENCRYPTED = "文件已加密，需要密码才能打开。请在 PDF 阅读器中输入密码，去掉加密后另存，再重试。"
_SCANNED = (
    f"各页都是扫描的图片，没有文字。请安装文字识别组件后重试（{ocr.INSTALL}），或换用带文字的版本。"
)
_TOO_MANY = f"共 {{count}} 页，超过 {_MOST_PAGES} 页。请拆成几个文件后重试。"
_TOO_FULL = f"第{{number}}页有超过 {_MOST_CHARACTERS} 个字符，不像正常的报告。请确认来源后重试。"


@dataclass(frozen=True, slots=True)
class _Read:
    """A page, and what is doubtful about it, if anything: a code of `Doubt`."""

    page: Page
    doubt: str | None = None

    @property
    def is_text(self) -> bool:
        return self.doubt not in {"scanned-page", "broken-page"}


def read_pdf(data: bytes, file: str) -> Extraction:
    """The text of a PDF file, in reading order.

    Doubts: ``scanned-page`` (a picture of a page, left out for want of OCR), ``recognised-page``
    (read from a picture, by us or by who made the file), ``broken-page`` (cannot be read).

    Raises:
        UnreadableReport: It is broken, encrypted, no PDF file, scanned while OCR is not installed,
            or beyond all measure.
    """
    document = open_pdf(data, file)
    try:
        count = len(document)
        if count > _MOST_PAGES:
            raise UnreadableReport(file, _TOO_MANY.format(count=count))
        reads = [_read_page(document, index, file) for index in range(count)]
    finally:
        document.close()
    left_out = {read.doubt for read in reads if not read.is_text}
    if all(read.doubt == "broken-page" for read in reads):
        raise UnreadableReport(file, _BROKEN)
    if "scanned-page" in left_out and not any(read.is_text and read.page.lines for read in reads):
        raise UnreadableReport(file, _SCANNED)
    doubts = [Doubt(read.doubt, f"第{read.page.number}页") for read in reads if read.doubt]
    return read_pages([read.page for read in reads], doubts=doubts)


def open_pdf(data: bytes, file: str) -> Any:  # noqa: ANN401 - untyped library
    """The document; to be closed.

    Raises:
        UnreadableReport: It is broken, encrypted, or no PDF file.
    """
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        encrypted = error.err_code == raw.FPDF_ERR_PASSWORD
        raise UnreadableReport(file, _ENCRYPTED if encrypted else _BROKEN) from error


def _read_page(document: Any, index: int, file: str) -> _Read:  # noqa: ANN401 - untyped library
    alive()
    try:
        page = document[index]
    except pdfium.PdfiumError:
        return _Read(Page(index + 1, 0, 0, ()), "broken-page")
    try:
        drawn = read_characters(page, most=_MOST_CHARACTERS)
        if drawn is None:
            raise UnreadableReport(file, _TOO_FULL.format(number=index + 1))
        frame = _frame(page, drawn)
        graphics = read_graphics(page, frame)
        visible = drawn.visible
        covered = _is_covered(frame, graphics)
        layered = covered and visible.readable <= _FEW < drawn.readable and _has_text(drawn)
        printed = _printed(page, index + 1, drawn if layered else visible, frame, graphics)
        if layered:
            return _Read(replace(printed, pictures=(), recognised=True), "recognised-page")
        if _is_picture(visible, graphics, covered=covered):
            return _recognised(page, printed)
        return _Read(printed)
    finally:
        page.close()


def _frame(page: Any, characters: Characters) -> Frame:  # noqa: ANN401 - untyped library
    """The frame in which most of the text is upright."""
    shown = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, shown)
    quarter = characters.quarter
    turns = page.get_rotation() // 90 if quarter is None else quarter
    return Frame(shown.left, shown.bottom, shown.right, shown.top, turns)


def _printed(
    page: Any,  # noqa: ANN401 - untyped library
    number: int,
    characters: Characters,
    frame: Frame,
    graphics: Graphics,
) -> Page:
    """The page as its text layer and its drawing tell it."""
    width, height = frame.size
    pictures = [box for box in graphics.pictures if _is_figure(box, width, height)]
    lines = read_lines(characters, frame, graphics.walls)
    return Page(
        number,
        width,
        height,
        tuple(lines) if _has_text(characters) else (),
        tuple(pictures),
        rules=tuple(graphics.rules),
        turns=(frame.turns - page.get_rotation() // 90) % 4,
    )


def _is_figure(box: Box, width: float, height: float) -> bool:
    """Whether a picture is one that belongs to the text: no bullet, and no background."""
    small = min(box[2] - box[0], box[3] - box[1]) < _SMALLEST_FIGURE
    return not small and _area(box) < _BACKGROUND * width * height


def _has_text(characters: Characters) -> bool:
    """Whether the text layer can be read."""
    return characters.garbled <= _GARBLED * (characters.readable + characters.garbled)


def _is_covered(frame: Frame, graphics: Graphics) -> bool:
    """Whether pictures cover most of a page; scans come in strips as well."""
    width, height = frame.size
    return sum(map(_area, graphics.pictures)) >= _COVERED * width * height


def _is_picture(characters: Characters, graphics: Graphics, *, covered: bool) -> bool:
    """Whether the text of a page can only be seen: a scan, outlines, letters without a meaning."""
    few = characters.readable <= _FEW
    return not _has_text(characters) or (few and (covered or graphics.paths >= _OUTLINES))


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _recognised(page: Any, printed: Page) -> _Read:  # noqa: ANN401 - untyped library
    """The page as OCR reads it; as it is printed, where that tells more."""
    if not ocr.available():
        return _Read(printed, "scanned-page")
    dpi = min(_DPI, 72 * math.sqrt(_MOST_PIXELS / max(1.0, printed.width * printed.height)))
    image = page.render(scale=dpi / 72).to_pil()
    found = ocr.recognise(image, number=printed.number, dpi=dpi)
    if _length(found) <= _length(printed):
        return _Read(printed)
    return _Read(found, "recognised-page")


def _length(page: Page) -> int:
    return sum(len(line.text) for line in page.lines)
