"""Folders that never change once they are written, each with a manifest: snapshots and segments.

A folder is written whole and synced under a temporary name, then renamed. It goes the same way: it
is renamed first, so that it is there whole or not at all. Whoever names a folder keeps the SHA-256
of its manifest, and the manifest has that of every file, and of itself: a repair that has lost the
name can still tell whether it is sound.
"""

import json
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cores import cores
from .errors import NewerFormat, SnapshotError
from .files import make_folder, sha256_of, sync, write_text
from .sealed import sealed, unsealed

FORMAT = 7
"""Version of the layout and of what is computed from a report; one higher for any change."""

OLDEST = 6
"""Oldest version that is still opened: snapshots of it are no segments, see ``format6.py``."""

MANIFEST = "manifest.json"
TEMPORARY = ".writing-"
REMOVING = ".removing-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder holds.

    Attributes:
        name: of the folder.
        format: version of its layout.
        model: identity of the encoder.
        counts: of reports, paragraphs and windows.
        files: relative names, and the SHA-256 of each file in hexadecimal.
        words: SHA-256 of the user's words that the lexical side was built with.
        segments: of a snapshot: its segments in order, with the SHA-256 of their manifests.
    """

    name: str
    format: int
    model: str
    counts: Mapping[str, int]
    files: Mapping[str, str]
    words: str = ""
    segments: Mapping[str, str] = field(default_factory=dict)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder.

    Raises:
        NewerFormat: a newer version wrote it.
        SnapshotError: it is missing or broken, or a version wrote it that is too old.
    """
    try:
        text = (folder / MANIFEST).read_text("utf-8")
        found = int(json.loads(text)["format"])
        if OLDEST <= found <= FORMAT:
            fields = unsealed(text, since=7)
            return Manifest(
                folder.name,
                found,
                str(fields["model"]),
                fields["counts"],
                fields["files"],
                fields.get("words", ""),
                fields.get("segments", {}),
            )
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SnapshotError(
            f"索引清单 {folder / MANIFEST} 缺失或已损坏。{remedy(folder)}"
        ) from error
    if found > FORMAT:
        raise NewerFormat(
            f"{folder} 由更新版本的 youju 写成（格式 {found}，本版本读到 {FORMAT}）。"
            "请升级 youju，或换一个 --data 文件夹。"
        )
    raise SnapshotError(f"{folder} 由旧版本写成（格式 {found}）。{remedy(folder)}")


def sum_of_manifest(folder: Path) -> str | None:
    """SHA-256 of a folder's manifest; None if it cannot be read."""
    try:
        return sha256_of(folder / MANIFEST)
    except OSError:
        return None


def check_files(folder: Path, manifest: Manifest, only: Collection[str] | None = None) -> None:
    """Check the files of a folder against its manifest: all of them, or only some.

    Raises:
        SnapshotError: one is missing or has changed.
    """
    names = [name for name in manifest.files if only is None or name in only]
    pool = ThreadPoolExecutor(cores())  # a large segment is 1.5 GB, a second and more on one core
    try:
        for name, actual in [(name, pool.submit(sha256_of, folder / name)) for name in names]:
            try:
                sound = actual.result() == manifest.files[name]
            except OSError as error:
                raise SnapshotError(
                    f"索引文件 {folder / name} 读不出来：{error}。{remedy(folder)}"
                ) from error
            if not sound:
                raise SnapshotError(
                    f"索引文件 {folder / name} 已损坏（校验和不符）。{remedy(folder)}"
                )
    finally:
        pool.shutdown(cancel_futures=True)


def write_folder(
    folder: Path, fill: Callable[[Path], None], fields: Callable[[], Mapping[str, Any]]
) -> str:
    """Write a new folder: afterwards it is on disk, whole; or there is nothing of it.

    Args:
        folder: what is to be there.
        fill: writes its files into the folder that it is given.
        fields: gives the fields of the manifest beside ``files``, once it is filled.

    Returns:
        The SHA-256 of its manifest.
    """
    make_folder(folder.parent)
    temporary = folder.with_name(f"{TEMPORARY}{folder.name}")
    temporary.mkdir()
    try:
        fill(temporary)
        files = sorted(file for file in temporary.rglob("*") if file.is_file())
        sums = {file.relative_to(temporary).as_posix(): sha256_of(file) for file in files}
        manifest = {"format": FORMAT, **fields(), "files": sums}
        write_text(temporary / MANIFEST, sealed(manifest))
        for path in [*files, *(p for p in temporary.rglob("*") if p.is_dir()), temporary]:
            sync(path)
        manifest_sum = sha256_of(temporary / MANIFEST)
        temporary.rename(folder)
        sync(folder.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return manifest_sum


def remove_folder(folder: Path) -> None:
    """Remove a folder; what cannot be removed now, as one that is mapped on Windows, stays."""
    with suppress(OSError):
        shutil.rmtree(folder.rename(folder.with_name(f"{REMOVING}{folder.name}")))


def numbered(parent: Path) -> Sequence[Path]:
    """The folders in a folder that are named by numbers, the highest first."""
    if not parent.is_dir():
        return ()
    found = [path for path in parent.iterdir() if path.name.isdigit()]
    return sorted(found, key=lambda path: int(path.name), reverse=True)


def next_number(parent: Path) -> str:
    """A name higher than that of any folder there: programs tell by it which is newer."""
    newest = next(iter(numbered(parent)), None)
    return f"{int(newest.name) + 1 if newest else 1:06d}"


def remedy(folder: Path) -> str:
    """What to do about a broken folder, which stands two levels below the data folder."""
    data = folder.parents[1]
    return (
        f"请运行 youju doctor --repair --data {data}，"
        f"或重新运行：youju index 报告文件夹 --data {data}"
    )
