"""The vectors of a segment's windows, and codes of them by which the nearest are found among many.

Codes have two bits a dimension: each two dimensions are one of 16 centroids (product quantisation:
Jégou, Douze and Schmid, 2011), and are looked through in registers (André, Kermarrec and Le
Scouarnec, "Cache locality is not enough", 2015), by FAISS. They are a sixteenth of the vectors.

FAISS reads whatever bytes it is given, so checksums must be verified before (``snapshot.py`` does).
"""

from pathlib import Path
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

from .encoded import Vectors
from .files import mapped

CODED = 1 << 14
"""Windows from which a segment has codes."""

_SAMPLE = 20_000
"""Vectors that the codes are fitted to."""
_AT_ONCE = 1 << 14
"""Vectors that are read or coded at once: 25 MB."""
_FEW = 32
"""Of so many windows one must be chosen for codes to be looked through, else those are compared."""
_SPARE = 1.5
"""How many times as many windows are looked for as a choice of them should need."""

_ROWS = "vectors.npy"
_CODES = "codes.faiss"

Windows = NDArray[np.int64]
Cosines = NDArray[np.float32]


class SegmentVectors:
    """Vectors of windows, which are numbered in the order they were given.

    Attributes:
        rows: float32 (windows, dimension), L2-normalised; they may be mapped from disk.
    """

    def __init__(self, rows: Vectors, codes: "faiss.Index | None") -> None:
        self.rows = rows
        self._codes = codes

    @classmethod
    def build(cls, rows: Vectors) -> Self:
        """Take float32 (windows, dimension) with L2-normalised rows."""
        return cls(rows, _coded(rows) if len(rows) >= CODED else None)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what ``save`` wrote and whose checksums have been verified."""
        codes = folder / _CODES
        return cls(mapped(folder / _ROWS), faiss.read_index(str(codes)) if codes.exists() else None)

    @classmethod
    def load_flat(cls, file: Path) -> Self:
        """Open the vectors of a snapshot of format 6, which FAISS wrote into one file."""
        flat = faiss.read_index(str(file))
        return cls.build(flat.reconstruct_n(0, flat.ntotal))

    def save(self, folder: Path) -> None:
        """Write vectors and codes into a new folder.

        Not by FAISS itself, which takes no notice when the disk is full at the end of a file.
        """
        folder.mkdir()
        np.save(folder / _ROWS, self.rows, allow_pickle=False)
        if self._codes is not None:
            (folder / _CODES).write_bytes(faiss.serialize_index(self._codes).data)

    def nearest(
        self, vector: Vectors, limit: int, among: Windows | None = None
    ) -> tuple[Windows, Cosines]:
        """Find the windows nearest to a question's vector, by comparing each.

        Args:
            vector: float32 (dimension,).
            limit: how many at the most.
            among: only these windows, in ascending order, if given.

        Returns:
            Window numbers and cosines, best first.
        """
        if among is None:
            return highest(np.arange(len(self.rows)), self.rows @ vector, limit)
        return highest(among, self.cosines(vector, among), limit)

    def likely(
        self, vector: Vectors, limit: int, among: Windows | None = None
    ) -> tuple[Windows, Cosines]:
        """Find them as ``nearest`` does, by their codes where there are any.

        Returns:
            Window numbers and cosines, these by the codes as well.
        """
        share = 1.0 if among is None else len(among) / len(self.rows)
        if self._codes is None or share * _FEW < 1:
            return self.nearest(vector, limit, among)
        wanted = limit if among is None else int(_SPARE * limit / share)
        [distances], [windows] = self._codes.search(vector[None], min(wanted, len(self.rows)))
        if among is not None:
            at = np.minimum(np.searchsorted(among, windows), len(among) - 1)
            chosen = among[at] == windows
            distances, windows = distances[chosen], windows[chosen]
        return windows[:limit], 1 - distances[:limit] / 2

    def cosines(self, vector: Vectors, windows: Windows) -> Cosines:
        """Return the cosine of a question's vector with each of some windows."""
        cosines = np.empty(len(windows), np.float32)
        for start in range(0, len(windows), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            cosines[some] = self.rows[windows[some]] @ vector
        return cosines


def highest(windows: Windows, cosines: Cosines, limit: int) -> tuple[Windows, Cosines]:
    """Return the windows with the highest cosines, best first, and these."""
    if len(windows) > limit:
        chosen = np.sort(np.argpartition(-cosines, limit)[:limit])
        windows, cosines = windows[chosen], cosines[chosen]
    order = np.argsort(-cosines, kind="stable")
    return windows[order], cosines[order]


def _coded(rows: Vectors) -> "faiss.Index":
    dimension = rows.shape[1]
    parts = dimension // 2 if dimension % 2 == 0 else dimension
    # Distances of vectors of length 1 rank them as cosines do, and unlike these they are not upset
    # by what all vectors have in common.
    codes = faiss.IndexPQFastScan(dimension, parts, 4, faiss.METRIC_L2)
    codes.pq.cp.niter = 10
    sample = np.random.default_rng(0).permutation(len(rows))[:_SAMPLE]
    codes.train(rows[np.sort(sample)])
    for start in range(0, len(rows), _AT_ONCE):
        codes.add(np.ascontiguousarray(rows[start : start + _AT_ONCE]))
    return codes
