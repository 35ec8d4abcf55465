"""Snapshots on disk: immutable folders, one of which is named in ``CURRENT``.

    data/CURRENT                       name of the live snapshot; replaced by atomic rename
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
        lexical/                       BM25 over the searched paragraphs, in window order

A snapshot is written whole and synced under a temporary name, then renamed, then named in
``CURRENT``: a crash at any moment leaves the old one live.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import SnapshotError

FORMAT = 5
"""Version of the layout above and of what is computed from a report; one higher for any change."""

OLDEST = 4
"""Oldest version that is still opened: reports in it lack edition, address and type."""

KEPT = 2
"""Snapshots kept: the live one and the one before it, which readers may still hold."""

MANIFEST = "manifest.json"
REPORTS = "reports.jsonl"
TEMPORARY = ".writing-"


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
        SnapshotError: nothing has been indexed into ``data`` yet, or ``CURRENT`` is broken.
    """
    pointer = data / "CURRENT"
    try:
        name = pointer.read_text("ascii").strip()
    except FileNotFoundError as error:
        raise SnapshotError(
            f"{data} 里还没有索引。请先运行：youju index 报告文件夹 --data {data}"
        ) from error
    except NotADirectoryError as error:
        raise SnapshotError(f"{data} 不是文件夹。请用 --data 给出存放索引的文件夹。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(f"无法读取 {pointer}：{error}。{_remedy(data)}") from error
    folder = data / "snapshots" / name
    if not name.isdigit() or not folder.is_dir():
        raise SnapshotError(f"{pointer} 指向的索引 {name!r} 不存在。{_remedy(data)}")
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
            actual = _sha256(folder / name)
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
    manifest = verified(folder)
    if manifest.model != model:
        raise SnapshotError(
            f"{data} 里的索引由另一个模型建立（{manifest.model}），"
            f"现在的模型是 {model}。请用原来的 --model，或重新运行 youju index。"
        )
    return folder, manifest


def write(data: Path, *, model: str, counts: dict[str, int], fill: Callable[[Path], None]) -> Path:
    """Write a new snapshot and make it the live one; the caller holds the writer's lock.

    Args:
        data: the data folder.
        model: identity of the encoder.
        counts: what the snapshot holds, for people and for ``youju doctor``.
        fill: writes the snapshot's files into the folder it is given.

    Returns:
        The folder of the new snapshot.
    """
    snapshots = data / "snapshots"
    snapshots.mkdir(parents=True, exist_ok=True)
    name = f"{max(_numbers(snapshots), default=0) + 1:06d}"
    temporary = snapshots / f"{TEMPORARY}{name}"
    _remove_debris(snapshots)
    temporary.mkdir()
    try:
        fill(temporary)
        files = sorted(file for file in temporary.rglob("*") if file.is_file())
        sums = {file.relative_to(temporary).as_posix(): _sha256(file) for file in files}
        manifest = {"format": FORMAT, "model": model, "counts": counts, "files": sums}
        _write_text(temporary / MANIFEST, json.dumps(manifest, indent=1))
        for path in [*files, *(p for p in temporary.rglob("*") if p.is_dir()), temporary]:
            sync(path)
        temporary.rename(snapshots / name)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync(snapshots)
    replace_file(data / "CURRENT", name + "\n")
    _remove_old(snapshots)
    return snapshots / name


def replace_file(file: Path, text: str) -> None:
    """Write a file whole and synced under another name, and rename it over the old one."""
    temporary = file.with_name(f"{file.name}.new")
    _write_text(temporary, text)
    temporary.replace(file)
    sync(file.parent)


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
        raise SnapshotError(
            f"{folder} 由更新版本的 youju 写成（格式 {found}，本版本读到 {FORMAT}）。"
            "请升级 youju，或换一个 --data 文件夹。"
        )
    raise SnapshotError(f"{folder} 由旧版本写成（格式 {found}）。{remedy}")


def _remedy(data: Path) -> str:
    return f"请重新运行：youju index 报告文件夹 --data {data}"


def _remove_debris(snapshots: Path) -> None:
    """Remove what a writer that was killed left behind."""
    for folder in snapshots.glob(f"{TEMPORARY}*"):
        shutil.rmtree(folder)


def _remove_old(snapshots: Path) -> None:
    for number in sorted(_numbers(snapshots))[:-KEPT]:
        shutil.rmtree(snapshots / f"{number:06d}")


def _numbers(snapshots: Path) -> list[int]:
    return [int(folder.name) for folder in snapshots.iterdir() if folder.name.isdigit()]


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    sync(file)


def sync(path: Path) -> None:
    """Force a file or folder to disk; Windows cannot open folders and does not need it."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
