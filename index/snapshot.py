"""Snapshots on disk: immutable folders, one of which is named in ``CURRENT``.

    data/CURRENT                       name of the live snapshot and SHA-256 of its manifest;
                                       replaced by atomic rename
    data/LOCK                          held while a writer works
    data/embeddings.sqlite             vectors by content, see ``embeddings.py``
    data/library.json, data/originals/ the reports and their files, see ``library.py``
    data/imports/                      files that wait to be read, see ``imports.py``
    data/corrections.json              users' corrections of metadata, see ``corrections.py``
    data/synonyms.txt, data/words.txt  what users write by hand, see ``user_files.py``
    data/snapshots/000001/
        manifest.json                  format, model, counts, SHA-256 of every other file
        reports.jsonl                  one report a line as read, with sections and paragraphs
        corrections.json               the corrections that the rest was built with
        words.txt                      the user's words that the rest was built with
        windows.npy                    int32 (windows, 4): report, paragraph, start, end
        vectors.faiss                  float32 (windows, dimension) in window order
        tokens/                        signs of the windows' token vectors, see ``late.py``
        lexical/                       postings of the searched paragraphs, in window order

A snapshot is written whole and synced under a temporary name, then renamed, then named in
``CURRENT``: a crash at any moment leaves the old one live. ``CURRENT`` vouches for the manifest,
and the manifest for every other file.

The live snapshot and the one before it are kept. An older one is first renamed, so that it is there
whole or not at all, and then deleted. Readers take no locks for this to be safe: what they do not
have in memory they have mapped, and POSIX keeps a file for as long as it is mapped, while Windows
refuses to rename a folder with a mapped file in it, which is then left to the next writer. Only
whoever is about to open a snapshot could miss it, and looks into ``CURRENT`` again (see
``hybrid.py``). The data folder belongs on a local disk, as SQLite's file in it does.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .encoded import Vectors
from .errors import NewerFormat, SnapshotError
from .files import make_folder, replace_file, sha256_of, sync, write_text

FORMAT = 7
"""Version of the layout above and of what is computed from a report; one higher for any change."""

OLDEST = 4
"""Oldest version that is still opened: reports in it lack edition, address and type. Up to version
5, ``CURRENT`` has only a name."""

POSTINGS_SINCE = 7
"""Version from which the lexical side is kept as postings; of an older snapshot it is built anew
whenever that is opened."""

KEPT = 2
"""Snapshots kept: the live one and the one before it, which readers may still hold."""

MANIFEST = "manifest.json"
REPORTS = "reports.jsonl"
MEAN = "tokens/mean.npy"
CURRENT = "CURRENT"
SNAPSHOTS = "snapshots"
TEMPORARY = ".writing-"
REMOVING = ".removing-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds: ``files`` maps relative names to SHA-256 in hexadecimal."""

    name: str
    format: int
    model: str
    counts: dict[str, int]
    files: dict[str, str]


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
        raise SnapshotError(f"无法读取 {pointer}：{error}。{_remedy(data)}") from error
    folder = data / SNAPSHOTS / name
    if not name.isdigit() or not folder.is_dir():
        raise SnapshotError(f"{pointer} 指向的索引 {name!r} 不存在。{_remedy(data)}")
    if manifest_sum and manifest_sum != _sum_of_manifest(folder):
        raise SnapshotError(
            f"{pointer} 与 {folder / MANIFEST} 对不上，其中之一已损坏。{_remedy(data)}"
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


def verified(folder: Path) -> Manifest:
    """Read a snapshot's manifest and check every file against it.

    Raises:
        SnapshotError: a file is missing or changed, or another version wrote the snapshot.
    """
    manifest = _manifest(folder)
    for name, expected in manifest.files.items():
        try:
            actual = sha256_of(folder / name)
        except OSError as error:
            raise SnapshotError(
                f"索引文件 {folder / name} 读不出来：{error}。{_remedy(folder.parents[1])}"
            ) from error
        if actual != expected:
            raise SnapshotError(
                f"索引文件 {folder / name} 已损坏（校验和不符）。{_remedy(folder.parents[1])}"
            )
    return manifest


def live(data: Path, model: str) -> tuple[Path, Manifest]:
    """Return the folder of the live snapshot, verified, and its manifest.

    Raises:
        SnapshotError: there is none, it is broken, or another model made it.
    """
    folder = current(data)
    return folder, check(folder, model)


def check(folder: Path, model: str) -> Manifest:
    """Verify a snapshot that a model is to search.

    Raises:
        SnapshotError: it is broken, or another model made it.
    """
    manifest = verified(folder)
    if manifest.model != model:
        raise SnapshotError(
            f"{folder.parents[1]} 里的索引由另一个模型建立（{manifest.model}），"
            f"现在的模型是 {model}。请用原来的 --model，或重新运行 youju index。"
        )
    return manifest


def write(data: Path, *, model: str, counts: dict[str, int], fill: Callable[[Path], None]) -> Path:
    """Write a new snapshot and make it the live one.

    The caller holds the writer's lock, and has removed what those before it left.

    Args:
        data: the data folder.
        model: identity of the encoder.
        counts: what the snapshot holds, for people and for ``youju doctor``.
        fill: writes the snapshot's files into the folder it is given.

    Returns:
        The folder of the new snapshot.
    """
    snapshots = data / SNAPSHOTS
    make_folder(snapshots)
    before = _pointer(data)
    name = next_name(data)
    temporary = snapshots / f"{TEMPORARY}{name}"
    temporary.mkdir()
    try:
        fill(temporary)
        files = sorted(file for file in temporary.rglob("*") if file.is_file())
        sums = {file.relative_to(temporary).as_posix(): sha256_of(file) for file in files}
        manifest = {"format": FORMAT, "model": model, "counts": counts, "files": sums}
        write_text(temporary / MANIFEST, json.dumps(manifest, indent=1))
        for path in [*files, *(p for p in temporary.rglob("*") if p.is_dir()), temporary]:
            sync(path)
        temporary.rename(snapshots / name)
        make_live(snapshots / name)
    except BaseException:
        _point_back(data, name, before)
        for folder in (temporary, snapshots / name):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    _remove_old(snapshots)
    return snapshots / name


def make_live(folder: Path) -> None:
    """Name a snapshot that is whole in ``CURRENT``; the caller holds the writer's lock."""
    sync(folder.parent)
    replace_file(folder.parents[1] / CURRENT, f"{folder.name} {_sum_of_manifest(folder)}\n")


def adopt(folder: Path) -> Path:
    """Make an older snapshot the newest and the live one; the caller holds the writer's lock."""
    newest = folder.rename(folder.with_name(next_name(folder.parents[1])))
    make_live(newest)
    return newest


def next_name(data: Path) -> str:
    """A name that is higher than any before: programs tell by it that a snapshot is newer."""
    return f"{max(_numbers(data / SNAPSHOTS), default=0) + 1:06d}"


def snapshots_of(data: Path) -> list[Path]:
    """The folders of all snapshots, the newest first, whether they are sound or not."""
    numbers = sorted(_numbers(data / SNAPSHOTS), reverse=True)
    return [data / SNAPSHOTS / f"{number:06d}" for number in numbers]


def model_of(folder: Path) -> str | None:
    """The identity of the model that a snapshot was made with, if that can be told."""
    try:
        return _manifest(folder).model
    except SnapshotError:
        return None


def mean_token(data: Path, model: str) -> Vectors | None:
    """The mean token of the newest snapshot that a model made, float32 (dimension,), if any."""
    for folder in snapshots_of(data):
        if model_of(folder) == model and is_sound(folder, MEAN):
            return np.asarray(np.load(folder / MEAN, allow_pickle=False), dtype=np.float32)
    return None


def is_sound(folder: Path, name: str) -> bool:
    """Whether one file of a snapshot is as its manifest says."""
    try:
        return _manifest(folder).files.get(name) == sha256_of(folder / name)
    except (SnapshotError, OSError):
        return False


def _manifest(folder: Path) -> Manifest:
    remedy = _remedy(folder.parents[1])
    try:
        fields: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        found = int(fields["format"])
        if OLDEST <= found <= FORMAT:
            return Manifest(
                folder.name, found, str(fields["model"]), fields["counts"], fields["files"]
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(f"索引清单 {folder / MANIFEST} 缺失或已损坏。{remedy}") from error
    if found > FORMAT:
        raise NewerFormat(
            f"{folder} 由更新版本的 youju 写成（格式 {found}，本版本读到 {FORMAT}）。"
            "请升级 youju，或换一个 --data 文件夹。"
        )
    raise SnapshotError(f"{folder} 由旧版本写成（格式 {found}）。{remedy}")


def _remedy(data: Path) -> str:
    return (
        f"请运行 youju doctor --repair --data {data}，"
        f"或重新运行：youju index 报告文件夹 --data {data}"
    )


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


def _remove_old(snapshots: Path) -> None:
    """Remove all but the newest; what cannot be removed now is left to the next writer."""
    for number in sorted(_numbers(snapshots))[:-KEPT]:
        folder = snapshots / f"{number:06d}"
        with suppress(OSError):
            shutil.rmtree(folder.rename(snapshots / f"{REMOVING}{folder.name}"))


def _numbers(snapshots: Path) -> list[int]:
    if not snapshots.is_dir():
        return []
    return [int(folder.name) for folder in snapshots.iterdir() if folder.name.isdigit()]


def _sum_of_manifest(folder: Path) -> str | None:
    try:
        return sha256_of(folder / MANIFEST)
    except OSError:
        return None
