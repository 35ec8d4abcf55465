"""Files and folders that are on disk when a function returns, whole or not at all."""

import hashlib
import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGE = 1 << 26
"""Bytes from which an array is too large to stay in memory for having been looked at once."""

READS = 4
"""Reads after which memory is handed back: a question reads up to 40 MB of a large index, and what
was read for one costs twice as much when it is handed back at once."""

UNFINISHED = ".new"
"""After the names of files that are written to take the place of others."""


def replace_file(file: Path, text: str) -> None:
    """Write a file whole and synced under another name, and rename it over the old one."""
    temporary = file.with_name(f"{file.name}{UNFINISHED}")
    try:
        write_text(temporary, text)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(file.parent)


@contextmanager
def replaced(file: Path, text: str) -> Iterator[None]:
    """Replace a file for a block; if the block fails, what was there before is put back.

    It is written beside the file beforehand, so that a full disk cannot keep it from being put
    back.
    """
    before = file.read_bytes() if file.exists() else None
    if before == text.encode():
        yield
        return
    undo = file.with_name(f"{file.name}.undo{UNFINISHED}")
    try:
        if before is not None:
            undo.write_bytes(before)
            sync(undo)
        try:
            replace_file(file, text)
            yield
        except BaseException:
            if before is None:
                file.unlink(missing_ok=True)
            else:
                undo.replace(file)
            sync(file.parent)
            raise
    finally:
        undo.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder, and its parents, so that a crash does not take it away again."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def mapped(file: Path) -> NDArray[Any]:
    """Map an array that ``numpy.save`` wrote; only what is looked at is read.

    Not as a ``numpy.memmap``, of which each slice costs several times what one of an array does.
    """
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))


class MappedMemory:
    """The memory of mapped arrays, handed back to the system now and then. Safe for threads.

    Else all that was ever looked at counts as memory of the process, of gigabytes of which a
    question reads some pages. The system keeps in its cache what was read. Nothing happens to
    arrays that are not mapped, or not large.
    """

    def __init__(self, arrays: Iterable[NDArray[Any]]) -> None:
        bases = [_base(array) for array in arrays if array.nbytes >= LARGE]
        self._maps = [base for base in bases if isinstance(base, mmap.mmap)]
        self._reads = count(1)

    def was_read(self) -> None:
        """Take note that some of it was read, for the last time until it is read again."""
        if next(self._reads) % READS == 0 and hasattr(mmap, "MADV_DONTNEED"):
            for one in self._maps:
                one.madvise(mmap.MADV_DONTNEED)


def _base(array: NDArray[Any]) -> Any:  # noqa: ANN401 - whatever holds its memory
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_text(file: Path, text: str) -> None:
    """Write a file, synced; its folder is not."""
    file.write_text(text, "utf-8")
    sync(file)


def sync(path: Path) -> None:
    """Force a file or folder to disk; Windows cannot open folders and does not need it."""
    if path.is_dir() and os.name == "nt":
        return
    # Windows syncs only what may be written to.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
