"""A collection of Milvus whose rows belong to reports."""

from collections.abc import Iterable, Sequence

from .milvus_server import Milvus, among


class Collection:
    """Rows by their ids, each of one report."""

    def __init__(self, milvus: Milvus, name: str) -> None:
        self._milvus = milvus
        self._name = name

    def load(self) -> None:
        """Have it ready to be searched."""
        self._milvus.load(self._name)

    def missing(self, ids: Sequence[str]) -> set[str]:
        """Return those of some rows that are not there."""
        return {*ids} - self._milvus.get(self._name, ids, ["report"]).keys()

    def keep(self, report: str, kept: Iterable[str]) -> None:
        """Delete the rows of a report but some of them."""
        rows = self._milvus.every(self._name, among("report", [report]), ["id"])
        self._milvus.delete(self._name, sorted({row["id"] for row in rows} - {*kept}))

    def count(self) -> int:
        """Count all rows."""
        return self._milvus.count(self._name)
