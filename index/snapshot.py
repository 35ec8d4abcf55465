"""Snapshots on disk: which reports are searched, and in which segments they stand.

    data/CURRENT                       name of the live snapshot and SHA-256 of its manifest;
                                       replaced by atomic rename
    data/LOCK                          held while a writer works
    data/embeddings.sqlite             vectors by content, see ``embeddings.py``
    data/library.json, data/originals/ the reports and their files, see ``library.py``
    data/imports/                      files that wait to be read, see ``imports.py``
    data/corrections.json              users' corrections of metadata, see ``corrections.py``
    data/synonyms.txt, data/words.txt  what users write by hand, see ``user_files.py``
    data/segments/000001/              reports and all that search needs, see ``segment.py``
    data/snapshots/000001/
        manifest.json                  format, model, counts, SHA-256 of every other file, and of
                                       the manifest of every segment
        reports.npy                    int32 (reports, 2): segment and place in it, of each report
        corrections.json               the corrections that the segments were built with
        words.txt                      the user's words that they were built with

As in Lucene, a report that is added makes a small segment, and a snapshot that names it beside the
older ones; one that is taken out only a snapshot that names it no longer. ``CURRENT`` vouches for
the snapshot's manifest, that for its files and for the segments' manifests, and these for theirs: a
crash at any moment leaves the old snapshot live.

The live snapshot and the one before it are kept, and the segments that either names. Readers take
no locks for this to be safe: what they do not have in memory they have mapped, and POSIX keeps a
file for as long as it is mapped, while Windows refuses to rename a folder with a mapped file in it,
which is then left to the next writer. Only whoever is about to open a snapshot could miss it, and
looks into ``CURRENT`` again (see ``hybrid.py``). The data folder belongs on a local disk, as
SQLite's file in it does.
"""

import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from .errors import SnapshotError
from .files import replace_file, sha256_of, sync
from .manifests import (
    MANIFEST,
    Manifest,
    check_files,
    next_number,
    numbered,
    read_manifest,
    remedy,
    remove_folder,
    sum_of_manifest,
    write_folder,
)

KEPT = 2
"""Snapshots kept: the live one and the one before it, which readers may still hold."""

CURRENT = "CURRENT"
SNAPSHOTS = "snapshots"
SEGMENTS = "segments"
ORDER = "reports.npy"


def current(data: Path) -> Path:
    """Return the folder of the live snapshot.

    Raises:
        SnapshotError: nothing has been indexed into ``data`` yet, or ``CURRENT`` or the manifest
            is broken.
    """
    pointer = data / CURRENT
    try:
        name, _, manifest_sum = pointer.read_text("ascii").strip().partition(" ")
    except FileNotFoundError as error:
        raise SnapshotError(
            f"{data} 里还没有索引。请先运行：youju index 报告文件夹 --data {data}"
        ) from error
    except NotADirectoryError as error:
        raise SnapshotError(f"{data} 不是文件夹。请用 --data 给出存放索引的文件夹。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(
            f"无法读取 {pointer}：{error}。{remedy(data / SNAPSHOTS / 'x')}"
        ) from error
    folder = data / SNAPSHOTS / name
    if not name.isdigit() or not folder.is_dir():
        raise SnapshotError(f"{pointer} 指向的索引 {name!r} 不存在。{remedy(folder)}")
    if manifest_sum and manifest_sum != sum_of_manifest(folder):
        raise SnapshotError(
            f"{pointer} 与 {folder / MANIFEST} 对不上，其中之一已损坏。{remedy(folder)}"
        )
    return folder


def live_snapshot(data: Path) -> str:
    """Name the live snapshot of a data folder.

    Raises:
        SnapshotError: there is none.
    """
    return current(data).name


def inspect_index(data: Path) -> Manifest:
    """Check the live snapshot of a data folder and say what it holds.

    Raises:
        SnapshotError: there is none, or it is broken.
    """
    return verified(current(data))


