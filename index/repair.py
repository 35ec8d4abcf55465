"""Mending a data folder: what can be made again is made again, from what is sound.

What was damaged and cannot be made again is never deleted, but set aside in ``data/damaged/``.
Reports are taken from the newest snapshot whose file of them is sound, else read from their
originals. Where they cannot be indexed, as for want of the model, the snapshot before answers.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import CorpusError, Report

from . import snapshot
from .building import rebuild
from .contents import read_contents, reports_in
from .corrections import FILE as CORRECTIONS
from .corrections import read_corrections, write_corrections
from .debris import find_debris
from .embeddings import CACHE, Progress, remove_cache
from .encoder import Encoder
from .errors import DataFolderBusy, IndexingError, NewerFormat, SnapshotError
from .faults import Fault, damaged_originals, find_faults, not_indexed
from .files import make_folder
from .imports import broken_imports, enqueue, settle, waiting
from .library import FILE as LIBRARY
from .library import (
    UPLOADED,
    Library,
    Original,
    is_kept,
    original_of,
    original_path,
    read_library,
    read_original,
    unused,
    write_library,
)
from .replacing import unfinished
from .writing import hold_writers_off

DAMAGED = "damaged"
"""The folder where damaged files are set aside."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair found, what it did, and what is left to the user; in Chinese."""

    faults: Sequence[Fault]
    done: Sequence[str]
    left: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Work:
    data: Path
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def set_aside(self, file: Path) -> None:
        """Move a damaged file to where it is in nobody's way."""
        folder = self.data / DAMAGED
        make_folder(folder)
        target, number = folder / file.name, 1
        while target.exists():
            target, number = folder / f"{file.name}.{number}", number + 1
        file.rename(target)
        self.done.append(f"{file} 已损坏，移到 {target}。")


def repair(
    data: Path,
    load: Callable[[], Encoder],
    progress: Progress = lambda _done, _total: None,
) -> Repaired:
    """Mend what is broken in a data folder; a sound one is left as it is.

    Args:
        data: the data folder.
        load: gives the model of the index; called only if something is to be indexed.
        progress: as of ``build_index``.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        NewerFormat: a newer version wrote some of it; nothing has changed.
        SnapshotError: ``data`` cannot be written, or the model is not that of the index.
    """
    faults = find_faults(data)
    work = _Work(data)
    if not faults:
        return Repaired((), (), ())
    leftovers = [*find_debris(data), *unfinished(data)]
    with hold_writers_off(data):
        _refuse_newer(data)
        work.done.extend(f"{path} 已清理。" for path in leftovers if not path.exists())
        _mend_cache(work, faults)
        _mend_originals(work)
        lost_track = _mend_queue(work)
        _mend_corrections(work)
        lost_track |= _mend_library(work)
        if lost_track:
            _queue_unclaimed(work)
        _mend_index(work, load, progress)
        _remove_broken(work)
    remaining = [fault.reason for fault in find_faults(data)]
    return Repaired(faults, tuple(work.done), (*work.left, *remaining))


def _refuse_newer(data: Path) -> None:
    """Touch nothing that a newer version wrote.

    Raises:
        NewerFormat: it did.
    """
    for read in (
        lambda: read_library(data),
        lambda: read_corrections(data / CORRECTIONS),
        lambda: snapshot.inspect_index(data),
    ):
        try:
            read()
        except NewerFormat:
            raise
        except SnapshotError:
            continue


def _mend_cache(work: _Work, faults: Sequence[Fault]) -> None:
    cache = work.data / CACHE
    if any(fault.path == cache for fault in faults):
        remove_cache(cache)
        work.done.append("向量缓存已删除，用到时重新计算。")


def _mend_originals(work: _Work) -> None:
    """Set damaged files aside; the reports that were read from them stay."""
    for file in damaged_originals(work.data):
        work.set_aside(file)
        work.left.append(f"{file.name} 是一份报告的原文件。请重新上传那份报告，或重新索引文件夹。")


def _mend_queue(work: _Work) -> bool:
    """Set aside what cannot be read of the queue; says whether there was anything."""
    broken = broken_imports(work.data)
    for file in broken:
        work.set_aside(file)
    for one in waiting(work.data):
        if not original_path(work.data, one.original).exists():
            settle(work.data, one, reason="文件已损坏或不见了，请重新上传。")
            work.left.append(f"{one.original.file} 没有读入，请重新上传。")
    return bool(broken)


def _mend_corrections(work: _Work) -> None:
    """Take the corrections from the newest snapshot that has them sound."""
    file = work.data / CORRECTIONS
    try:
        read_corrections(file)
    except SnapshotError:
        work.set_aside(file)
        for folder in snapshot.snapshots_of(work.data):
            if snapshot.is_sound(folder, CORRECTIONS):
                write_corrections(file, read_corrections(folder / CORRECTIONS))
                work.done.append(f"更正取自快照 {folder.name}。")
                return
        work.left.append("没有一个快照留有完好的更正，请重新更正。")


