"""Pages as they are printed: lines set in columns, and PDF files of them."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus.page import Line, Page

WIDTH, HEIGHT = 595.0, 842.0
"""A4 in points."""

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

_CLOSING = "，。、；：！？”）》"
_DESCENT = 0.12


def line(text: str, left: float, top: float, *, size: float = 12, bold: bool = False) -> Line:
    """A line of text with its upper left corner at a place."""
    right = left + pdfmetrics.stringWidth(text, FONT, size)
    return Line(text, (left, top, right, top + size), size, len(text) if bold else 0)


def centred(
    text: str, top: float, *, size: float = 12, bold: bool = False, middle: float = WIDTH / 2
) -> Line:
    """A line set about a middle, that of the page unless told."""
    width = pdfmetrics.stringWidth(text, FONT, size)
    return line(text, middle - width / 2, top, size=size, bold=bold)


def set_text(
    paragraphs: Sequence[str],
    left: float,
    top: float,
    *,
    columns: int,
    size: float = 12,
    leading: float = 1.5,
    indent: int = 2,
) -> list[Line]:
    """Paragraphs set in a column of so many characters, the first line of each indented.

    Punctuation at the end of a line hangs over the edge.
    """
    lines: list[Line] = []
    for paragraph in paragraphs:
        for number, text in enumerate(_wrapped(paragraph, columns, size, indent)):
            begins = left + (0 if number else indent * size)
            lines.append(line(text, begins, top + leading * size * len(lines), size=size))
    return lines


def _wrapped(paragraph: str, columns: int, size: float, indent: int) -> list[str]:
    rows, row = [], ""
    for character in paragraph:
        room = (columns - (0 if rows else indent)) * size
        if pdfmetrics.stringWidth(row + character, FONT, size) > room + 0.1:
            if character in _CLOSING:
                rows.append(row + character)
                row = ""
                continue
            rows.append(row)
            row = ""
        row += character
    return [*rows, row] if row else rows


def bottom(lines: Iterable[Line]) -> float:
    """Where the lowest of some lines ends."""
    return max(printed.box[3] for printed in lines)


def page(
    lines: Iterable[Line],
    *,
    number: int = 1,
    pictures: Sequence[tuple[float, float, float, float]] = (),
    rules: Sequence[tuple[float, float, float, float]] = (),
) -> Page:
    """An A4 page."""
    return Page(number, WIDTH, HEIGHT, tuple(lines), tuple(pictures), rules=tuple(rules))


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """The ruling lines of a table."""
    level = [(xs[0], y, xs[-1], y) for y in ys]
    return level + [(x, ys[0], x, ys[-1]) for x in xs]


def pdf(pages: Sequence[Page], *, encrypt: str | None = None) -> bytes:
    """A PDF file of pages: text as text, pictures as pictures, rules as strokes."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), encrypt=encrypt)
    for printed in pages:
        draw(canvas, printed)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def draw(canvas: Canvas, printed: Page, *, mode: int | None = None) -> None:
    """Draw a page; ``mode`` is the text rendering mode, 3 to draw nothing."""
    for left, top, right, low in printed.pictures:
        picture = ImageReader(Image.new("RGB", (8, 8), "teal"))
        canvas.drawImage(picture, left, printed.height - low, right - left, low - top)
    for left, top, right, low in printed.rules:
        canvas.line(left, printed.height - top, right, printed.height - low)
    for drawn in printed.lines:
        baseline = drawn.box[3] - _DESCENT * drawn.size
        canvas.saveState()  # or the rendering mode would stay for what follows
        text = canvas.beginText(drawn.box[0], printed.height - baseline)
        text.setFont(FONT, drawn.size)
        text.setTextRenderMode(mode if mode is not None else 2 if drawn.bold else 0)
        text.textOut(drawn.text)
        canvas.drawText(text)
        canvas.restoreState()
