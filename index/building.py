"""Building a snapshot from reports."""

import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import (
    SEARCHED_KINDS,
    CorpusError,
    Paragraph,
    Report,
    read_reports,
    reports_json,
    row_of,
)

from . import snapshot
from .corrections import (
    FILE,
    Changes,
    Corrections,
    changed,
    changed_corrections,
    correct_all,
    corrections_json,
    read_corrections,
)
from .dense import DenseIndex
from .embeddings import CACHE, Progress, embed
from .encoder import Encoder
from .errors import SnapshotError
from .imports import sweep
from .late import LateInteraction
from .lexical import LexicalIndex
from .library import (
    Library,
    Original,
    changed_library,
    keep_all,
    original_of,
    read_library,
    read_original,
)
from .snapshot import Manifest
from .types import Window
from .user_words import FILE as WORDS
from .user_words import read_words, tokenizer_with, words_text
from .windows import searched_texts, window_ranges, window_text
from .writing import hold_writers_off


@dataclass(frozen=True, slots=True)
class Built:
    """What indexing did. ``embedded`` counts the windows that were not known before."""

    snapshot: str
    reports: int
    paragraphs: int
    windows: int
    embedded: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change about the reports of a data folder.

    Attributes:
        added: reports whose originals are kept, or lie in the folder; each takes the place of one
            with the same id.
        gone: ids of reports whose files are no longer in the folder.
        taken_out: ids of reports to take out. What was uploaded is deleted; what comes from a
            folder is left out whenever that folder is indexed again.
        put_back: ids of reports of the folder that were taken out before.
    """

    added: Sequence[Report] = ()
    gone: AbstractSet[str] = frozenset()
    taken_out: AbstractSet[str] = frozenset()
    put_back: AbstractSet[str] = frozenset()


def build_index(
    reports: Sequence[Report],
    *,
    data: Path,
    encoder: Encoder,
    folder: Path | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Index a folder's reports into ``data`` and make the result the live snapshot.

    Reports that were uploaded into ``data`` stay, and those that a user took out of it stay out.
    The reports are corrected by what users have corrected in this data folder before. Text that was
    embedded before is not embedded again; if nothing at all has changed, the live snapshot stays.

    Args:
        reports: those of the folder, as they were read.
        data: the data folder.
        encoder: the model that embeds.
        folder: where the files of the reports lie, to be kept in ``data``; None if there are none.
        progress: told how many windows are embedded, and how many are to be.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: there is nothing to index, or ``data`` cannot be written.
        UserFileError: a line of the user's ``words.txt`` means nothing.
    """
    with hold_writers_off(data):
        library = read_library(data)
        own = [report for report in reports if report.id not in library.removed]
        uploaded = {key: one for key, one in library.reports.items() if one.uploaded}
        if folder is not None:
            keep_all(data, folder, own)
        everything = (*own, *_read_again(uploaded, data))
        return rebuild(everything, library.removed, data, encoder, progress)