def _mend_library(work: _Work) -> bool:
    """Write down anew which reports there are; says whether that was needed."""
    try:
        read_library(work.data)
    except SnapshotError:
        work.set_aside(work.data / LIBRARY)
        reports = next(iter(_sound_reports(work.data)), ())
        write_library(work.data, Library({one.id: original_of(one) for one in reports}))
        work.done.append(f"报告目录已重建：{len(reports)} 份报告。")
        return True
    return False


def _queue_unclaimed(work: _Work) -> None:
    """Have the kept files read that nothing knows any more, rather than delete them."""
    library = read_library(work.data)
    used = [*library.reports.values(), *library.removed.values()]
    used += [one.original for one in waiting(work.data)]
    for path in unused(work.data, used):
        name = f"{path.stem[:12]}{path.suffix}"
        enqueue(work.data, Original(UPLOADED + name, path.name.partition(".")[0], path.stem[:12]))
        work.done.append(f"留存的文件 {path.name} 不知原名，以 {name} 排队读入，服务启动后可查。")


def _mend_index(work: _Work, load: Callable[[], Encoder], progress: Progress) -> None:
    """Make the live snapshot sound and complete."""
    data = work.data
    try:
        snapshot.inspect_index(data)
        whole = not not_indexed(data)
    except SnapshotError:
        whole = False
    if whole or _point_to_newest(work):
        return
    library = read_library(data)
    sources = _sound_reports(data)
    listed = library.reports or {
        one.id: original_of(one) for reports in sources[:1] for one in reports
    }
    reports = _gather(work, listed, sources)
    if not reports:
        work.left.append("没有一份报告可用。请重新运行：youju index 报告文件夹")
        return
    try:
        encoder = load()
        _check_model(data, encoder)
        built = rebuild(reports, library.removed, data, encoder, progress)
    except (DataFolderBusy, NewerFormat):
        raise
    except IndexingError as error:
        _fall_back(work, error)
        return
    work.done.append(f"索引已重建：{built.reports} 份报告（快照 {built.snapshot}）。")


def _point_to_newest(work: _Work) -> bool:
    """Where only ``CURRENT`` is broken, write it anew; says whether that was all."""
    library = read_library(work.data)
    for folder in _sound_snapshots(work.data)[:1]:
        reports = {one.id: original_of(one) for one in read_contents(folder).reports}
        if reports == library.reports or not library.reports:
            snapshot.make_live(folder)
            work.done.append(f"{snapshot.CURRENT} 重新指向快照 {folder.name}。")
            return True
    return False


def _sound_snapshots(data: Path) -> list[Path]:
    """The snapshots of which every file is sound, the newest first."""
    sound = []
    for folder in snapshot.snapshots_of(data):
        try:
            snapshot.verified(folder)
        except SnapshotError:
            continue
        sound.append(folder)
    return sound


def _remove_broken(work: _Work) -> None:
    """Remove broken snapshots once the live one is sound."""
    sound = _sound_snapshots(work.data)
    try:
        snapshot.inspect_index(work.data)
    except SnapshotError:
        return
    for folder in snapshot.snapshots_of(work.data):
        if folder not in sound:
            shutil.rmtree(folder)
            work.done.append(f"损坏的快照 {folder.name} 已删除。")
    snapshot.remove_unused_segments(work.data)


def _sound_reports(data: Path) -> list[list[Report]]:
    """The sound reports of every snapshot that has any, of the newest first."""
    return list(filter(None, map(reports_in, snapshot.snapshots_of(data))))


def _gather(
    work: _Work, listed: Mapping[str, Original], sources: Sequence[Sequence[Report]]
) -> list[Report]:
    """The reports of a library, from wherever they are sound."""
    exact = {(one.id, one.sha256): one for reports in reversed(sources) for one in reports}
    older = {one.id: one for reports in reversed(sources) for one in reports}
    reports = []
    for key, original in listed.items():
        report = exact.get((key, original.sha256)) or _read_kept(work, original)
        if report is None and key in older:
            work.left.append(f"{original.file} 退回了以前的版本。请重新上传或重新索引。")
            report = older[key]
        if report is None:
            work.left.append(f"{original.file} 没有了。请重新上传或重新索引。")
        else:
            reports.append(report)
    return reports


def _read_kept(work: _Work, original: Original) -> Report | None:
    if not is_kept(work.data, original):
        return None
    try:
        report = read_original(work.data, original)
    except CorpusError:
        return None
    work.done.append(f"{original.file} 由留存的文件重新读入。")
    return report


def _check_model(data: Path, encoder: Encoder) -> None:
    """Refuse to index with another model than the index was made with, as far as that is known.

    Raises:
        SnapshotError: it is another one.
    """
    models = list(filter(None, map(snapshot.model_of, snapshot.snapshots_of(data))))
    if models and models[0] != encoder.identity:
        raise SnapshotError(
            f"{data} 里的索引由另一个模型建立（{models[0]}），现在的模型是 {encoder.identity}。"
            "请用原来的 --model。"
        )


def _fall_back(work: _Work, error: IndexingError) -> None:
    """Answer from the newest sound snapshot where nothing can be indexed."""
    sound = _sound_snapshots(work.data)
    if not sound:
        raise error
    newest = snapshot.adopt(sound[0])
    work.done.append(f"退回到完好的快照 {sound[0].name}，现名 {newest.name}。")
    work.left.append(f"索引没有重建：{error}")
