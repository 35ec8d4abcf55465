"""Vectors by content: text that was embedded once is never embedded again.

A SQLite file beside the snapshots, keyed by model and text. It is a cache and holds nothing that
cannot be made again: delete it and the next indexing only takes longer.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from .encoder import Encoder, Vectors

CHUNK = 256
"""Texts embedded between two commits: what an interruption loses at the most."""

Progress = Callable[[int, int], None]
"""Called with the number done and the number to do."""


def embed(texts: Sequence[str], encoder: Encoder, cache: Path, progress: Progress) -> Vectors:
    """Return the vectors of ``texts``, embedding only those that ``cache`` does not hold.

    Args:
        texts: windows as they are embedded, title and all.
        encoder: the model that embeds.
        cache: SQLite file; made if it does not exist.
        progress: told how many of the missing texts are embedded, at least once.

    Returns:
        float32 (len(texts), dimension), in the order of ``texts``.
    """
    keys = [_key(encoder.identity, text) for text in texts]
    with closing(sqlite3.connect(cache)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
            " WITHOUT ROWID"
        )
        known = _known(database, set(keys), encoder.dimension)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        progress(0, len(missing))
        # Longest first: batches of like length waste no padding, and the time left shown early
        # is too long rather than too short.
        order = sorted(missing, key=lambda key: len(missing[key]), reverse=True)
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            vectors = encoder.encode_windows([missing[key] for key in chunk])
            known.update(zip(chunk, vectors, strict=True))
            with database:
                database.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                    [(key, known[key].tobytes()) for key in chunk],
                )
            progress(start + len(chunk), len(order))
    return np.stack([known[key] for key in keys])


def _key(identity: str, text: str) -> bytes:
    return hashlib.sha256(f"{identity}\0{text}".encode()).digest()


def _known(database: sqlite3.Connection, keys: set[bytes], dimension: int) -> dict[bytes, Vectors]:
    found = {}
    for key in keys:
        row = database.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        if row and len(row[0]) == 4 * dimension:
            found[key] = np.frombuffer(row[0], dtype=np.float32)
    return found
