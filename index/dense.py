"""The dense side: cosine similarity of a question with every window, by FAISS.

Exact search over normalised vectors. FAISS reads whatever bytes it is given, so a file's checksum
must be verified before it is loaded (``snapshot.py`` does).
"""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from .encoded import Vectors


class DenseIndex:
    """Vectors of windows, which are numbered in the order they were given."""

    def __init__(self, vectors: "faiss.Index") -> None:
        self._vectors = vectors

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        """Index float32 (n, dimension) with L2-normalised rows."""
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(vectors)
        return cls(flat)

    @classmethod
    def load(cls, file: Path) -> "DenseIndex":
        """Open an index that ``save`` wrote and whose checksum has been verified."""
        return cls(faiss.read_index(str(file)))

    def save(self, file: Path) -> None:
        """Write the index in FAISS's own format.

        Not by FAISS itself, which takes no notice when the disk is full at the end of a file.
        """
        file.write_bytes(faiss.serialize_index(self._vectors).data)

    @property
    def vectors(self) -> Vectors:
        """All vectors as they were given, float32 (n, dimension)."""
        count, dimension = self._vectors.ntotal, self._vectors.d
        flat = faiss.rev_swig_ptr(self._vectors.get_xb(), count * dimension)  # type: ignore[attr-defined]
        return np.asarray(flat, dtype=np.float32).reshape(count, dimension)

    def nearest(
        self, vector: Vectors, limit: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Find the windows nearest to a question's vector.

        Args:
            vector: float32 (dimension,).
            limit: how many at the most.
            among: only these windows, if given.

        Returns:
            Window numbers and cosines, best first.
        """
        limit = min(limit, self._vectors.ntotal if among is None else len(among))
        if limit == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        only = None
        if among is not None:
            only = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        cosines, windows = self._vectors.search(vector[None], limit, params=only)
        return windows[0], cosines[0]

    def cosines(self, vector: Vectors, windows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of a question's vector with each of some windows."""
        rows = self._vectors.reconstruct_batch(windows)
        return np.asarray(rows @ vector, dtype=np.float32)
