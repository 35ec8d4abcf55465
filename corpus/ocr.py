"""The text of pictures of pages, recognised with PaddleOCR's models through RapidOCR.

An extra, for it is large: ``pip install "youju[ocr]"``. The models (PP-OCRv6, for Chinese and
English in print) come with the package; nothing is ever fetched. They run on the CPU.
"""

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

from .heartbeat import alive
from .ocr_rules import Pixels, find_rules
from .ocr_text import CLOSING, OPENING, spaced, tidied
from .page import Box, Line, Page
from .resource_limits import allow_memory_besides

if TYPE_CHECKING:  # comes with the extra
    from PIL.Image import Image

INSTALL = 'pip install "youju[ocr]"'
"""The remedy where the extra is missing."""

_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}

_SIDE = 2000
"""Pixels of the longer side of the picture in which lines are looked for.

They are read from the full picture. With 1600 less time is taken, but in small print lines of
neighbouring columns are taken for one.
"""

_SMALLEST = 24
"""Pixels that a picture of a line has at least, both ways."""

_MEMORY = 2 << 30
"""Bytes that recognising a page may take besides what reading may; one of 17 megapixels takes one
gigabyte, models included, and of virtual memory half as much again."""

_BATCH = 6
"""Lines that are read together, of about one length."""

_SURE = 0.8
"""Confidence below which a page may stand on its head; print that can be read is above 0.9."""

_UNSURE = 0.5
"""Confidence below which a line without a letter, digit or Chinese character is a speck."""

_LONG = 5
"""How many times wider than high a piece is whose slope tells how the page is turned."""

_HIGH = 1.1
"""Height of a detected piece, in the size of its characters."""

_LATIN = 0.55
"""Width of a letter, digit or space, in the size of its characters."""

_SHARED, _TALLER, _GAP = 0.6, 1.8, 0.4
"""What pieces of one line share of the lower one's height; how many times higher one may be than
the other; and how far apart they may be or overlap, in the lower one's height.
"""

_NEAR = 0.1
"""Estimated sizes that differ from the page's usual one by less are that size."""

_TALL = 2.5
"""How many times higher than wide no sheet of paper is: a screenshot of something scrolled."""

