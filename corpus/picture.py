"""Pictures of a page: a scan, a photograph or a screenshot, read with the extra ``ocr``."""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from . import ocr
from .errors import UnreadableReport
from .layout import read_pages
from .source import Extraction
from .types import Doubt

if TYPE_CHECKING:  # comes with the extra
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "WEBP")
"""Formats that files with such names have; pictures from the web are often WebP by another name."""

_A4 = 210 / 25.4
_SHEETS = (5.0, 17.0)
"""Inches that the shorter side of a sheet has, from A6 to a newspaper's page.

What a camera or a screenshot states instead is not the resolution of a sheet.
"""

_NOT_INSTALLED = (
    f"这是图片，需要文字识别组件才能读取。请运行 {ocr.INSTALL} 安装后重试，或换用带文字的版本。"
)
_BROKEN = "图片损坏，或者不是 PNG、JPEG 图片。请用看图程序打开后另存为 PNG 或 JPEG。"
_TOO_LARGE = "图片的像素太多，不像一页报告。请缩小或裁剪后重试。"
_NO_TEXT = "图片里没有认出文字。请确认图片清晰完整，是报告的一页。"


def read_picture(data: bytes, file: str) -> Extraction:
    """The text of a picture of one page, in reading order.

    A long screenshot of something scrolled is one page as well. Doubts: ``recognised-page``.

    Raises:
        UnreadableReport: It is broken, has more pixels than Pillow takes for safe, shows no text,
            or the extra is not installed.
    """
    image, dpi = open_picture(data, file)
    page = ocr.recognise(image, number=1, dpi=dpi)
    if not page.lines:
        raise UnreadableReport(file, _NO_TEXT)
    return read_pages([page], doubts=[Doubt("recognised-page", "第1页")])


def open_picture(data: bytes, file: str) -> tuple["Image", float]:
    """The picture as it is shown, on white where it is transparent, and its dots per inch.

    Raises:
        UnreadableReport: It is broken, has more pixels than Pillow takes for safe, or the extra is
            not installed.
    """
    if not ocr.available():
        raise UnreadableReport(file, _NOT_INSTALLED)
    from PIL import Image, ImageOps  # noqa: PLC0415 - comes with the extra

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=_FORMATS)
        stated = float(picture.info.get("dpi", (0, 0))[0])
        shown = ImageOps.exif_transpose(picture)
        if shown.mode.startswith("I;16"):  # Pillow would cut brighter greys off, not scale them
            shown = shown.point(lambda grey: grey * (1 / 257)).convert("L")
        if shown.has_transparency_data:
            shown = Image.alpha_composite(
                Image.new("RGBA", shown.size, "white"), shown.convert("RGBA")
            )
        shown.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UnreadableReport(file, _TOO_LARGE) from error
    except MemoryError:
        raise
    except Exception as error:
        # A broken picture fails in Pillow in more ways than it documents.
        raise UnreadableReport(file, _BROKEN) from error
    return shown, _resolution(stated, shown)


def _resolution(stated: float, image: "Image") -> float:
    """Dots per inch: those stated, if they make a sheet of paper; else as if it were A4."""
    shorter = min(image.size)
    is_sheet = stated > 0 and _SHEETS[0] <= shorter / stated <= _SHEETS[1]
    return stated if is_sheet else shorter / _A4
