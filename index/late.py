"""Late interaction: every token of a question looks for its best match among a window's tokens.

The second stage of ranking, for the few best candidates: MaxSim over token vectors (Khattab and
Zaharia, "ColBERT", 2020), here those of the same encoder and the same forward pass that makes the
windows' vectors. Kept as one bit a dimension, the sign after the mean token is subtracted: 48 bytes
a token, about 4 kB a window, of which only the candidates' rows are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .encoded import Vectors
from .files import MappedMemory, mapped

Signs = NDArray[np.uint8]
"""uint8 (tokens, dimension / 8): signs of token vectors, packed."""

_AS_NUMBERS = 2 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1) - np.float32(1)
"""Each packed byte as eight numbers, -1 or 1: looked up in the time that unpacking takes."""

MEAN = "mean.npy"
_SIGNS = "signs.npy"
_STARTS = "starts.npy"


def pack_signs(tokens: Vectors, mean: Vectors) -> Signs:
    """Keep the signs of token vectors, (tokens, dimension), about their mean, (dimension,)."""
    return np.packbits(tokens > mean, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class TokenSigns:
    """Token signs of windows, which are numbered in the order they were given.

    Attributes:
        signs: the tokens of all windows one after another.
        starts: int64 (windows + 1,); window ``i`` has the rows ``starts[i]`` to ``starts[i + 1]``.
    """

    signs: Signs
    starts: NDArray[np.int64]

    @classmethod
    def build(cls, signs: Sequence[Signs]) -> Self:
        """Put together the packed signs of some windows, at least one."""
        starts = np.cumsum([0, *map(len, signs)], dtype=np.int64)
        return cls(np.concatenate(signs), starts)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``write_signs`` wrote."""
        return cls(mapped(folder / _SIGNS), mapped(folder / _STARTS))

    def of(self, window: int) -> Signs:
        """The signs of one window."""
        return self.signs[self.starts[window] : self.starts[window + 1]]


def write_signs(
    folder: Path, blocks: Sequence[Signs], lengths: NDArray[np.int64], mean: Vectors
) -> None:
    """Write the signs of windows into a new folder, block by block.

    Args:
        folder: the folder.
        blocks: one after another the signs of all windows.
        lengths: int64 (windows,), the tokens of each window.
        mean: the mean token that they are about, float32 (dimension,).
    """
    folder.mkdir()
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    shape = (int(starts[-1]), -(-len(mean) // 8))
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    with (folder / _SIGNS).open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(np.ascontiguousarray(block).data)
    np.save(folder / _STARTS, starts, allow_pickle=False)
    np.save(folder / MEAN, mean, allow_pickle=False)


def read_mean(folder: Path) -> Vectors:
    """The mean token of what ``write_signs`` wrote, float32 (dimension,)."""
    return np.asarray(np.load(folder / MEAN, allow_pickle=False), dtype=np.float32)


class LateInteraction:
    """Token signs of windows of several segments, which are numbered through all of them."""

    def __init__(self, segments: Sequence[TokenSigns], mean: Vectors) -> None:
        """Put segments together; ``mean`` is the mean token that was subtracted in all of them."""
        self._segments = segments
        self._memory = MappedMemory(segment.signs for segment in segments)
        self._firsts = np.cumsum([0, *(len(one.starts) - 1 for one in segments)])
        self._mean = mean

    def scores(self, question: Vectors, windows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Score windows for a question.

        Args:
            question: float32 (tokens, dimension), the question's token vectors.
            windows: numbers of the windows.

        Returns:
            float32 (windows,): the mean, over the question's tokens, of the best match with any
            token of the window; the lowest of all for a window without tokens.
        """
        about_mean = question - self._mean
        scores = np.full(len(windows), np.inf, dtype=np.float32)
        for place, window in enumerate(windows.tolist()):
            # One by one: what a window takes stays in the processor's cache.
            signs = self._signs_of(window)
            if len(signs) and len(question):
                tokens = _AS_NUMBERS.take(signs, axis=0).reshape(len(signs), -1)
                matches = about_mean @ tokens[:, : len(self._mean)].T
                scores[place] = matches.max(axis=1).sum() / len(question)
        self._memory.was_read()
        filled = scores < np.inf
        scores[~filled] = scores[filled].min() if filled.any() else 0.0
        return scores

    def _signs_of(self, window: int) -> Signs:
        segment = int(np.searchsorted(self._firsts, window, "right")) - 1
        return self._segments[segment].of(window - int(self._firsts[segment]))
