"""The text layer of a PDF page: its characters with their places, put together to lines.

The order in which a file draws characters means little, and so do the spaces between them: lines
are found from where characters stand. PDFium gives text as well, but without columns.
"""

import ctypes
import math
import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from .page import Box, Line
from .pdf_frame import Frame

_ASCENT, _DESCENT = 0.88, 0.12
"""The em box of Chinese fonts about the baseline. What fonts state of themselves is unreliable."""

_GUTTER = 0.75
"""White from which two pieces on one baseline are two lines; this and below, in sizes of type."""

_WORD_SPACE = 0.2
"""White between two Latin words, or groups of Chinese characters, drawn without a space."""

_LATIN_END = "\u2000"

_AUTOSPACE = 0.6
"""Most white that programs put between Chinese and Latin characters of their own accord."""

_NO_SPACE = 0.08
"""A space that is drawn over less white is none."""

_LEVEL = 0.15
"""How far off a baseline its characters may be."""

_RAISED = 0.45
"""How far off the baseline superscripts and subscripts are at most."""

_SMALL = 0.8
"""The largest superscript, in the size of the text beside it."""

_OVERPRINT = 0.3
"""How far off a character is printed again, to look bold."""

_SKEW = math.radians(5)
"""How far off level a line of a scan may be; watermarks are at 30 degrees and more."""

_INVISIBLE = frozenset({3, 7})
_STROKED = frozenset({1, 2, 5, 6})
"""Text rendering modes of ISO 32000-2, table 104. Stroking also makes text bold."""

_FORCE_BOLD = 1 << 18
"""Font flag of ISO 32000-2, table 121."""

_BOLD_NAME = re.compile(r"bold|heavy|black|demi|hei(?!.*light)|黑体|粗", re.IGNORECASE)
"""Fonts for what stands out. Headings of Chinese documents are set in Heiti (SimHei)."""

# Radicals of the CJK Radicals Supplement that are characters of their own in Chinese texts, which
# files give for those characters. They have no compatibility mapping as the Kangxi radicals have;
# these are from Unicode's EquivalentUnifiedIdeograph.txt.
_RADICALS = str.maketrans(
    "⺁⺇⺊⺌⺍⺒⺓⺜⺝⺠⺩⺫⺮⺶⺻⺼⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
    "厂几卜小小巳幺日月民王目竹羊聿肉虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
)
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_SUPERSCRIPTS = dict(zip("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋", strict=True))
_UNKNOWN = "\ufffd"
_IDEOGRAPHIC_SPACE = "\u3000"
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_LINE_END_HYPHEN = "\x02"
"""What PDFium makes of a hyphen at the end of a line."""


class _Style(NamedTuple):
    """How a text object draws: ``quarter`` is its direction in quarter turns, None if askew."""

    size: float
    bold: bool
    visible: bool
    quarter: int | None


class _Character(NamedTuple):
    """A character as the file places it; ``drawing`` tells text objects apart."""

    text: str
    box: Box
    origin: tuple[float, float]
    style: _Style
    drawing: int


class _Glyph(NamedTuple):
    """A character in its place on the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    drawing: int


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of a page, in the order in which they are drawn.

    Among them are invisible ones, as OCR lays over a scan.
    """

    drawn: tuple[_Character, ...]

    @property
    def visible(self) -> "Characters":
        """Those that are to be seen."""
        return Characters(tuple(c for c in self.drawn if c.style.visible))

    @property
    def quarter(self) -> int | None:
        """The direction of most characters, in quarter turns to the left; None without any."""
        quarters = Counter(c.style.quarter for c in self.drawn if c.style.quarter is not None)
        return quarters.most_common(1)[0][0] if quarters else None

    @property
    def readable(self) -> int:
        """How many there are that are visible in print and have a meaning."""
        return sum(not c.text.isspace() and not _is_garbled(c.text) for c in self.drawn)

    @property
    def garbled(self) -> int:
        """How many there are whose meaning the file does not tell."""
        return sum(_is_garbled(character.text) for character in self.drawn)


def read_characters(page: Any, *, most: int) -> Characters | None:  # noqa: ANN401 - untyped
    """All characters of a page; None if there are more than ``most``."""
    handle = pdfium.FPDFText_LoadPage(page.raw)
    try:
        count = pdfium.FPDFText_CountChars(handle)
        return Characters(tuple(_drawn(handle, count))) if count <= most else None
    finally:
        pdfium.FPDFText_ClosePage(handle)


def read_lines(characters: Characters, frame: Frame, walls: Sequence[Box]) -> list[Line]:
    """The lines of a page, in no order.

    ``walls`` are upright ruling lines, which no line of text crosses. Text that runs in another
    direction than most, or stands outside the page, is left out.
    """
    rows = _rows(_runs(_glyphs(characters, frame)))
    return [
        line
        for row in rows
        for piece in _pieces(row, walls)
        if (line := _line(piece, frame)) is not None
    ]


