"""A page as it is printed: lines of text in their places. PDF files and pictures of pages give it.

All measures are in points (1/72 inch) from the upper left corner of the page as it is shown.
"""

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text within one column; ``size`` is that of most of its characters, in points."""

    text: str
    box: Box
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its lines in any order, and where pictures stand on it.

    ``number`` counts from 1. ``recognised`` is whether the lines were read from a picture of the
    page, so that characters may be wrong and sizes are estimates.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    pictures: tuple[Box, ...] = ()
    recognised: bool = False
