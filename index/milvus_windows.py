"""The dense side in Milvus: a row for each window, with its vector and its token signs."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from .encoded import Encoded, Vectors
from .late import Signs, pack_signs
from .milvus_collection import Collection
from .milvus_rows import LONGEST_ID, LONGEST_TEXT, packed, unpacked
from .milvus_server import Found, Milvus, Row

_INDEX = {"field_name": "vector", "index_type": "AUTOINDEX", "metric_type": "IP"}


class Windows(Collection):
    """The windows of one generation, by their ids."""

    def __init__(self, milvus: Milvus, name: str, mean: Vectors) -> None:
        """Know a collection.

        Args:
            milvus: the server.
            name: of the collection.
            mean: float32 (dimension,), the mean token that signs are about.
        """
        super().__init__(milvus, name)
        self._mean = mean

    def create(self) -> None:
        """Create the collection.

        Raises:
            StoreError: the server refused it.
        """
        text = {"datatype": "VARCHAR", "max_length": LONGEST_ID}
        fields: tuple[Row, ...] = (
            {"field_name": "id", "is_primary": True, **text},
            {"field_name": "report", **text},
            {"field_name": "signs", "datatype": "VARCHAR", "max_length": LONGEST_TEXT},
            {"field_name": "vector", "datatype": "FLOAT_VECTOR", "dim": len(self._mean)},
        )
        self._milvus.create(self._name, fields, _INDEX)

    def write(self, windows: Iterable[tuple[str, str, Encoded]]) -> None:
        """Write windows, each with its id and its report's; the same ones again change nothing."""
        most = LONGEST_TEXT * 3 // 4 // -(-len(self._mean) // 8)
        self._milvus.upsert(
            self._name,
            (
                {
                    "id": key,
                    "report": report,
                    "signs": packed(pack_signs(encoded.tokens[:most], self._mean)),
                    "vector": encoded.vector,
                }
                for key, report, encoded in windows
            ),
        )

    def nearest(
        self,
        vector: Vectors,
        limit: int,
        reports: AbstractSet[str] | None = None,
        *,
        of_each: int | None = None,
    ) -> list[Found]:
        """Find the windows nearest to a vector, best first, with their cosines.

        Args:
            vector: float32 (dimension,), L2-normalised.
            limit: how many windows at the most.
            reports: ids of the reports to search, all if None.
            of_each: find that many windows of each report instead; ``limit`` counts reports.
        """
        return self._milvus.search(
            self._name, "vector", vector, limit=limit, reports=reports, of_each=of_each
        )

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of some windows, those that are there."""
        rows = self._milvus.get(self._name, ids, ["vector"])
        return {key: np.asarray(row["vector"], np.float32) for key, row in rows.items()}

    def signs(self, ids: Sequence[str]) -> dict[str, Signs]:
        """Return the token signs of some windows, those that are there."""
        rows = self._milvus.get(self._name, ids, ["signs"])
        return {key: unpacked(row["signs"], len(self._mean)) for key, row in rows.items()}