def _drawn(handle: Any, count: int) -> Iterator[_Character]:  # noqa: ANN401 - a C handle
    """The characters that the file draws; PDFium adds spaces and line ends of its own."""
    style, fonts = None, dict[int, bool]()
    rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    last = 0
    for index in range(count):
        drawing = pdfium.FPDFText_GetTextObject(handle, index)
        if not drawing or pdfium.FPDFText_IsGenerated(handle, index):
            continue
        key = ctypes.addressof(drawing.contents)
        if style is None or key != last:
            style, last = _style(handle, index, drawing, fonts), key
        text = _character(pdfium.FPDFText_GetUnicode(handle, index))
        if text:
            pdfium.FPDFText_GetLooseCharBox(handle, index, rect)
            pdfium.FPDFText_GetCharOrigin(handle, index, x, y)
            box = (rect.left, rect.bottom, rect.right, rect.top)
            yield _Character(text, box, (x.value, y.value), style, key)


def _style(handle: Any, index: int, drawing: Any, fonts: dict[int, bool]) -> _Style:  # noqa: ANN401
    """How an object draws; ``fonts`` remembers which fonts are bold, by their addresses."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(handle, index, matrix)
    font = ctypes.addressof(pdfium.FPDFTextObj_GetFont(drawing).contents)
    if font not in fonts:
        fonts[font] = _is_bold(handle, index)
    stated = pdfium.FPDFText_GetFontSize(handle, index)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawing)
    angle = math.atan2(matrix.b * stated, matrix.a * stated)
    quarter = round(angle / (math.pi / 2))
    return _Style(
        size=round(abs(stated) * math.hypot(matrix.c, matrix.d), 1),
        bold=fonts[font] or mode in _STROKED,
        visible=mode not in _INVISIBLE,
        quarter=quarter % 4 if abs(angle - quarter * math.pi / 2) <= _SKEW else None,
    )


def _is_bold(handle: Any, index: int) -> bool:  # noqa: ANN401 - a C handle
    """Whether the font of a character is a bold one, by its flags or its name."""
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(handle, index, name, len(name), flags)
    try:
        words = name.value.decode("utf-8")
    except UnicodeDecodeError:  # Chinese Windows programs write names in their own encoding
        words = name.value.decode("gb18030", "replace")
    return bool(flags.value & _FORCE_BOLD) or bool(_BOLD_NAME.search(words))


def _character(code: int) -> str:
    """The character as it is written elsewhere; empty for one that nobody sees."""
    text = chr(code) if 0 < code < 0x110000 else _UNKNOWN
    if text == _LINE_END_HYPHEN:
        return "-"
    if text.isspace():
        return text if text == _IDEOGRAPHIC_SPACE else " "
    category = unicodedata.category(text)
    if category in _UNSEEN:
        return _UNKNOWN if category == "Cs" else ""
    if _COMPATIBLE.match(text):
        return unicodedata.normalize("NFKC", text.translate(_RADICALS))
    return text


def _is_garbled(text: str) -> bool:
    return text == _UNKNOWN or unicodedata.category(text[0]) in {"Co", "Cn"}


def _glyphs(characters: Characters, frame: Frame) -> Iterator[_Glyph]:
    """The characters that stand upright on the page."""
    width, height = frame.size
    for text, box, origin, style, drawing in characters.drawn:
        if style.quarter != frame.turns:
            continue
        left, _, right, _ = frame.box(*box)
        baseline = frame.point(*origin)[1]
        middle = baseline - style.size * (_ASCENT - _DESCENT) / 2
        if 0 <= (left + right) / 2 <= width and 0 <= middle <= height:
            yield _Glyph(text, left, right, baseline, style.size, style.bold, drawing)


def _runs(glyphs: Iterator[_Glyph]) -> list[list[_Glyph]]:
    """Glyphs drawn one after the other, in one size, on one baseline, from left to right."""
    runs: list[list[_Glyph]] = []
    last: _Glyph | None = None
    for glyph in glyphs:
        if (
            last is not None
            and glyph.size == last.size
            and abs(glyph.baseline - last.baseline) <= _LEVEL * glyph.size
            and -_OVERPRINT * glyph.size < glyph.left - last.right <= glyph.size
        ):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
        last = glyph
    return runs


@dataclass(frozen=True, slots=True)
class _Row:
    """Runs about one baseline, from all columns; ``size`` and ``baseline`` are of the largest."""

    baseline: float
    size: float
    runs: list[list[_Glyph]]

    def takes(self, run: list[_Glyph]) -> bool:
        """Whether a run is on the row's baseline, or raised or lowered beside it."""
        first = run[0]
        off = abs(first.baseline - self.baseline)
        small, large = sorted((first.size, self.size))
        if off <= _LEVEL * small:
            return True
        if off > _RAISED * large or small > _SMALL * large:
            return False
        return not any(
            other[0].left < run[-1].right - _LEVEL * small
            and run[0].left < other[-1].right - _LEVEL * small
            for other in self.runs
        )

    def distance(self, run: list[_Glyph]) -> tuple[bool, float]:
        """How far a run is: a raised one belongs to what it follows, not to the next column."""
        follows = any(
            abs(run[0].left - other[-1].right) <= _LEVEL * self.size for other in self.runs
        )
        return not follows, abs(self.baseline - run[0].baseline)


