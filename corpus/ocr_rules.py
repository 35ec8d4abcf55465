"""Ruling lines in a picture of a page, as of tables: long, thin and straight ink.

Found by morphological opening: what survives is where a long thin strip fits into the ink. Strokes
of characters are shorter, and the edges of photographs are not straight enough.
"""

import math

import numpy as np
from numpy.typing import NDArray

from .page import Box

Pixels = NDArray[np.uint8]
"""A picture: (height, width, 3) in blue, green, red, or (height, width) in grey."""

_LENGTH = 2.5
"""Length of the shortest rule, in the size of the text: a dash (——) is shorter."""

_THICKNESS = 0.4
"""Thickness of the thickest rule, in the size of the text; thicker are bars and pictures."""

_STRAIGHT = 0.001
"""Angle in radians below which a page is straight: a pixel or two on its width."""

_WINDOW = 2
_DARKER = 16
"""Ink is darker by so much than its surroundings, so many characters wide, are on average."""


def find_rules(pixels: Pixels, *, angle: float, size: float) -> list[Box]:
    """Level and upright rules of a picture of a page, in pixels.

    ``angle`` is by how much the page falls to the right, in radians; the rules are those of the
    page turned back by it about its middle. ``size`` is that of the text, in pixels.
    """
    import cv2  # noqa: PLC0415 - comes with the extra

    grey = _straightened(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8), angle)
    window = 2 * round(_WINDOW * size / 2) + 3
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, _DARKER
    )
    length = max(3, round(_LENGTH * size))
    found = []
    for across in (True, False):
        strip = np.ones((1, length) if across else (length, 1), np.uint8)
        # A rule that is not quite straight is as thick as it strays.
        joined = cv2.dilate(ink, np.ones((3, 1) if across else (1, 3), np.uint8))
        rules = cv2.morphologyEx(joined, cv2.MORPH_OPEN, strip)
        _, _, boxes, _ = cv2.connectedComponentsWithStats(rules)
        boxes = boxes[1:, :4]  # the first is what is no rule
        thickness = boxes[:, 3 if across else 2]
        found.append(boxes[thickness <= _THICKNESS * size + 2])
    return [
        (left, top, left + width, top + height)
        for left, top, width, height in np.concatenate(found).tolist()
    ]


def _straightened(grey: Pixels, angle: float) -> Pixels:
    import cv2  # noqa: PLC0415 - comes with the extra

    if abs(angle) < _STRAIGHT:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1)
    turned = cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)
