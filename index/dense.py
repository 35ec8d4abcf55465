"""The dense side: cosine similarity of a question with the windows of all segments.

Up to ``EXACT`` windows each is compared. Of more, the nearest by their codes are (``vectors.py``):
a linear scan of codes takes 12 ms a million on one core. Partitions (IVF) would have to be searched
by a quarter to find as many of the nearest, and graphs (HNSW) take as many minutes to build as
codes take seconds. Figures: ``benchmarks/scaling.py``.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .cores import cores
from .encoded import Vectors
from .files import MappedMemory
from .vectors import Cosines, SegmentVectors, Windows, highest

EXACT = 50_000
"""Windows up to which each is compared: 4 ms on one core."""

_RESCORED = 300
"""Nearest windows by their codes that are compared exactly; reading one takes 6 µs."""

_scanning = ThreadPoolExecutor(cores(), "scanning")


class DenseIndex:
    """The vectors of several segments; windows are numbered through all of them."""

    def __init__(
        self, segments: Sequence[SegmentVectors], kept: Sequence[NDArray[np.bool_]]
    ) -> None:
        """Put segments together; ``kept`` is which windows of each are searched."""
        self._segments = segments
        self._memory = MappedMemory(segment.rows for segment in segments)
        self._firsts = np.cumsum([0, *map(len, kept)])
        self._kept = [None if mask.all() else np.flatnonzero(mask) for mask in kept]

    @property
    def is_exact(self) -> bool:
        """Whether each window is compared."""
        return bool(self._firsts[-1] <= EXACT)

    def nearest(
        self, vector: Vectors, limit: int, among: Windows | None = None
    ) -> tuple[Windows, Cosines]:
        """Find the windows nearest to a question's vector.

        Args:
            vector: float32 (dimension,).
            limit: how many at the most.
            among: only these windows, in ascending order and none of them a gap, if given.

        Returns:
            Window numbers and cosines, best first. Of many windows only the first ``_RESCORED`` are
            in exact order.
        """
        return self.looking(vector, limit, among)()

    def looking(
        self, vector: Vectors, limit: int, among: Windows | None = None
    ) -> Callable[[], tuple[Windows, Cosines]]:
        """Begin what ``nearest`` does, and return what gives its result.

        Many windows are looked through by other threads meanwhile; few only then.
        """
        bounds = list(pairwise(self._firsts.tolist()))
        chosen: Sequence[Windows | None] = self._kept
        if among is not None:
            chosen = [among[slice(*np.searchsorted(among, bound))] - bound[0] for bound in bounds]
        searched = list(zip(self._segments, chosen, strict=True))
        if self.is_exact:
            return lambda: _together(
                [segment.nearest(vector, limit, own) for segment, own in searched], bounds, limit
            )
        scans = [_scanning.submit(one.likely, vector, limit, own) for one, own in searched]

        def found() -> tuple[Windows, Cosines]:
            windows, cosines = _together([scan.result() for scan in scans], bounds, limit)
            first = np.sort(windows[:_RESCORED])
            windows[:_RESCORED], cosines[:_RESCORED] = highest(
                first, self._read(vector, first), _RESCORED
            )
            return windows, cosines

        return found

    def cosines(self, vector: Vectors, windows: Windows) -> Cosines:
        """Return the cosine of a question's vector with each of some windows."""
        cosines = self._read(vector, windows)
        self._memory.was_read()
        return cosines

    def _read(self, vector: Vectors, windows: Windows) -> Cosines:
        cosines = np.empty(len(windows), np.float32)
        of = np.searchsorted(self._firsts, windows, "right") - 1
        for number in np.unique(of).tolist():
            own = windows[of == number] - self._firsts[number]
            cosines[of == number] = self._segments[number].cosines(vector, own)
        return cosines


def _together(
    found: Sequence[tuple[Windows, Cosines]], bounds: Sequence[tuple[int, int]], limit: int
) -> tuple[Windows, Cosines]:
    """The best of what was found in each of some segments, numbered through all of them."""
    windows = [own + first for (own, _), (first, _) in zip(found, bounds, strict=True)]
    return highest(np.concatenate(windows), np.concatenate([one for _, one in found]), limit)
