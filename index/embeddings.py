"""Vectors by content: text that was embedded once is never embedded again.

A SQLite file beside the snapshots, keyed by model and text. It is a cache and holds nothing that
cannot be made again: delete it and the next indexing only takes longer.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .encoded import Encoded, Vectors
from .encoder import Encoder
from .late import Signs, pack_signs

FORMAT = 3  # of what is kept of a text; a change in it must raise it
CHUNK = 256
"""Texts embedded between two commits: what an interruption loses at the most."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS windows (
    key BLOB PRIMARY KEY, vector BLOB NOT NULL, signs BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS means (model TEXT PRIMARY KEY, mean BLOB NOT NULL);
"""

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


def embed(texts: Sequence[str], encoder: Encoder, cache: Path, progress: Progress) -> Embedded:
    """Embed ``texts``, or read from ``cache`` what was embedded before.

    Args:
        texts: windows as they are embedded, title and all; at least one.
        encoder: the model that embeds.
        cache: SQLite file; made if it does not exist.
        progress: told how many of the missing texts are embedded, at least once.
    """
    keys = [_key(_model(encoder), text) for text in texts]
    with closing(sqlite3.connect(cache)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(SCHEMA)
        known = _known(database, set(keys), encoder.dimension)
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
                    "INSERT OR REPLACE INTO windows VALUES (?, ?, ?)",
                    [
                        (key, v.tobytes(), s.tobytes())
                        for key, (v, s) in zip(chunk, rows, strict=True)
                    ],
                )
            progress(start + len(chunk), len(order))
        mean = _mean(database, encoder, ())
    vectors, signs = zip(*(known[key] for key in keys), strict=True)
    return Embedded(np.stack(vectors), list(signs), mean)


def _model(encoder: Encoder) -> str:
    return f"{encoder.identity}/{FORMAT}"


def _key(model: str, text: str) -> bytes:
    return hashlib.sha256(f"{model}\0{text}".encode()).digest()


def _known(
    database: sqlite3.Connection, keys: set[bytes], dimension: int
) -> dict[bytes, tuple[Vectors, Signs]]:
    width = -(-dimension // 8)
    found = {}
    for key in keys:
        row = database.execute("SELECT vector, signs FROM windows WHERE key = ?", (key,)).fetchone()
        if row:
            vector = np.frombuffer(row[0], dtype=np.float32)
            found[key] = vector, np.frombuffer(row[1], dtype=np.uint8).reshape(-1, width)
    return found


def _mean(database: sqlite3.Connection, encoder: Encoder, encoded: Sequence[Encoded]) -> Vectors:
    """Return the mean token of a model: that of the first texts it ever embedded here.

    It stays, since signs about different means cannot be compared.
    """
    query = "SELECT mean FROM means WHERE model = ?"
    if row := database.execute(query, (_model(encoder),)).fetchone():
        return np.frombuffer(row[0], dtype=np.float32)
    tokens = np.concatenate([item.tokens for item in encoded])
    mean = tokens.mean(axis=0) if len(tokens) else np.zeros(encoder.dimension, np.float32)
    with database:
        database.execute("INSERT INTO means VALUES (?, ?)", (_model(encoder), mean.tobytes()))
    return mean