def verified(folder: Path, known: Collection[str] = ()) -> Manifest:
    """Read a snapshot's manifest and check every file of it and of its segments.

    Args:
        folder: of the snapshot.
        known: checksums of the manifests of segments that need not be looked at again.

    Raises:
        SnapshotError: a file is missing or changed, or another version wrote the snapshot.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    for segment, expected in segments_of(folder, manifest).items():
        if expected not in known:
            check_segment(segment, expected)
    return manifest


def check_segment(segment: Path, expected: str, only: Collection[str] | None = None) -> Manifest:
    """Read a segment's manifest and check its files, or only some of them.

    Args:
        segment: its folder.
        expected: SHA-256 of its manifest.
        only: names of files.

    Raises:
        SnapshotError: a file is missing or changed, or another version wrote it.
    """
    manifest = read_manifest(segment)
    if sum_of_manifest(segment) != expected:
        raise SnapshotError(
            f"索引清单 {segment / MANIFEST} 已损坏（校验和不符）。{remedy(segment)}"
        )
    check_files(segment, manifest, only)
    return manifest


def segments_of(folder: Path, manifest: Manifest) -> Mapping[Path, str]:
    """The folders of a snapshot's segments, with the checksums of their manifests."""
    segments = folder.parents[1] / SEGMENTS
    return {segments / name: expected for name, expected in manifest.segments.items()}


def check_model(folder: Path, manifest: Manifest, model: str) -> None:
    """Refuse to search a snapshot with another model than made it.

    Raises:
        SnapshotError: another model made it.
    """
    if manifest.model != model:
        raise SnapshotError(
            f"{folder.parents[1]} 里的索引由另一个模型建立（{manifest.model}），"
            f"现在的模型是 {model}。请用原来的 --model，或重新运行 youju index。"
        )


def write(
    data: Path,
    *,
    model: str,
    counts: Mapping[str, int],
    segments: Mapping[str, str],
    fill: Callable[[Path], None],
) -> Path:
    """Write a new snapshot and make it the live one.

    The caller holds the writer's lock, and has removed what those before it left.

    Args:
        data: the data folder.
        model: identity of the encoder.
        counts: what the snapshot holds, for people and for ``youju doctor``.
        segments: names of its segments in order, with the checksums of their manifests.
        fill: writes the snapshot's files into the folder it is given.

    Returns:
        The folder of the new snapshot.
    """
    before = _pointer(data)
    folder = data / SNAPSHOTS / next_name(data)
    fields = {"model": model, "counts": counts, "segments": segments}
    try:
        write_folder(folder, fill, lambda: fields)
        make_live(folder)
    except BaseException:
        _point_back(data, folder.name, before)
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for older in snapshots_of(data)[KEPT:]:
        remove_folder(older)
    remove_unused_segments(data)
    return folder


def make_live(folder: Path) -> None:
    """Name a snapshot that is whole in ``CURRENT``; the caller holds the writer's lock."""
    sync(folder.parent)
    replace_file(folder.parents[1] / CURRENT, f"{folder.name} {sum_of_manifest(folder)}\n")


def adopt(folder: Path) -> Path:
    """Make an older snapshot the newest and the live one; the caller holds the writer's lock."""
    newest = folder.rename(folder.with_name(next_name(folder.parents[1])))
    make_live(newest)
    return newest


def next_name(data: Path) -> str:
    """A name that is higher than any before."""
    return next_number(data / SNAPSHOTS)


def snapshots_of(data: Path) -> list[Path]:
    """The folders of all snapshots, the newest first, whether they are sound or not."""
    return list(numbered(data / SNAPSHOTS))


def unused_segments(data: Path, snapshots: Collection[Path]) -> list[Path]:
    """The segments that none of some snapshots names; none while that cannot be told."""
    try:
        used = {name for folder in snapshots for name in read_manifest(folder).segments}
    except SnapshotError:
        return []
    found = numbered(data / SEGMENTS) if snapshots else ()
    return [segment for segment in found if segment.name not in used]


def remove_unused_segments(data: Path) -> None:
    """Remove the segments that no snapshot names; the caller holds the writer's lock."""
    for segment in unused_segments(data, snapshots_of(data)):
        remove_folder(segment)


def model_of(folder: Path) -> str | None:
    """The identity of the model that a snapshot was made with, if that can be told."""
    try:
        return read_manifest(folder).model
    except SnapshotError:
        return None


def is_sound(folder: Path, name: str) -> bool:
    """Whether one file of a snapshot or a segment is as its manifest says."""
    try:
        return read_manifest(folder).files.get(name) == sha256_of(folder / name)
    except (SnapshotError, OSError):
        return False


def _pointer(data: Path) -> str | None:
    """What ``CURRENT`` says, broken or not; None if it is not there."""
    try:
        return (data / CURRENT).read_text("utf-8", "replace")
    except OSError:
        return None


def _point_back(data: Path, name: str, before: str | None) -> None:
    """Undo the naming of a snapshot whose naming failed, as when a disk breaks just then."""
    if (_pointer(data) or "").partition(" ")[0] != name:
        return
    if before is None:
        (data / CURRENT).unlink(missing_ok=True)
    else:
        (data / CURRENT).write_text(before, "utf-8")