def change_index(
    change: Change,
    *,
    data: Path,
    encoder: Encoder,
    folder: Path | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Add reports to the live snapshot, or take some out, and make the result the live one.

    Whatever the library has and the snapshot has not, after a crash, is indexed with it.

    Args:
        change: what is to be changed.
        data: the data folder.
        encoder: the model that the live snapshot was made with.
        folder: where the files of added reports lie, if they are of a folder.
        progress: as of ``build_index``.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: no report would be left, or ``data`` cannot be written; nothing has changed.
    """
    with hold_writers_off(data):
        library = read_library(data)
        if folder is not None:
            keep_all(data, folder, change.added)
        live, _ = snapshot.live(data, encoder.identity)
        reports = _listed(read_reports(live / snapshot.REPORTS), library)
        reports |= {report.id: report for report in change.added}
        missing = {key: one for key, one in library.reports.items() if key not in reports}
        missing |= {key: one for key, one in library.removed.items() if key in change.put_back}
        reports |= {report.id: report for report in _read_again(missing, data)}
        for key in change.gone:
            reports.pop(key, None)
        out = (change.taken_out | library.removed.keys()) - change.put_back
        removed = {key: original_of(reports[key]) for key in out & reports.keys()}
        removed |= {key: one for key, one in library.removed.items() if key in out}
        left = tuple(report for key, report in reports.items() if key not in out)
        of_folder = {key: one for key, one in removed.items() if not one.uploaded}
        return rebuild(left, of_folder, data, encoder, progress)


def index_library(
    reports: Sequence[Report],
    *,
    data: Path,
    encoder: Encoder,
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Index what the library of a data folder lists, whatever the live snapshot has.

    Args:
        reports: as they were read once; those that are not among them are read from their
            originals.
        data: the data folder.
        encoder: the model that embeds.
        progress: as of ``build_index``.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: an original cannot be read, or ``data`` cannot be written.
    """
    with hold_writers_off(data):
        library = read_library(data)
        known = _listed(reports, library)
        missing = {key: one for key, one in library.reports.items() if key not in known}
        everything = (*known.values(), *_read_again(missing, data))
        return rebuild(everything, library.removed, data, encoder, progress)


def _listed(reports: Iterable[Report], library: Library) -> dict[str, Report]:
    """Reports without the uploads that the library has no longer: their deletion crashed."""
    return {
        report.id: report
        for report in reports
        if report.id in library.reports or not original_of(report).uploaded
    }


def _read_again(originals: Mapping[str, Original], data: Path) -> list[Report]:
    """Reports as the live snapshot has them or, if it has not, read from their originals once more.

    Raises:
        SnapshotError: an original can no longer be read.
    """
    try:
        as_read = read_reports(snapshot.current(data) / snapshot.REPORTS)
    except (SnapshotError, OSError, ValueError):
        as_read = ()
    known = {(report.id, report.sha256): report for report in as_read}
    reports = []
    for key, original in originals.items():
        report = known.get((key, original.sha256))
        try:
            reports.append(report or read_original(data, original))
        except CorpusError as error:
            raise SnapshotError(f"留存的报告读不出来：{error}") from error
    return reports


def rebuild(
    reports: Sequence[Report],
    removed: Mapping[str, Original],
    data: Path,
    encoder: Encoder,
    progress: Progress,
) -> Built:
    """Build a snapshot, and write down first which reports belong to it.

    The caller holds the writer's lock.

    Args:
        reports: as they were read, all that there shall be.
        removed: those of the folder that were taken out, by id.
        data: the data folder.
        encoder: the model that embeds.
        progress: as of ``build_index``.

    Raises:
        SnapshotError: there is nothing to index; nothing has changed.
        UserFileError: a line of the user's ``words.txt`` means nothing.
    """
    library = Library({report.id: original_of(report) for report in reports}, removed)
    with changed_library(data, library):
        built = _build(tuple(reports), read_corrections(data / FILE), data, encoder, progress)
    with suppress(OSError):  # what cannot be deleted now is swept the next time
        sweep(data, [*library.reports.values(), *removed.values()])
    return built


def correct_report(report: str, changes: Changes, *, data: Path, encoder: Encoder) -> Built:
    """Change the corrections of one report's metadata, and make what follows the live snapshot.

    The corrections are kept for every later indexing. What was indexed last is corrected, which may
    be newer than what the caller has open.

    Args:
        report: its id.
        changes: values by field; None goes back to what was read.
        data: the data folder.
        encoder: the model that the live snapshot was made with.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: nothing has been indexed, or ``data`` cannot be written; nothing has changed.
    """
    with hold_writers_off(data):
        folder, manifest = snapshot.live(data, encoder.identity)
        reports = read_reports(folder / snapshot.REPORTS)
        before = read_corrections(data / FILE)
        after = changed(before, report, changes)
        with changed_corrections(data / FILE, after):
            older = manifest.format != snapshot.FORMAT
            if older or _texts_change(reports, read_corrections(folder / FILE), after):
                return _build(reports, after, data, encoder, lambda _done, _total: None)
            return _copy(folder, manifest, _of(reports, after), data)


def _build(
    as_read: tuple[Report, ...],
    corrections: Corrections,
    data: Path,
    encoder: Encoder,
    progress: Progress,
) -> Built:
    corrections = _of(as_read, corrections)
    reports = correct_all(as_read, corrections)
    windows = _windows(reports)
    if not len(windows):
        raise SnapshotError("这些报告里没有可以检索的正文，没有建立索引。请检查报告文件夹。")
    user_words = read_words(data / WORDS)
    records = {
        WORDS: words_text(user_words).encode(),
        snapshot.REPORTS: reports_json(as_read),
        FILE: corrections_json(corrections).encode(),
    }
    counts = {
        "reports": len(reports),
        "paragraphs": len(np.unique(windows[:, :2], axis=0)),
        "windows": len(windows),
    }
    live = _unchanged(data, encoder.identity, records)
    if live is not None:
        progress(0, 0)
        return Built(snapshot=live.name, **counts, embedded=0, changed=False)
    embedded = 0

    def counted(done: int, total: int) -> None:
        nonlocal embedded
        embedded = done
        progress(done, total)

    places = (Window(*place) for place in windows.tolist())
    texts = [window_text(reports[place.report], place) for place in places]
    mean = snapshot.mean_token(data, encoder.identity)
    embeddings = embed(texts, encoder, data / CACHE, counted, mean)

    def fill(folder: Path) -> None:
        for name, content in records.items():
            (folder / name).write_bytes(content)
        np.save(folder / "windows.npy", windows, allow_pickle=False)
        DenseIndex.build(embeddings.vectors).save(folder / "vectors.faiss")
        LateInteraction.build(embeddings.signs, embeddings.mean).save(folder / "tokens")
        tokenizer = tokenizer_with(user_words)
        lexical = LexicalIndex.build(searched_texts(reports, windows), tokenizer)
        lexical.save(folder / "lexical")

    folder = snapshot.write(data, model=encoder.identity, counts=counts, fill=fill)
    return Built(snapshot=folder.name, **counts, embedded=embedded, changed=True)


def _copy(live: Path, manifest: Manifest, corrections: Corrections, data: Path) -> Built:
    """Write the live snapshot once more, with corrections that change none of its texts."""
    text = corrections_json(corrections)
    if text == (live / FILE).read_text("utf-8"):
        return Built(snapshot=live.name, **manifest.counts, embedded=0, changed=False)

    def fill(folder: Path) -> None:
        ignore = shutil.ignore_patterns(snapshot.MANIFEST)
        shutil.copytree(live, folder, ignore=ignore, dirs_exist_ok=True)
        (folder / FILE).write_text(text, "utf-8")

    folder = snapshot.write(data, model=manifest.model, counts=manifest.counts, fill=fill)
    return Built(snapshot=folder.name, **manifest.counts, embedded=0, changed=True)


def _texts_change(reports: tuple[Report, ...], before: Corrections, after: Corrections) -> bool:
    """Whether any text that is searched changes with the corrections: titles stand in them."""
    return any(
        old.full_title != new.full_title
        for old, new in zip(correct_all(reports, before), correct_all(reports, after), strict=True)
    )


def _of(reports: tuple[Report, ...], corrections: Corrections) -> Corrections:
    """Return the corrections of these reports."""
    known = {report.id for report in reports}
    return {key: value for key, value in corrections.items() if key in known}


def _windows(reports: Sequence[Report]) -> NDArray[np.int32]:
    """Return int32 (windows, 4): positions of report and paragraph, range of the text."""
    rows = [
        (number, position, start, end)
        for number, report in enumerate(reports)
        for position, paragraph in enumerate(report.paragraphs)
        if paragraph.kind in SEARCHED_KINDS
        for start, end in _windows_of(paragraph)
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def _windows_of(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Return the windows of a paragraph; of a table's row those of the row, not of its head."""
    begin = row_of(paragraph.text)[1] if paragraph.kind == "table" else 0
    return [(begin + a, begin + b) for a, b in window_ranges(paragraph.text[begin:])]


def _unchanged(data: Path, model: str, records: Mapping[str, bytes]) -> Path | None:
    """Return the live snapshot if it was built from just these files with this model."""
    try:
        live = snapshot.current(data)
        manifest = snapshot.verified(live)
    except SnapshotError:
        return None  # nothing there, or broken: build it anew
    same = all(
        manifest.files.get(name) == hashlib.sha256(content).hexdigest()
        for name, content in records.items()
    )
    same = same and manifest.format == snapshot.FORMAT
    return live if same and manifest.model == model else None