def _rows(runs: list[list[_Glyph]]) -> list[list[_Glyph]]:
    """The glyphs of each row from left to right."""
    rows: list[_Row] = []
    reach = _RAISED * max((run[0].size for run in runs), default=0.0)
    # The largest come first, so that superscripts find the row that they are raised from.
    for run in sorted(runs, key=lambda run: (-run[0].size, run[0].baseline)):
        baseline = run[0].baseline
        first = bisect_left(rows, baseline - reach, key=_baseline)
        near = rows[first : bisect_right(rows, baseline + reach, key=_baseline)]
        fitting = [row for row in near if row.takes(run)]
        if fitting:
            min(fitting, key=lambda row: row.distance(run)).runs.append(run)
        else:
            insort(rows, _Row(baseline, run[0].size, [run]), key=_baseline)
    return [
        sorted((glyph for run in row.runs for glyph in run), key=lambda glyph: glyph.left)
        for row in rows
    ]


def _baseline(row: _Row) -> float:
    return row.baseline


def _pieces(row: list[_Glyph], walls: Sequence[Box]) -> Iterator[list[_Glyph]]:
    """A row parted where columns and cells of tables part; what is printed twice, only once."""
    crossed = [wall for wall in walls if wall[1] <= row[0].baseline <= wall[3]]
    piece = row[:1]
    for glyph in row[1:]:
        last = piece[-1]
        off = _OVERPRINT * glyph.size
        again = glyph.text == last.text and glyph.drawing != last.drawing
        if again and abs(glyph.left - last.left) < off:
            continue
        walled = any(
            last.right - off <= wall[0] and wall[2] <= glyph.left + off for wall in crossed
        )
        if walled or glyph.left - last.right > _GUTTER * max(glyph.size, last.size):
            yield piece
            piece = []
        piece.append(glyph)
    yield piece


def _line(piece: list[_Glyph], frame: Frame) -> Line | None:
    """The line that glyphs make up; None if all of them are spaces."""
    seen = [glyph for glyph in piece if not glyph.text.isspace()]
    if not seen:
        return None
    size = Counter(glyph.size for glyph in seen).most_common(1)[0][0]
    usual = [glyph.baseline for glyph in seen if glyph.size == size]
    text, bold, all_bold = "", 0, True
    usual_white = _usual_white(piece)
    last: _Glyph | None = None
    spaces = ""
    for glyph in piece:
        if glyph.text.isspace():
            spaces += glyph.text
            continue
        if last is not None:
            text += _space(last, glyph, spaces, usual_white)
        text += _script(glyph, last, size, usual[0])
        all_bold = all_bold and glyph.bold
        bold = len(text) if all_bold else bold
        last, spaces = glyph, ""
    top, bottom = min(usual) - _ASCENT * size, max(usual) + _DESCENT * size
    box = frame.clipped((seen[0].left, top, max(glyph.right for glyph in seen), bottom))
    return Line(text, box, size, bold)


def _usual_white(piece: Sequence[_Glyph]) -> float:
    """The white between Chinese characters of a line, in their size: wide in a justified one."""
    whites = [
        (after.left - before.right) / min(before.size, after.size)
        for before, after in pairwise(piece)
        if min(before.text, after.text) >= _LATIN_END
    ]
    return median(whites) if whites else 0.0


def _space(before: _Glyph, after: _Glyph, drawn: str, usual: float) -> str:
    """The space between two glyphs: one that is drawn, or that white between words stands for.

    ``usual`` is the white between Chinese characters of the line.
    """
    white = (after.left - before.right) / min(before.size, after.size)
    if drawn:
        ideographic = _IDEOGRAPHIC_SPACE in drawn
        return "" if white < _NO_SPACE else _IDEOGRAPHIC_SPACE if ideographic else " "
    latin = _is_latin(before.text) + _is_latin(after.text)
    if not latin:
        return " " if white - usual > _WORD_SPACE else ""
    return " " if latin and white > (_WORD_SPACE if latin == 2 else _AUTOSPACE) else ""


def _is_latin(text: str) -> bool:
    return text < _LATIN_END


def _script(glyph: _Glyph, before: _Glyph | None, size: float, baseline: float) -> str:
    """The character; raised and lowered digits as such, for 5² is not 52."""
    if before is None or glyph.size > _SMALL * size:
        return glyph.text
    lift = (baseline - glyph.baseline) / size
    if abs(lift) < _LEVEL / 2:
        return glyph.text
    scripts = _SUPERSCRIPTS if lift > 0 else _SUBSCRIPTS
    return scripts.get(glyph.text, glyph.text)
