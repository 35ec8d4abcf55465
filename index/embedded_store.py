"""The embedded index behind the calls that every store has: a data folder on this machine."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from corpus import Report

from .building import Change, build_index, change_index
from .embeddings import Progress
from .encoded import Vectors
from .encoder import Encoder
from .hybrid import HybridIndex
from .snapshot import CURRENT
from .store import Counts, Scored


class EmbeddedStore:
    """The reports of one data folder, as one model embeds them. Safe for many threads."""

    def __init__(self, data: Path, encoder: Encoder) -> None:
        """Open a data folder, which may be empty.

        Raises:
            SnapshotError: it is broken, or another model made it.
        """
        self._data = data
        self._encoder = encoder
        self._index = None if self._empty else HybridIndex(data, encoder)

    def upsert(
        self, reports: Sequence[Report], progress: Progress = lambda _done, _total: None
    ) -> None:
        """Add reports, each in the place of one with the same id; see ``Store``."""
        if self._empty:
            build_index(reports, data=self._data, encoder=self._encoder, progress=progress)
        else:
            change = Change(added=reports)
            change_index(change, data=self._data, encoder=self._encoder, progress=progress)
        self.refresh()

    def delete(self, reports: AbstractSet[str]) -> None:
        """Take reports out, by id; see ``Store``."""
        change_index(Change(gone=reports), data=self._data, encoder=self._encoder)
        self.refresh()

    def dense(
        self, vector: Vectors, limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs whose windows are nearest to a question; see ``Store``."""
        return self._index.dense(vector, limit, reports) if self._index else []

    def lexical(
        self, weights: Mapping[str, float], limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs with the highest BM25 for weighted tokens; see ``Store``."""
        return self._index.lexical(weights, limit, reports) if self._index else []

    def get(self, report: str) -> Report | None:
        """Return a report by its id; see ``Store``."""
        reports = self._index.reports if self._index else ()
        return next((one for one in reports if one.id == report), None)

    def count(self) -> Counts:
        """Count what the live snapshot holds, whoever wrote it."""
        self.refresh()
        if self._index is None:
            return Counts(0, 0, 0)
        return Counts(len(self._index.reports), self._index.paragraphs, self._index.windows)

    def refresh(self) -> bool:
        """Open the live snapshot if it is another one; return whether it was.

        Raises:
            SnapshotError: it is broken, or another model made it.
        """
        if self._empty:
            return False
        before = self._index
        self._index = before.refreshed() if before else HybridIndex(self._data, self._encoder)
        return self._index is not before

    @property
    def _empty(self) -> bool:
        return not (self._data / CURRENT).exists()
