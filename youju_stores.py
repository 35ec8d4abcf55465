"""Where the reports are kept: in the data folder, or in Milvus with ``--store milvus:ADDRESS``."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus import Report
    from index import Built, Encoder, Index, Milvus, Progress

# The index loads much, and Milvus' client more: both are imported when they are needed.
# ruff: noqa: PLC0415

_KIND = "milvus:"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the reports of a run are kept.

    Attributes:
        data: the data folder.
        uri: address of the Milvus that has the reports; None if the data folder has them.
    """

    data: Path
    uri: str | None = None

    @classmethod
    def of(cls, data: Path, store: str | None) -> "Keeping":
        """What ``--store``, or else ``YOUJU_STORE``, says.

        Raises:
            SettingsError: there is no such store.
        """
        store = store or os.environ.get("YOUJU_STORE")
        if not store:
            return cls(data)
        uri = store.removeprefix(_KIND)
        if not store.startswith(_KIND) or not uri.startswith(("http://", "https://")):
            from web import SettingsError

            raise SettingsError(
                f"--store 或 YOUJU_STORE：{store!r} 不能用。请写 milvus: 加地址，"
                "例如 milvus:http://127.0.0.1:19530（后面可以加 /库名）。"
            )
        return cls(data, uri)

    @property
    def folder(self) -> Path:
        """The folder for what this machine has of the reports.

        For those in Milvus it is one of its own below the data folder, with the originals that were
        uploaded here, the queue of uploads, ``words.txt`` and ``synonyms.txt``.
        """
        if self.uri is None:
            return self.data
        address = self.uri.partition("://")[2]
        return self.data / f"milvus-{re.sub(r'[^A-Za-z0-9.]+', '-', address).strip('-')}"

    @property
    def place(self) -> str:
        """What people are told of where the reports are."""
        return self.uri or str(self.data)

    def is_empty(self) -> bool:
        """Whether nothing has been indexed, as far as can be told without asking."""
        return self.uri is None and not (self.data / "CURRENT").exists()

    def check(self) -> None:
        """Look whether Milvus can be reached, if it has the reports.

        Raises:
            StoreError: it cannot, or is too old.
        """
        if self.uri is not None:
            self._milvus().check_version()

    def open(self, encoder: "Encoder") -> "Index":
        """Open what is indexed, as a model has indexed it.

        Raises:
            IndexingError: there is nothing, it is broken, or another model made it.
        """
        from index import HybridIndex, MilvusIndex, MilvusStore

        if self.uri is None:
            return HybridIndex(self.data, encoder)
        return MilvusIndex(MilvusStore(self._milvus(), encoder), self.folder)

    def build(
        self,
        reports: "Iterable[Report]",
        encoder: "Encoder",
        folder: Path,
        progress: "Progress",
    ) -> "Built":
        """Index the reports of a folder; see ``build_index``.

        Raises:
            IndexingError: they could not be indexed.
        """
        from index import build_index, index_into_milvus

        build = build_index
        if self.uri is not None:
            build = partial(index_into_milvus, milvus=self._milvus())
        return build(reports, data=self.folder, encoder=encoder, folder=folder, progress=progress)

    def _milvus(self) -> "Milvus":
        from index import Milvus

        return Milvus(str(self.uri), os.environ.get("YOUJU_STORE_TOKEN"))
