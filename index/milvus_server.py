"""A connection to Milvus: what is asked of it, with its limits, and its faults in plain words.

Milvus Lite in server mode is spoken to in the same way. What it cannot do, and what servers before
2.5 silently leave out, is in docs/decisions/0007-milvus-as-a-store.md.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any, NamedTuple

from .encoded import Vectors
from .errors import StoreError

OLDEST = (2, 5)
"""First version with BM25. Older ones accept its schema and silently leave the function out."""
OLDEST_LITE = (3, 2)

SECONDS = 10.0
"""How long one request may take, with the retries of the client."""
LOADING_SECONDS = 120.0
"""How long a collection may take to be created, loaded or dropped."""
BATCH_BYTES = 4 << 20
"""Bytes of rows in one request; Milvus refuses messages of 64 MB."""
BATCH = 1000
"""Rows, or ids, in one request."""
MOST_FOUND = 16384
"""What Milvus returns for one search at the most."""

Row = dict[str, Any]


class Found(NamedTuple):
    """A row that was found: its id, the id of its report, and its score as Milvus gives it."""

    id: str
    report: str
    score: float


_VERSION = re.compile(r"(\d+)\.(\d+)")


class Milvus:
    """A client of one server. Safe for many threads, as far as they write to different collections.

    Attributes:
        uri: where it is.
        version: as it says itself, such as ``v2.5.4`` or ``milvus_lite-3.2.2``.
    """

    def __init__(self, uri: str, token: str | None = None, *, consistency: str = "Bounded") -> None:
        """Connect.

        Args:
            uri: ``http://host:port``, or with ``https`` and a database as the path.
            token: ``user:password`` or an API key, where the server wants one.
            consistency: of searches, by Milvus' name for it. Bounded ones may miss what was written
                within the last seconds, and wait for nothing.

        Raises:
            StoreError: pymilvus is not installed, or the server cannot be reached.
        """
        try:
            import pymilvus  # noqa: PLC0415 - loads pandas, and is an extra
        except ImportError as error:
            raise StoreError(
                "没有安装 Milvus 的客户端。请运行：pip install 'youju[milvus]'"
            ) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # errors are raised and told once
        self.uri = uri
        self._consistency = consistency
        self._pymilvus = pymilvus
        with self._told("连接"):
            self._client = pymilvus.MilvusClient(uri, token=token or "", timeout=SECONDS)
            self.version = str(self._client.get_server_version(timeout=SECONDS))

    @property
    def lite(self) -> bool:
        """Whether it is Milvus Lite in server mode."""
        return "lite" in self.version

    @property
    def tokenizer(self) -> str:
        """The analyzer's tokenizer that leaves our tokens whole; Lite's ``standard`` one does."""
        return "standard" if self.lite else "whitespace"

    def check_version(self) -> None:
        """Refuse a server that cannot do what is asked of it, before anything is created there.

        Raises:
            StoreError: its version is too old, or cannot be told.
        """
        found = _VERSION.search(self.version)
        oldest = OLDEST_LITE if self.lite else OLDEST
        if found is None or (int(found[1]), int(found[2])) < oldest:
            raise StoreError(
                f"{self.uri} 是 Milvus {self.version}，没有全文检索（BM25）。"
                f"请升级到 {'.'.join(map(str, OLDEST))} 或更高的版本；那里什么也没有改动。"
            )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def collections(self) -> list[str]:
        """Name the collections of the database."""
        with self._told("列出集合"):
            return sorted(self._client.list_collections(timeout=SECONDS))

    def create(
        self,
        name: str,
        fields: Iterable[Row],
        index: Mapping[str, Any],
        bm25: tuple[str, str] | None = None,
    ) -> None:
        """Create a collection, index its vectors and load it.

        Args:
            name: of the collection.
            fields: arguments of pymilvus' ``add_field``; the types by name, such as ``VARCHAR``.
            index: arguments of pymilvus' ``add_index``.
            bm25: a field of text and the field that its BM25 vectors are to stand in.

        Raises:
            StoreError: the server refused it, or accepted it without the function.
        """
        types = self._pymilvus.DataType
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        for field in fields:
            schema.add_field(**{**field, "datatype": types[field["datatype"]]})
        if bm25 is not None:
            source, target = bm25
            kind = self._pymilvus.FunctionType.BM25
            schema.add_function(self._pymilvus.Function("bm25", kind, [source], [target]))
        indexes = self._client.prepare_index_params()
        indexes.add_index(**index)
        with self._told(f"建立集合 {name}"):
            self._client.create_collection(
                name, schema=schema, consistency_level="Bounded", timeout=LOADING_SECONDS
            )
            described = self._client.describe_collection(name, timeout=SECONDS)
            if bm25 is not None and not described.get("functions"):
                self._client.drop_collection(name, timeout=LOADING_SECONDS)
                raise StoreError(f"{self.uri} 的 Milvus {self.version} 没有采用 BM25。请升级。")
            self._client.create_index(name, indexes, timeout=LOADING_SECONDS)
            self._client.load_collection(name, timeout=LOADING_SECONDS)

    def load(self, name: str) -> None:
        """Have a collection ready to be searched, as it may not be after a restart."""
        with self._told(f"装入集合 {name}"):
            self._client.load_collection(name, timeout=LOADING_SECONDS)

    def drop(self, name: str) -> None:
        """Drop a collection."""
        with self._told(f"删除集合 {name}"):
            self._client.drop_collection(name, timeout=LOADING_SECONDS)

    def aliases(self, name: str) -> list[str]:
        """Name the aliases of a collection."""
        with self._told(f"查看集合 {name}"):
            return list(self._client.list_aliases(name, timeout=SECONDS)["aliases"])

    def point(self, alias: str, name: str, before: str | None) -> None:
        """Have an alias name a collection, in one step where it named another one before."""
        with self._told(f"切换别名 {alias}"):
            if before is None:
                self._client.create_alias(name, alias, timeout=SECONDS)
            else:
                self._client.alter_alias(name, alias, timeout=SECONDS)

    def upsert(self, name: str, rows: Iterable[Row]) -> None:
        """Write rows, those with the same ids in the place of others, in requests of fit size."""
        for batch in _batches(rows):
            with self._told(f"写入集合 {name}"):
                self._client.upsert(name, batch, timeout=LOADING_SECONDS)

    def delete(self, name: str, ids: Sequence[str]) -> None:
        """Delete rows by id; unknown ids are passed over."""
        for some in _parts(ids):
            with self._told(f"从集合 {name} 删除"):
                self._client.delete(name, ids=some, timeout=LOADING_SECONDS)

    def get(self, name: str, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Row]:
        """Return the rows with some ids, by id; searches may see them a moment later."""
        found: dict[str, Row] = {}
        for some in _parts(ids):
            with self._told(f"读取集合 {name}"):
                rows = self._client.get(
                    name,
                    ids=some,
                    output_fields=["id", *fields],
                    timeout=SECONDS,
                    consistency_level="Strong",
                )
            found.update((row["id"], row) for row in rows)
        return found

    def every(self, name: str, where: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that fit an expression, as they are at this moment."""
        with self._told(f"读取集合 {name}"):
            rows = self._client.query_iterator(
                name,
                filter=where,
                output_fields=list(fields),
                batch_size=BATCH // 10,
                timeout=SECONDS,
                consistency_level="Strong",
            )
            while batch := rows.next():
                yield from batch
            rows.close()

    def count(self, name: str, where: str = "") -> int:
        """Count the rows that fit an expression, as they are at this moment."""
        with self._told(f"读取集合 {name}"):
            [row] = self._client.query(
                name,
                filter=where,
                output_fields=["count(*)"],
                timeout=SECONDS,
                consistency_level="Strong",
            )
        return int(row["count(*)"])

    def search(  # noqa: PLR0913 - what can be asked of a search
        self,
        name: str,
        field: str,
        sought: str | Vectors,
        *,
        limit: int,
        reports: AbstractSet[str] | None = None,
        of_each: int | None = None,
    ) -> list[Found]:
        """Find the rows nearest to a vector or a text, best first, as of some seconds ago.

        Args:
            name: of the collection.
            field: the vectors that are compared.
            sought: float32 (dimension,), or a text for BM25.
            limit: how many rows at the most.
            reports: ids of the reports whose rows are searched, all if None.
            of_each: find that many rows of each report instead; ``limit`` counts reports.
        """
        if reports is not None and not reports:
            return []
        where = "" if reports is None else among("report", reports)
        grouped = {"group_by_field": "report", "group_size": of_each} if of_each else {}
        with self._told(f"检索集合 {name}"):
            [found] = self._client.search(
                name,
                data=[sought if isinstance(sought, str) else sought.tolist()],
                anns_field=field,
                limit=min(limit, MOST_FOUND),
                filter=where,
                output_fields=["report"],
                timeout=SECONDS,
                consistency_level=self._consistency,
                **grouped,
            )
        return [Found(one["id"], one["entity"]["report"], float(one["distance"])) for one in found]

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Tell what the client raises in plain words.

        Raises:
            StoreError: it raised something.
        """
        grpc_error: type[Exception] = _grpc_error()
        try:
            yield
        except (self._pymilvus.MilvusException, grpc_error, ValueError) as error:
            cause = str(getattr(error, "message", "") or error)
            raise StoreError(
                f"Milvus（{self.uri}）{doing}没有成功：{cause[:200]}。"
                "请检查它是否在运行、地址和令牌（YOUJU_STORE_TOKEN）是否正确。"
            ) from error


def among(field: str, values: Iterable[str]) -> str:
    """Return the expression that a field has one of some values."""
    return f"{field} in {json.dumps(sorted(values), ensure_ascii=False)}"


def _grpc_error() -> type[Exception]:
    import grpc  # noqa: PLC0415 - comes with pymilvus

    error: type[Exception] = grpc.RpcError
    return error


def _parts(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield list(ids[start : start + BATCH])


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Put rows together into requests that stay below the limits."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        weight = sum(len(value) * 4 for value in row.values() if hasattr(value, "__len__"))
        if batch and (size + weight > BATCH_BYTES or len(batch) == BATCH):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch
