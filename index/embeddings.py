"""Vectors by content: text that was embedded once is never embedded again.

A SQLite file beside the snapshots, keyed by model and text. It is a cache and holds nothing that
cannot be made again: delete it and the next indexing only takes longer. SQLite notices when its own
structure is damaged, but not when a value is, so every row has a checksum. A file that is damaged
is deleted and begun anew.
"""

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .encoded import Encoded, Vectors
from .encoder import Encoder
from .late import Signs, pack_signs

log = logging.getLogger(__name__)

CACHE = "embeddings.sqlite"
"""Its name in the data folder."""

FORMAT = 3  # of what is kept of a text; a change in it must raise it
LAYOUT = 1
"""Version of the tables; a file with another one is begun anew."""
CHUNK = 256
"""Texts embedded between two commits: what an interruption loses at the most."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS windows (
    key BLOB PRIMARY KEY, vector BLOB NOT NULL, signs BLOB NOT NULL, crc INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS means (model TEXT PRIMARY KEY, mean BLOB NOT NULL, crc INTEGER NOT NULL);
"""

_OF_THE_DISK = frozenset(
    [
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    ]
)
"""SQLite's errors that a new file would not mend."""

Progress = Callable[[int, int], None]
"""Called with the number done and the number to do."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Windows embedded, in the order they were given.

    Attributes:
        vectors: float32 (windows, dimension), L2-normalised.
        signs: for each window its token signs, see ``late.py``.
        mean: float32 (dimension,), the mean token that the signs are about.
    """

    vectors: Vectors
    signs: list[Signs]
    mean: Vectors


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path,
    progress: Progress,
    mean: Vectors | None = None,
) -> Embedded:
    """Embed ``texts``, or read from ``cache`` what was embedded before.

    Args:
        texts: windows as they are embedded, title and all; at least one.
        encoder: the model that embeds.
        cache: SQLite file; made if it does not exist.
        progress: told how many of the missing texts are embedded, at least once.
        mean: the mean token of the index, float32 (dimension,), if there is one: all signs are
            about the same. A cache with another one is begun anew.
    """
    try:
        return _embed(texts, encoder, cache, progress, mean)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_DISK:
            raise
        log.warning("向量缓存 %s 已损坏（%s），已经删除，正在重新计算。", cache, error)
        remove_cache(cache)
        return _embed(texts, encoder, cache, progress, mean)


def check_cache(cache: Path) -> None:
    """Read the whole cache; none is as good as a sound one.

    Raises:
        sqlite3.DatabaseError: it is damaged.
    """
    if not cache.exists():
        return
    with _open(cache) as database:
        if [row[0] for row in database.execute("PRAGMA quick_check")] != [b"ok"]:
            raise sqlite3.DatabaseError("database disk image is malformed")
        for row in database.execute("SELECT key, vector, signs, crc FROM windows"):
            _check(*row)
        for row in database.execute("SELECT model, mean, crc FROM means"):
            _check(*row)


def remove_cache(cache: Path) -> None:
    """Delete the cache, with the files that SQLite has beside it."""
    for file in (cache, *cache.parent.glob(f"{cache.name}-*")):
        file.unlink(missing_ok=True)


def keep_mean_token(cache: Path, model: str, mean: Vectors) -> None:
    """Begin a cache with the mean token of another, so that the same texts get the same signs."""
    with _open(cache) as database:
        _insert_mean(database, model, mean)


def _embed(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path,
    progress: Progress,
    earlier: Vectors | None,
) -> Embedded:
    keys = [_key(_model(encoder.identity), text) for text in texts]
    with _open(cache) as database:
        known = _known(database, set(keys), encoder.dimension)
        _settle_mean(database, encoder.identity, earlier, needed=bool(known))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        progress(0, len(missing))
        # Longest first: batches of like length waste no padding, and the time left shown early
        # is too long rather than too short.
        order = sorted(missing, key=lambda key: len(missing[key]), reverse=True)
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            encoded = encoder.encode_windows([missing[key] for key in chunk])
            mean = _mean(database, encoder, encoded)
            rows = [(item.vector, pack_signs(item.tokens, mean)) for item in encoded]
            known.update(zip(chunk, rows, strict=True))
            with database:
                database.executemany(
                    "INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?)",
                    [
                        _summed(key, v.tobytes(), s.tobytes())
                        for key, (v, s) in zip(chunk, rows, strict=True)
                    ],
                )
            progress(start + len(chunk), len(order))
        mean = _mean(database, encoder, ())
    vectors, signs = zip(*(known[key] for key in keys), strict=True)
    return Embedded(np.stack(vectors), list(signs), mean)


@contextmanager
def _open(cache: Path) -> Iterator[sqlite3.Connection]:
    """Open the cache, made if it is not there, or made anew if its tables are of another layout."""
    with closing(sqlite3.connect(cache)) as database:
        database.text_factory = bytes  # what is damaged need not be text
        (layout,) = database.execute("PRAGMA user_version").fetchone()
        if layout != LAYOUT:
            database.executescript("DROP TABLE IF EXISTS windows; DROP TABLE IF EXISTS means")
            database.execute(f"PRAGMA user_version = {LAYOUT}")
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(SCHEMA)
        yield database


def _summed(key: bytes, *values: bytes) -> tuple[bytes | int, ...]:
    return (key, *values, zlib.crc32(b"\0".join([key, *values])))


def _check(*row: object) -> None:
    """Check a row of a key, values and their checksum.

    Raises:
        sqlite3.DatabaseError: it is damaged.
    """
    *values, crc = row
    if not all(isinstance(value, bytes) for value in values) or (
        zlib.crc32(b"\0".join(values)) != crc  # type: ignore[arg-type]
    ):
        raise sqlite3.DatabaseError("a row's checksum is wrong")


def _model(identity: str) -> str:
    return f"{identity}/{FORMAT}"


def _key(model: str, text: str) -> bytes:
    return hashlib.sha256(f"{model}\0{text}".encode()).digest()


def _known(
    database: sqlite3.Connection, keys: set[bytes], dimension: int
) -> dict[bytes, tuple[Vectors, Signs]]:
    width = -(-dimension // 8)
    found = {}
    for key in keys:
        query = "SELECT key, vector, signs, crc FROM windows WHERE key = ?"
        row = database.execute(query, (key,)).fetchone()
        if row:
            _check(*row)
            vector = np.frombuffer(row[1], dtype=np.float32)
            found[key] = vector, np.frombuffer(row[2], dtype=np.uint8).reshape(-1, width)
    return found


def _settle_mean(
    database: sqlite3.Connection, identity: str, earlier: Vectors | None, *, needed: bool
) -> None:
    """Begin with an earlier mean token, if there is none yet.

    Raises:
        sqlite3.DatabaseError: what is kept is about another one, or about one that is missing.
    """
    known = _known_mean(database, identity)
    if known is None and needed:
        raise sqlite3.DatabaseError("the mean token is missing")
    if earlier is None:
        return
    if known is None:
        _insert_mean(database, identity, earlier)
    elif not np.array_equal(known, earlier):
        raise sqlite3.DatabaseError("the mean token is not that of the index")


def _mean(database: sqlite3.Connection, encoder: Encoder, encoded: Sequence[Encoded]) -> Vectors:
    """Return the mean token of a model: that of the first texts it ever embedded here.

    It stays, since signs about different means cannot be compared.
    """
    known = _known_mean(database, encoder.identity)
    if known is not None:
        return known
    tokens = np.concatenate([item.tokens for item in encoded])
    mean = tokens.mean(axis=0) if len(tokens) else np.zeros(encoder.dimension, np.float32)
    _insert_mean(database, encoder.identity, mean)
    return mean


def _known_mean(database: sqlite3.Connection, identity: str) -> Vectors | None:
    query = "SELECT model, mean, crc FROM means WHERE model = ?"
    row = database.execute(query, (_model(identity),)).fetchone()
    if row is None:
        return None
    _check(*row)
    return np.frombuffer(row[1], dtype=np.float32)


def _insert_mean(database: sqlite3.Connection, identity: str, mean: Vectors) -> None:
    model = _model(identity)
    _, content, crc = _summed(model.encode(), mean.tobytes())
    with database:
        database.execute("INSERT OR REPLACE INTO means VALUES (?, ?, ?)", (model, content, crc))
