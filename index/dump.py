"""A data folder in one file, to be kept elsewhere, and made into a data folder again.

A ZIP file, which any machine can look into:

    manifest.json      format, model, counts; SHA-256 and size of every other member
    reports.jsonl      the reports as they were read: without the readers of this machine, such as
                       LibreOffice, they could not be read again, and some have no original
    mean.npy           the mean token that signs are about, see ``late.py``
    library.json, corrections.json, words.txt, synonyms.txt, feedback.jsonl
    originals/, imports/

Vectors stay out: they would double the file, and are computed again from the reports by the model
that is at hand, which may be another one. With the same model and the same mean token they come
out the same, and so do the answers.
"""

import hashlib
import io
import json
import re
import secrets
import shutil
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np

from corpus import Report, read_reports, reports_json

from . import snapshot
from .building import index_library
from .contents import Contents, read_contents
from .corrections import FILE as CORRECTIONS
from .embeddings import CACHE, Progress, keep_mean_token
from .encoder import Encoder
from .errors import DumpError, SnapshotError
from .files import UNFINISHED, make_folder, sync
from .imports import FOLDER as IMPORTS
from .imports import broken_imports, imports
from .indexer import Built
from .library import FILE as LIBRARY
from .library import ORIGINALS, is_kept, original_path, read_library
from .manifests import FORMAT as MANIFEST_FORMAT
from .manifests import MANIFEST
from .replacing import PREPARED, contents, replace_contents
from .synonyms import FILE as SYNONYMS
from .user_words import FILE as WORDS
from .writing import hold_writers_off

FORMAT = 1
"""Version of the file; one higher for any change that older versions cannot read."""

OLDEST_REPORTS = 4
"""Oldest version of an index whose dumped reports are still read: those lack edition, address and
type. Newer ones are read by no older Youju."""

REPORTS = "reports.jsonl"
MEAN = "mean.npy"
FEEDBACK = "feedback.jsonl"
_BESIDE = (LIBRARY, CORRECTIONS, WORDS, SYNONYMS, FEEDBACK)
_MEMBER = re.compile(
    rf"{re.escape(REPORTS)}|{re.escape(MEAN)}|{'|'.join(map(re.escape, _BESIDE))}"
    rf"|{ORIGINALS}/[0-9a-f]{{64}}(?:\.[a-z0-9]{{1,10}})?|{IMPORTS}/[0-9a-f]{{1,64}}\.json"
)
_PART = 1 << 20
_LARGEST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Dumped:
    """What was dumped; ``without_original`` counts the reports of which only the text is known."""

    reports: int
    originals: int
    without_original: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What a dump says of itself: ``files`` maps names to SHA-256 and size in bytes."""

    reports_format: int
    model: str
    files: dict[str, tuple[str, int]]


def write_dump(data: Path, file: Path) -> Dumped:
    """Dump a data folder into a new file, which is there whole or not at all.

    Nothing is indexed meanwhile; questions and uploads go on.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: there is no index, or something in ``data`` is damaged.
        DumpError: the file is there already, or cannot be written.
    """
    if file.exists():
        raise DumpError(f"{file} 已经存在。请换一个文件名，或先移走它。")
    temporary = file.with_name(f"{file.name}.{secrets.token_hex(4)}{UNFINISHED}")
    with hold_writers_off(data):
        manifest = snapshot.inspect_index(data)
        live = read_contents(snapshot.current(data))
        originals = _originals(data)
        members = _members(data, originals)
        try:
            _write_archive(temporary, members, live)
            sync(temporary)
            temporary.rename(file)
            sync(file.parent)
        except OSError as error:
            raise DumpError(
                f"无法写入 {file}：{error.strerror or error}。请检查磁盘空间和文件夹权限。"
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
        listed = read_library(data).reports.values()
        return Dumped(
            reports=manifest.counts["reports"],
            originals=len(originals),
            without_original=sum(original_path(data, one) not in originals for one in listed),
            bytes=file.stat().st_size,
        )


def restore_dump(
    file: Path,
    *,
    data: Path,
    encoder: Encoder,
    replace: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Make a data folder of a dump: all of it, or nothing has changed.

    Args:
        file: what ``write_dump`` wrote. All of it is checked before anything is put in place.
        data: the data folder.
        encoder: the model that embeds; it may be another one than before.
        replace: whether to put it in the place of what ``data`` holds.
        progress: as of ``build_index``.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        DumpError: the file is no dump, is damaged, or a newer version wrote it; or ``data`` holds
            something that is not to be replaced.
        SnapshotError: ``data`` cannot be written.
    """
    with hold_writers_off(data):
        if contents(data) and not replace:
            raise DumpError(
                f"{data} 里已有内容，没有改动。要用备份代替它，请加 --replace；"
                "或用 --data 换一个空文件夹。"
            )
        prepared = data / PREPARED
        prepared.mkdir()
        try:
            reports = _reports(file, prepared, _unpack(file, prepared, encoder))
            built = index_library(reports, data=prepared, encoder=encoder, progress=progress)
            for name in (MEAN, REPORTS):
                (prepared / name).unlink()
        except BaseException:
            shutil.rmtree(prepared, ignore_errors=True)
            raise
        replace_contents(data)
        return built


