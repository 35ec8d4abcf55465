"""What is broken in a data folder: every file of it is looked at, which takes a while."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import snapshot
from .contents import read_contents
from .corrections import FILE as CORRECTIONS
from .corrections import read_corrections
from .debris import find_debris
from .embeddings import CACHE, check_cache
from .errors import IndexingError, SnapshotError
from .files import sha256_of
from .imports import broken_imports, waiting
from .library import FILE as LIBRARY
from .library import INCOMING, ORIGINALS, original_path, read_library
from .replacing import unfinished
from .synonyms import FILE as SYNONYMS
from .synonyms import read_synonyms
from .user_words import FILE as WORDS
from .user_words import read_words


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is broken: the file or folder, and what is the matter, in Chinese."""

    path: Path
    reason: str


def find_faults(data: Path) -> list[Fault]:
    """Look for what is broken in a data folder; nothing is changed."""
    return [
        *_faults_of_index(data),
        *_faults_of_records(data),
        *_faults_of_files(data),
        *_faults_of_cache(data),
        *(Fault(path, f"{path} 是中断后留下的，没有用了。") for path in find_debris(data)),
        *(Fault(path, f"{path} 是没有完成的恢复留下的。") for path in unfinished(data)),
    ]


def damaged_originals(data: Path) -> list[Path]:
    """The kept files that are no longer what they were; their names say what they should be."""
    files = sorted((data / ORIGINALS).glob("*"))
    return [
        file
        for file in files
        if not file.name.startswith(INCOMING) and sha256_of(file) != file.name.partition(".")[0]
    ]


def not_indexed(data: Path) -> list[str]:
    """The files of reports that the library lists and the live snapshot lacks.

    Raises:
        SnapshotError: the library or the live snapshot is broken.
    """
    reports = read_contents(snapshot.current(data)).reports
    indexed = {(report.id, report.sha256) for report in reports}
    listed = read_library(data).reports.items()
    return [one.file for key, one in listed if (key, one.sha256) not in indexed]


def _faults_of_index(data: Path) -> Iterator[Fault]:
    sound: set[str] = set()  # segments, of which snapshots have most in common
    try:
        live = snapshot.current(data)
        sound.update(snapshot.verified(live).segments.values())
    except SnapshotError as error:
        live = None
        yield Fault(data / snapshot.CURRENT, str(error))
    for folder in snapshot.snapshots_of(data):
        if folder != live:
            try:
                snapshot.verified(folder, sound)
            except SnapshotError as error:
                yield Fault(folder, str(error))
    if live is not None:
        try:
            missing = not_indexed(data)
        except SnapshotError:
            return  # the library's own fault
        if missing:
            yield Fault(live, f"上次索引没有完成，还缺：{'、'.join(missing)}。")


def _faults_of_records(data: Path) -> Iterator[Fault]:
    checks = (
        (data / LIBRARY, lambda _file: read_library(data)),
        (data / CORRECTIONS, read_corrections),
        (data / WORDS, read_words),
        (data / SYNONYMS, read_synonyms),
    )
    for file, check in checks:
        try:
            check(file)
        except IndexingError as error:
            yield Fault(file, str(error))
    for file in broken_imports(data):
        yield Fault(file, f"等待读入的记录 {file} 已损坏。")


def _faults_of_files(data: Path) -> Iterator[Fault]:
    for file in damaged_originals(data):
        yield Fault(file, f"留存的文件 {file} 已损坏。")
    for one in waiting(data):
        if not original_path(data, one.original).exists():
            yield Fault(original_path(data, one.original), f"{one.original.file} 的文件不见了。")


def _faults_of_cache(data: Path) -> Iterator[Fault]:
    try:
        check_cache(data / CACHE)
    except sqlite3.Error as error:
        yield Fault(data / CACHE, f"向量缓存 {data / CACHE} 已损坏（{error}）。")
