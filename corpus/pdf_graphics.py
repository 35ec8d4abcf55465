"""What is drawn on a PDF page beside text: pictures, and the ruling lines of tables and notes."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from .page import Box
from .pdf_frame import Frame

_DEEPEST = 6
"""Forms within forms that are looked into."""

_MOST_OBJECTS = 30_000
"""Objects of a page that are looked at; maps and charts may have more."""

_MOST_SEGMENTS = 400
"""Segments of a path that is looked at; one with more is a drawing."""

_THIN = 3.0
"""Points that a ruling line is thick at most."""

_SHORTEST_RULE = 6.0
"""Points; shorter are underlines of a character, ticks, dashes."""

_OFF = 0.5
"""Points that an end of a level or upright line may be off."""


@dataclass(slots=True)
class Graphics:
    """The boxes of pictures, of level and upright ruling lines, and how many paths there are."""

    pictures: list[Box] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    paths: int = 0

    @property
    def walls(self) -> list[Box]:
        """The upright rules."""
        return [rule for rule in self.rules if rule[3] - rule[1] > rule[2] - rule[0]]


@dataclass(frozen=True, slots=True)
class _Matrix:
    """An affine map of the plane, as ISO 32000-2, 8.3.4, writes it."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: "_Matrix") -> "_Matrix":
        """The map that does ``first`` and then this one."""
        e, f = self.point(first.e, first.f)
        return _Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            e,
            f,
        )


def read_graphics(page: Any, frame: Frame) -> Graphics:  # noqa: ANN401 - untyped
    """The graphics of a page."""
    graphics = Graphics()
    for count, (thing, kind, matrix) in enumerate(_objects(page.raw, _Matrix(), 0)):
        if count > _MOST_OBJECTS:
            break
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            graphics.pictures.append(_bounds(thing, matrix, frame))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            graphics.paths += 1
            _add_rules(graphics, thing, matrix, frame)
    return graphics


def _objects(parent: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[Any, int, _Matrix]]:  # noqa: ANN401
    """The objects of a page or form that draw, and the maps from their places to the page's."""
    inside = depth > 0
    count = (pdfium.FPDFFormObj_CountObjects if inside else pdfium.FPDFPage_CountObjects)(parent)
    get = pdfium.FPDFFormObj_GetObject if inside else pdfium.FPDFPage_GetObject
    for index in range(count):
        thing = get(parent, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _objects(thing, matrix.after(_matrix(thing)), depth + 1)
        elif kind != pdfium.FPDF_PAGEOBJ_TEXT:
            yield thing, kind, matrix


def _matrix(thing: Any) -> _Matrix:  # noqa: ANN401
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return _Matrix()
    return _Matrix(found.a, found.b, found.c, found.d, found.e, found.f)


def _bounds(thing: Any, matrix: _Matrix, frame: Frame) -> Box:  # noqa: ANN401
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    corners = [matrix.point(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return frame.clipped(frame.box(min(xs), min(ys), max(xs), max(ys)))


def _add_rules(graphics: Graphics, path: Any, matrix: _Matrix, frame: Frame) -> None:  # noqa: ANN401
    """Add a path's level and upright lines: drawn as lines, or as rectangles that are filled."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not (fill.value or stroke.value):
        return
    box = _bounds(path, matrix, frame)
    if _is_rule(box):
        graphics.rules.append(box)
    elif stroke.value and pdfium.FPDFPath_CountSegments(path) <= _MOST_SEGMENTS:
        matrix = matrix.after(_matrix(path))
        graphics.rules.extend(filter(_is_rule, _segments(path, matrix, frame)))


def _segments(path: Any, matrix: _Matrix, frame: Frame) -> Iterator[Box]:  # noqa: ANN401
    """The boxes about the straight lines of a path that are level or upright."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = frame.point(*matrix.point(x.value, y.value))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _level_or_upright(frame, last, point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield from _level_or_upright(frame, point, start)
        last = point


def _level_or_upright(
    frame: Frame, start: tuple[float, float], end: tuple[float, float]
) -> Iterator[Box]:
    (x0, y0), (x1, y1) = start, end
    if min(abs(x1 - x0), abs(y1 - y0)) <= _OFF:
        yield frame.clipped((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _is_rule(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return 0 <= min(width, height) <= _THIN and max(width, height) >= _SHORTEST_RULE
