"""Which reports belong to a data folder, and their files: what everything else is made from.

    data/library.json               every report: its file's name and SHA-256, and the correction
                                    that stood beside it; and those of a folder that were taken out
    data/originals/<sha256>.docx    the files, by content; a name that a user gave is no path here

The library is no part of a snapshot. It is written before the snapshot that follows from it: after
a crash in between, what it says is what is to be indexed.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from corpus import (
    Correction,
    Limits,
    Report,
    check_correction,
    corrected,
    read_report,
    stated_beside,
)

from .errors import NewerFormat, SnapshotError
from .files import make_folder, replace_file, replaced, sha256_of, sync
from .sealed import sealed, unsealed

FILE = "library.json"
ORIGINALS = "originals"
FORMAT = 2
"""Version of the file; one higher for any change that older versions cannot read. Version 1 had
neither corrections nor a checksum."""

UPLOADED = "上传/"
"""Before the names of uploaded files, so that none is taken for one of a folder."""

_PART = 1 << 20
INCOMING = ".incoming-"
"""Before the names of originals that are being written."""


@dataclass(frozen=True, slots=True)
class Original:
    """The file of a report: its name below the folder, and what it holds.

    ``correction`` is that of the file beside it, which is not kept itself.
    """

    file: str
    sha256: str
    title: str
    correction: Correction = field(default_factory=dict)

    @property
    def uploaded(self) -> bool:
        """Whether it was uploaded, and is not one of a folder."""
        return self.file.startswith(UPLOADED)

    @property
    def stored(self) -> str:
        """Its name among the originals."""
        return self.sha256 + PurePosixPath(self.file).suffix.lower()


_FIELDS = tuple(one.name for one in fields(Original))


@dataclass(frozen=True, slots=True)
class Library:
    """The reports of a data folder by id, and those of its folder that a user took out."""

    reports: Mapping[str, Original] = field(default_factory=dict)
    removed: Mapping[str, Original] = field(default_factory=dict)


def read_library(data: Path) -> Library:
    """The library of a data folder; an empty one if there is none yet.

    Raises:
        SnapshotError: It is broken, or a newer version wrote it.
    """
    file = data / FILE
    try:
        fields = unsealed(file.read_text("utf-8"), since=2)
        if 1 <= int(fields["format"]) <= FORMAT:
            return Library(_originals(fields["reports"]), _originals(fields["removed"]))
    except FileNotFoundError:
        return Library()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SnapshotError(
            f"报告目录 {file} 读不出来或已损坏：{error}。请运行 youju doctor --repair --data {data}"
        ) from error
    raise NewerFormat(f"报告目录 {file} 由更新版本的 youju 写成。请升级 youju。")


def write_library(data: Path, library: Library) -> None:
    """Write a library so that after a crash either the old one or this is there, whole."""
    replace_file(data / FILE, _text(library))


def changed_library(data: Path, library: Library) -> AbstractContextManager[None]:
    """Write a library for a block; if the block fails, the one before is put back."""
    return replaced(data / FILE, _text(library))


def _text(library: Library) -> str:
    fields = {
        "format": FORMAT,
        "reports": {key: _fields_of(one) for key, one in sorted(library.reports.items())},
        "removed": {key: _fields_of(one) for key, one in sorted(library.removed.items())},
    }
    return sealed(fields)


def _fields_of(original: Original) -> dict[str, object]:
    """What ``dataclasses.asdict`` gives, which copies everything: there may be thousands."""
    return {name: getattr(original, name) for name in _FIELDS}


def original_of(report: Report) -> Original:
    """The original that a report was read from."""
    return Original(report.file, report.sha256, report.full_title, stated_beside(report))


def original_from(fields: Mapping[str, Any]) -> Original:
    """The original whose fields these are, as ``dataclasses.asdict`` gives them.

    Raises:
        TypeError, ValueError: they are not.
    """
    return Original(**{**fields, "correction": check_correction(fields.get("correction", {}))})


def original_path(data: Path, original: Original) -> Path:
    """Where an original lies, or would lie."""
    return data / ORIGINALS / original.stored


def is_kept(data: Path, original: Original) -> bool:
    """Whether an original is kept and undamaged."""
    try:
        return sha256_of(original_path(data, original)) == original.sha256
    except OSError:
        return False


def read_original(data: Path, original: Original, *, limits: Limits | None = None) -> Report:
    """Read a report from the file that was kept, with the correction that stood beside it.

    Raises:
        CorpusError: it cannot be read.
        SnapshotError: the file has changed since it was kept.
    """
    path = original_path(data, original)
    report = read_report(path, file=original.file, limits=limits or Limits())
    if report.sha256 != original.sha256:
        raise SnapshotError(
            f"留存的文件 {path} 已损坏。请重新上传 {original.file}，"
            "或重新运行：youju index 报告文件夹"
        )
    return corrected(report, original.correction)


def keep(data: Path, content: BinaryIO, name: str) -> Original:
    """Keep an uploaded file; when this returns it is on disk, and a crash loses nothing.

    Args:
        data: the data folder.
        content: the file's bytes.
        name: as ``uploaded_name`` gives it.

    Raises:
        SnapshotError: it cannot be written.
    """
    folder = data / ORIGINALS
    temporary = folder / f"{INCOMING}{secrets.token_hex(8)}"
    try:
        make_folder(folder)
        digest = hashlib.sha256()
        with temporary.open("wb") as file:
            while part := content.read(_PART):
                digest.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        original = Original(UPLOADED + name, digest.hexdigest(), PurePosixPath(name).stem)
        temporary.replace(original_path(data, original))
        sync(folder)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SnapshotError(
            f"文件没有存下：{error.strerror or error}。请检查磁盘空间和 {data} 的权限后重新上传。"
        ) from error
    return original


def keep_all(data: Path, folder: Path, reports: Iterable[Report]) -> Iterator[Report]:
    """Keep the files of a folder's reports that are not kept yet, and yield the reports.

    A file that was changed since it was read is left out: the next indexing keeps it.
    """
    originals = data / ORIGINALS
    make_folder(originals)
    for report in reports:
        kept = original_path(data, original_of(report))
        if not kept.exists():
            _keep_file(folder / report.file, kept, report.sha256)
        yield report
    sync(originals)


def _keep_file(file: Path, kept: Path, sha256: str) -> None:
    """Keep a file, if it is still there and is still what it was."""
    temporary = kept.with_name(f"{INCOMING}{secrets.token_hex(8)}")
    try:
        shutil.copyfile(file, temporary)
        with temporary.open("rb+") as copy:
            same = hashlib.file_digest(copy, "sha256").hexdigest() == sha256
            os.fsync(copy.fileno())
        if same:
            temporary.replace(kept)
    except FileNotFoundError:  # moved away meanwhile
        pass
    finally:
        temporary.unlink(missing_ok=True)


def unused(data: Path, used: Sequence[Original]) -> list[Path]:
    """The kept files that are none of these."""
    names = {one.stored for one in used}
    return [
        path
        for path in sorted((data / ORIGINALS).glob("*"))
        if path.name not in names and not path.name.startswith(INCOMING)
    ]


def _originals(fields: dict[str, dict[str, Any]]) -> dict[str, Original]:
    return {key: original_from(value) for key, value in fields.items()}
