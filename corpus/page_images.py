"""Pages as they are shown, for whoever wants to see a quotation where it stands.

PDFium draws the pages of a PDF file; a picture is its own and only page. All this is done by a
worker (`corpus.worker`); others call `page_sizes` and `page_image` of `corpus.reading`.
"""

import math
import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium

from .errors import UnsupportedFormat
from .page import PageSize
from .pdf import open_pdf
from .picture import open_picture
from .report_file import read_bytes

PICTURES = frozenset({".png", ".jpg", ".jpeg"})

_MOST_PIXELS = 30_000_000
"""Of an image; a page that is very long for its width is drawn smaller."""

_NO_PAGES = "这种文件没有固定的页。请查看报告的文字。"


def measure_in_process(path: Path, *, file: str) -> tuple[PageSize, ...]:
    """The sizes of a file's pages in points, in this process and without limits.

    Raises:
        UnsupportedFormat: Files of this type have no pages.
        UnreadableReport: It is broken.
    """
    _check_paged(path, file)
    data = read_bytes(path, file)
    if path.suffix.lower() in PICTURES:
        image, dpi = open_picture(data, file)
        return (PageSize(1, image.width * 72 / dpi, image.height * 72 / dpi),)
    document = open_pdf(data, file)
    try:
        return tuple(_measured(document, index) for index in range(len(document)))
    finally:
        document.close()


def draw_in_process(path: Path, *, file: str, number: int, width: int) -> bytes | None:
    """A page as PNG, in this process and without limits; None if there is none that can be shown.

    Raises:
        UnsupportedFormat: Files of this type have no pages.
        UnreadableReport: It is broken.
    """
    _check_paged(path, file)
    data = read_bytes(path, file)
    if path.suffix.lower() in PICTURES:
        return _scaled(data, file, width) if number == 1 else None
    return _drawn(data, file, number, width)


def _check_paged(path: Path, file: str) -> None:
    if path.suffix.lower() not in PICTURES | {".pdf"}:
        raise UnsupportedFormat(file, _NO_PAGES)


def _measured(document: pdfium.PdfDocument, index: int) -> PageSize:
    try:
        return PageSize(index + 1, *document.get_page_size(index))
    except pdfium.PdfiumError:
        return PageSize(index + 1, None, None)


def _drawn(data: bytes, file: str, number: int, width: int) -> bytes | None:
    document = open_pdf(data, file)
    try:
        if not 1 <= number <= len(document):
            return None
        page = document[number - 1]
        shown_width, shown_height = page.get_size()
        scale = (width - 0.5) / max(1.0, shown_width)  # PDFium rounds up
        most = math.sqrt(_MOST_PIXELS / max(1.0, shown_width * shown_height))
        bitmap = page.render(scale=min(scale, most), rev_byteorder=True)
        return _png(bitmap.to_numpy())
    except pdfium.PdfiumError:
        return None
    finally:
        document.close()


def _png(pixels: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]) -> bytes:
    """Red, green and blue of each pixel as PNG (ISO/IEC 15948), no row filtered."""
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + width * 3), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _scaled(data: bytes, file: str, width: int) -> bytes:
    image, _ = open_picture(data, file)
    most = math.sqrt(_MOST_PIXELS / (image.width * image.height))
    scale = min(1.0, width / image.width, most)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    written = BytesIO()
    image.convert("RGB").resize(size).save(written, "PNG")
    return written.getvalue()
