"""A page as it is printed: lines of text in their places. PDF files and pictures of pages give it.

All measures are in points (1/72 inch) from the upper left corner of the page.
"""

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page of a file as it is shown; ``width`` and ``height`` are None where it is broken."""

    number: int
    width: float | None
    height: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text within one column; ``size`` is that of most of its characters, in points.

    ``bold`` counts the characters at its start that are bold.
    """

    text: str
    box: Box
    size: float
    bold: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its lines in any order, and where pictures and ruling lines stand on it.

    ``number`` counts from 1. ``recognised`` is whether the lines were read from a picture of the
    page, so that characters may be wrong and sizes are estimates. ``rules`` are drawn lines, level
    or upright, as thin boxes. ``turns`` is how many quarter turns clockwise bring the page as it
    is shown to where its text is upright; all places are those on the page after the turns.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    pictures: tuple[Box, ...] = ()
    recognised: bool = False
    rules: tuple[Box, ...] = ()
    turns: int = 0

    def as_shown(self, box: Box) -> Box:
        """A place on the page, as it is before its ``turns``."""
        left, top, right, bottom = box
        if self.turns == 1:
            return top, self.width - right, bottom, self.width - left
        if self.turns == 2:
            return self.width - right, self.height - bottom, self.width - left, self.height - top
        if self.turns == 3:
            return self.height - bottom, left, self.height - top, right
        return box
