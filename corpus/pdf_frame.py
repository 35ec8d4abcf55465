"""From the coordinates of a PDF file to those of a page as it is read."""

from dataclasses import dataclass

from .page import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of a PDF page that is shown, and the quarter turns clockwise that it is shown after.

    In the file, measures are in points from an origin of its own, upwards (ISO 32000-2, 8.3.2.3).
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page after the turns."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place on the page, from its upper left corner."""
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, x: float, y: float, other_x: float, other_y: float) -> Box:
        """The box between two opposite corners."""
        x0, y0 = self.point(x, y)
        x1, y1 = self.point(other_x, other_y)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def clipped(self, box: Box) -> Box:
        """What of a box is on the page."""
        width, height = self.size
        left, top, right, bottom = box
        return max(0.0, left), max(0.0, top), min(width, right), min(height, bottom)
