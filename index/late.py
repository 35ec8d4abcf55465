"""Late interaction: every token of a question looks for its best match among a window's tokens.

The second stage of ranking, for the few best candidates: MaxSim over token vectors (Khattab and
Zaharia, "ColBERT", 2020), here those of the same encoder and the same forward pass that makes the
windows' vectors. Kept as one bit a dimension, the sign after the mean token is subtracted: 48 bytes
a token, about 4 kB a window, of which only the candidates' rows are read.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .encoded import Vectors
from .ranges import ranges

Signs = NDArray[np.uint8]
"""uint8 (tokens, dimension / 8): signs of token vectors, packed."""


def pack_signs(tokens: Vectors, mean: Vectors) -> Signs:
    """Keep the signs of token vectors, (tokens, dimension), about their mean, (dimension,)."""
    return np.packbits(tokens > mean, axis=1)


class LateInteraction:
    """Token signs of windows, which are numbered in the order they were given.

    ``signs`` holds the tokens of all windows one after another; window ``i`` has the rows
    ``starts[i]`` to ``starts[i + 1]``. ``mean`` is the mean token that was subtracted.
    """

    def __init__(self, signs: Signs, starts: NDArray[np.int64], mean: Vectors) -> None:
        self._signs = signs
        self._starts = starts
        self._mean = mean

    @classmethod
    def build(cls, signs: Sequence[Signs], mean: Vectors) -> "LateInteraction":
        """Put together the packed signs of all windows."""
        starts = np.cumsum([0, *map(len, signs)], dtype=np.int64)
        return cls(np.concatenate(signs), starts, mean)

    @classmethod
    def load(cls, folder: Path) -> "LateInteraction":
        """Open what ``save`` wrote; the signs are memory-mapped."""
        signs = np.load(folder / "signs.npy", mmap_mode="r", allow_pickle=False)
        starts = np.load(folder / "starts.npy", allow_pickle=False)
        return cls(signs, starts, np.load(folder / "mean.npy", allow_pickle=False))

    def save(self, folder: Path) -> None:
        """Write three NumPy arrays."""
        folder.mkdir()
        for name, array in (
            ("signs", self._signs),
            ("starts", self._starts),
            ("mean", self._mean),
        ):
            np.save(folder / f"{name}.npy", array, allow_pickle=False)

    def scores(self, question: Vectors, windows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Score windows for a question.

        Args:
            question: float32 (tokens, dimension), the question's token vectors.
            windows: numbers of the windows.

        Returns:
            float32 (windows,): the mean, over the question's tokens, of the best match with any
            token of the window; the lowest of all for a window without tokens.
        """
        sizes = self._starts[windows + 1] - self._starts[windows]
        filled = sizes > 0
        if not len(question) or not filled.any():
            return np.zeros(len(windows), dtype=np.float32)
        signs = self._signs[ranges(self._starts, windows[filled])]
        bits = np.unpackbits(signs, axis=1, count=len(self._mean))
        matches = (question - self._mean) @ (2 * bits.astype(np.float32) - 1).T
        offsets = np.cumsum(sizes[filled]) - sizes[filled]
        best = np.maximum.reduceat(matches, offsets, axis=1).mean(axis=0)
        scores = np.full(len(windows), best.min(), dtype=np.float32)
        scores[filled] = best
        return scores