def _originals(data: Path) -> list[Path]:
    """The kept files that are in use, each checked.

    Raises:
        SnapshotError: one of them, or the queue, is damaged.
    """
    remedy = f"请先运行 youju doctor --repair --data {data}"
    if broken := broken_imports(data):
        raise SnapshotError(f"{broken[0]} 已损坏，没有备份。{remedy}")
    library = read_library(data)
    used = [*library.reports.values(), *library.removed.values()]
    used += [one.original for one in imports(data)]
    found = {original_path(data, one): one for one in used if original_path(data, one).exists()}
    for path, original in found.items():
        if not is_kept(data, original):
            raise SnapshotError(f"留存的文件 {path} 已损坏，没有备份。{remedy}")
    return sorted(found)


def _members(data: Path, originals: list[Path]) -> dict[str, Path]:
    """Files by the names that they have in the dump."""
    members = {name: data / name for name in _BESIDE if (data / name).exists()}
    members |= {f"{IMPORTS}/{path.name}": path for path in (data / IMPORTS).glob("*.json")}
    return members | {f"{ORIGINALS}/{path.name}": path for path in originals}


def _write_archive(file: Path, members: dict[str, Path], live: Contents) -> None:
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
        files = {}
        mean = io.BytesIO()
        np.save(mean, live.segments[0].mean, allow_pickle=False)
        lines = (reports_json([report]) for report in live.reports)
        for name, parts in ((REPORTS, lines), (MEAN, [mean.getvalue()])):
            with archive.open(name, "w", force_zip64=True) as target:
                files[name] = _write(parts, target)
        for name, path in members.items():
            with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                files[name] = _write(_parts(source), target)
        manifest = {
            "format": FORMAT,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "reports_format": live.manifest.format,
            "model": live.manifest.model,
            "counts": live.manifest.counts,
            "files": {name: {"sha256": sha, "bytes": size} for name, (sha, size) in files.items()},
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))


def _unpack(file: Path, folder: Path, encoder: Encoder) -> int:
    """Unpack a dump into an empty folder, checked; returns the format of its reports."""
    with _reading(file), zipfile.ZipFile(file) as archive:
        manifest = _read_manifest(archive, file)
        for name, expected in manifest.files.items():
            target = folder / PurePosixPath(name)
            make_folder(target.parent)
            with archive.open(name) as source, target.open("xb") as written:
                # One byte more than there should be is enough to be wrong.
                found = _write(_parts(source, expected[1] + 1), written)
            if found != expected:
                raise DumpError(f"备份 {file} 里的 {name} 已损坏，没有恢复。请换一份备份。")
            sync(target)
        mean = np.load(folder / MEAN, allow_pickle=False)
    if manifest.model == encoder.identity:
        keep_mean_token(folder / CACHE, manifest.model, mean)
    return manifest.reports_format


def _reports(file: Path, folder: Path, reports_format: int) -> Iterator[Report]:
    """The reports of a dump that is unpacked, one after another; those of other formats are none.

    They are read from their originals instead.
    """
    if OLDEST_REPORTS <= reports_format <= MANIFEST_FORMAT:
        with _reading(file):
            yield from read_reports(folder / REPORTS)


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> _Manifest:
    with archive.open(MANIFEST) as stream:
        fields: dict[str, Any] = json.loads(stream.read(_LARGEST_MANIFEST))
    if int(fields["format"]) > FORMAT:
        raise DumpError(f"备份 {file} 由更新版本的 youju 写成。请升级 youju。")
    files = {str(name): (one["sha256"], int(one["bytes"])) for name, one in fields["files"].items()}
    names = archive.namelist()
    if sorted(names) != sorted([*files, MANIFEST]):
        raise DumpError(f"备份 {file} 里的文件与清单不符，没有恢复。请换一份备份。")
    for name in files:
        if not _MEMBER.fullmatch(name):
            raise DumpError(f"备份 {file} 里有不该有的文件 {name!r}，没有恢复。")
    return _Manifest(int(fields["reports_format"]), str(fields["model"]), files)


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Say what is wrong with a dump that cannot be read."""
    try:
        yield
    except FileNotFoundError as error:
        raise DumpError(f"{file}：文件不存在。请检查路径。") from error
    except (IsADirectoryError, PermissionError) as error:
        raise DumpError(f"{file}：无法打开（{error.strerror}）。请检查路径和权限。") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise DumpError(
            f"{file} 不是 youju dump 写出的备份，或已损坏（{error}）。请换一份备份。"
        ) from error


def _parts(source: IO[bytes], most: int | None = None) -> Iterator[bytes]:
    """Read a file, or the first bytes of it, part by part."""
    left = sys.maxsize if most is None else most
    while part := source.read(min(_PART, left)):
        left -= len(part)
        yield part


def _write(parts: Iterable[bytes], target: IO[bytes]) -> tuple[str, int]:
    """Write parts into a file; returns SHA-256 and size of what was written."""
    digest, size = hashlib.sha256(), 0
    for part in parts:
        digest.update(part)
        size += len(part)
        target.write(part)
    return digest.hexdigest(), size