_BAND = 1.5
"""Height of the bands in which a long screenshot is read, in its width, at the most."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line of text or part of one, in pixels; ``size`` is that of its characters."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def size(self) -> float:
        """From its width, which is steadier, unless its characters are spaced."""
        pitch = (self.right - self.left) / max(1.0, _ems(self.text))
        return min(pitch, self.height / _HIGH)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the engine found: texts, their confidences, and corners (n, 4, 2), clockwise.

    The first corner is the upper left one of the text's frame.
    """

    texts: tuple[str, ...]
    confidences: tuple[float, ...]
    corners: NDArray[np.float64]

    @property
    def confidence(self) -> float:
        """That of the average character."""
        lengths = [len(text) for text in self.texts]
        weighted = sum(n * c for n, c in zip(lengths, self.confidences, strict=True))
        return weighted / max(1, sum(lengths))

    @property
    def sides(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Widths and heights of the frames."""
        right = self.corners[:, 1] - self.corners[:, 0]
        down = self.corners[:, 3] - self.corners[:, 0]
        return np.hypot(right[:, 0], right[:, 1]), np.hypot(down[:, 0], down[:, 1])


def available() -> bool:
    """Whether the extra is installed, with its models."""
    folder = _models()
    return folder is not None and all((folder / name).is_file() for name in _MODELS.values())


def recognise(image: "Image", *, number: int, dpi: float) -> Page:
    """The lines of a picture of a page; ``number`` is the page's, ``dpi`` the picture's.

    A page that lies on its side or stands on its head is turned first. Where it is a little askew,
    all places are those on the page put straight about its middle.

    Raises:
        ImportError: The extra is not `available`.
        MemoryError: There is not enough memory; see ``_MEMORY``.
    """
    if min(image.size) < _SMALLEST:
        return Page(number, image.width * 72 / dpi, image.height * 72 / dpi, (), recognised=True)
    pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
    try:
        with allow_memory_besides(_MEMORY):
            return _recognised(pixels, number, 72 / dpi)
    except Exception as error:
        # ONNX Runtime and OpenCV say so in words only.
        if any(words in str(error) for words in ("bad_alloc", "Insufficient memory")):
            raise MemoryError from error
        raise


def _recognised(pixels: Pixels, number: int, scale: float) -> Page:
    """The page; ``scale`` is the size of a pixel in points."""
    turns, found = _upright(pixels)
    pixels = np.rot90(pixels, -turns)
    height, width = pixels.shape[:2]
    angle = _slope(found)
    pieces = _pieces(found, angle, (width / 2, height / 2))
    rows = _rows([piece for piece in pieces if not _is_speck(piece)])
    usual = _usual_size(rows)
    rules = find_rules(pixels, angle=angle, size=usual) if rows else []
    return Page(
        number,
        width * scale,
        height * scale,
        tuple(_line(row, usual, scale) for row in rows),
        recognised=True,
        rules=tuple(_scaled(rule, scale) for rule in rules),
        turns=turns,
    )


def _models() -> Path | None:
    """The folder with the models, if the packages are installed that read them."""
    package = find_spec("rapidocr")
    if package is None or package.origin is None or find_spec("onnxruntime") is None:
        return None
    return Path(package.origin).parent / "models"


@cache
def _engine() -> Any:  # noqa: ANN401 - its results are of three types, by its arguments
    """The engine, made on first use. It loads a model the first time that it needs it."""
    folder = _models()
    if folder is None or not available():
        raise ImportError(f"no OCR: {INSTALL}")
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra

    # Given a path, RapidOCR never downloads a model.
    paths = {f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()}
    return RapidOCR(
        params=paths
        | {
            "Global.log_level": "critical",
            "Global.use_cls": False,  # see _upright
            "Global.use_rec": False,  # see _find
            "Global.return_word_box": True,  # which tells where each character stands
            "Global.max_side_len": 1 << 16,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIDE,
            "Rec.rec_batch_num": _BATCH,
            "EngineConfig.onnxruntime.intra_op_num_threads": min(4, os.cpu_count() or 1),
        }
    )


def _find(pixels: Pixels) -> _Found:
    corners = _engine()(pixels).boxes
    alive()
    if corners is None:
        return _Found((), (), np.empty((0, 4, 2)))
    crops = _engine().crop_text_regions(pixels, corners.astype(np.float32))
    read = [("", 0.0)] * len(crops)
    order = sorted(range(len(crops)), key=lambda i: float(crops[i].shape[1] / crops[i].shape[0]))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        result = _engine().recognize_txt([crops[i] for i in batch])
        alive()
        lines = zip(batch, result.txts, result.word_results, result.scores, strict=True)
        for i, text, words, confidence in lines:
            places = [place for word in words.word_cols for place in word] if text.strip() else []
            read[i] = spaced(text.strip(), places), confidence
    kept = [i for i, (text, _) in enumerate(read) if text]
    return _Found(tuple(read[i][0] for i in kept), tuple(read[i][1] for i in kept), corners[kept])


def _upright(pixels: Pixels) -> tuple[int, _Found]:
    """How many quarter turns clockwise make the text upright, and what is found after them.

    The library's own classifier turns lines and not pages, and would leave them in reverse order.
    But what stands on its head is read with little confidence. A line that runs down the page is
    read turned to the left.
    """
    height, width = pixels.shape[:2]
    if height > max(_SIDE, _TALL * width):
        return 0, _find_in_bands(pixels)
    found = _find(pixels)
    widths, heights = found.sides
    if heights.sum() > widths.sum():
        turns = 3 if found.confidence > _SURE else 1
        return turns, _find(np.rot90(pixels, -turns))
    if found.texts and found.confidence < _SURE:
        again = _find(np.rot90(pixels, 2))
        if again.confidence > found.confidence:
            return 2, again
    return 0, found


def _find_in_bands(pixels: Pixels) -> _Found:
    """What is found in a long screenshot; as a whole it would be made too small to read."""
    bands = [(top, _find(pixels[top:bottom])) for top, bottom in pairwise(_cuts(pixels))]
    return _Found(
        tuple(text for _, found in bands for text in found.texts),
        tuple(confidence for _, found in bands for confidence in found.confidences),
        np.concatenate([found.corners + np.array([0, top]) for top, found in bands]),
    )


def _pieces(found: _Found, angle: float, middle: tuple[float, float]) -> list[_Piece]:
    """What was found, in upright boxes, on the page turned back by ``angle`` about its middle."""
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    corners = (found.corners - middle) @ turn + middle
    boxes = np.hstack([corners.min(1), corners.max(1)]).tolist()
    return [
        _Piece(tidied(text), confidence, *box)
        for text, confidence, box in zip(found.texts, found.confidences, boxes, strict=True)
    ]


def _slope(found: _Found) -> float:
    """The angle in radians by which most long pieces fall to the right."""
    widths, heights = found.sides
    long = found.corners[widths > _LONG * heights]
    if not len(long):
        return 0.0
    run = long[:, 1] - long[:, 0] + long[:, 2] - long[:, 3]
    return float(np.median(np.arctan2(run[:, 1], run[:, 0])))


def _cuts(pixels: Pixels) -> Iterator[int]:
    """Where to cut a long screenshot into bands: through the plainest row of pixels in reach."""
    height, width = pixels.shape[:2]
    contrast = np.ptp(pixels[:, :, 1], axis=1)
    band = max(_SIDE // 2, int(_BAND * width))
    top = 0
    yield top
    while height - top > 2 * band:
        top += 2 * band // 3 + int(contrast[top + 2 * band // 3 : top + band].argmin())
        yield top
    yield height


def _rows(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Lines: the engine splits some that have a gap or are long, but parts columns well."""
    rows: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        before = [row for row in rows if _touches(row, piece)]
        if before:
            nearest = max(before, key=lambda row: row.right)
            rows[rows.index(nearest)] = _joined(nearest, piece)
        else:
            rows.append(piece)
    return sorted(rows, key=lambda row: (row.top, row.left))


def _touches(first: _Piece, second: _Piece) -> bool:
    """Whether two pieces, from left to right, are of one line; columns are further apart."""
    low, high = sorted((first.height, second.height))
    shared = min(first.bottom, second.bottom) - max(first.top, second.top)
    gap = second.left - first.right
    return shared > _SHARED * low and high < _TALLER * low and abs(gap) < _GAP * low


def _joined(first: _Piece, second: _Piece) -> _Piece:
    before, after = first.text, second.text
    if second.left < first.right and before[-1] == after[0]:
        before = before[:-1]  # where they overlap both hold the character
    return _Piece(
        tidied(before + after),
        min(first.confidence, second.confidence),
        first.left,
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )


def _is_speck(piece: _Piece) -> bool:
    return piece.confidence < _UNSURE and not any(map(str.isalnum, piece.text))


def _usual_size(rows: Sequence[_Piece]) -> float:
    """The size of most characters on the page."""
    return median(row.size for row in rows for _ in row.text) if rows else 0.0


def _line(row: _Piece, usual: float, scale: float) -> Line:
    """The line in the frame of its characters, as a PDF has it.

    In print, half of most punctuation is white, so that a line which begins with a quotation mark
    seems indented.
    """
    size = usual if abs(row.size - usual) < _NEAR * usual else row.size
    left = row.left - (size / 2 if row.text[0] in OPENING else 0)
    right = row.right + (size / 2 if row.text[-1] in CLOSING else 0)
    middle = (row.top + row.bottom) / 2
    box = (left, middle - size / 2, right, middle + size / 2)
    return Line(row.text, _scaled(box, scale), size * scale)


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return left * scale, top * scale, right * scale, bottom * scale


def _ems(text: str) -> float:
    return sum(1 if east_asian_width(character) in "AFW" else _LATIN for character in text)
