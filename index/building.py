"""Building snapshots: of a folder, of changes to it, of corrections."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from corpus import CorpusError, Report

from . import snapshot
from .contents import live_contents
from .corrections import FILE, Changes, changed, changed_corrections, read_corrections
from .embeddings import Progress
from .encoder import Encoder
from .errors import SnapshotError
from .imports import sweep
from .indexer import Base, Built, Indexer
from .library import (
    Library,
    Original,
    changed_library,
    keep_all,
    original_of,
    read_library,
    read_original,
)
from .segment import Segment
from .writing import hold_writers_off


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
    reports: Iterable[Report],
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
        base = Base.sound(data)
        own = (report for report in reports if report.id not in library.removed)
        kept = own if folder is None else keep_all(data, folder, own)
        uploaded = {key: one for key, one in library.reports.items() if one.uploaded}
        everything = chain(kept, _read_again(uploaded, data, base))
        return _rebuild(everything, library.removed, data, encoder, progress, base)


def change_index(  # noqa: PLR0913 - what is changed, where, and what is known of it
    change: Change,
    *,
    data: Path,
    encoder: Encoder,
    folder: Path | None = None,
    progress: Progress = lambda _done, _total: None,
    opened: Mapping[str, Segment] | None = None,
) -> Built:
    """Add reports to the live snapshot, or take some out, and make the result the live one.

    Whatever the library has and the snapshot has not, after a crash, is indexed with it.

    Args:
        change: what is to be changed.
        data: the data folder.
        encoder: the model that the live snapshot was made with.
        folder: where the files of added reports lie, if they are of a folder.
        progress: as of ``build_index``.
        opened: segments that are open, by the checksums of their manifests; they need not be read.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: no report would be left, or ``data`` cannot be written; nothing has changed.
    """
    with hold_writers_off(data):
        library = read_library(data)
        base = Base.of(live_contents(data, encoder.identity, opened))
        added = change.added if folder is None else keep_all(data, folder, change.added)
        reports = _listed(_as_read(base), library)
        reports |= {report.id: report for report in added}
        missing = {key: one for key, one in library.reports.items() if key not in reports}
        missing |= {key: one for key, one in library.removed.items() if key in change.put_back}
        reports |= {report.id: report for report in _read_again(missing, data, base)}
        for key in change.gone:
            reports.pop(key, None)
        out = (change.taken_out | library.removed.keys()) - change.put_back
        removed = {key: original_of(reports[key]) for key in out & reports.keys()}
        removed |= {key: one for key, one in library.removed.items() if key in out}
        left = [report for key, report in reports.items() if key not in out]
        of_folder = {key: one for key, one in removed.items() if not one.uploaded}
        return _rebuild(left, of_folder, data, encoder, progress, base)


def index_library(
    reports: Iterable[Report],
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
        base = Base.sound(data)
        everything = chain(known.values(), _read_again(missing, data, base))
        return _rebuild(everything, library.removed, data, encoder, progress, base)


def _listed(reports: Iterable[Report], library: Library) -> dict[str, Report]:
    """Reports without the uploads that the library has no longer: their deletion crashed."""
    return {
        report.id: report
        for report in reports
        if report.id in library.reports or not original_of(report).uploaded
    }


def _as_read(base: Base) -> Sequence[Report]:
    return () if base.live is None else base.live.reports


def _read_again(originals: Mapping[str, Original], data: Path, base: Base) -> Iterator[Report]:
    """Reports as the live snapshot has them or, if it has not, read from their originals once more.

    Raises:
        SnapshotError: an original can no longer be read.
    """
    known = {(report.id, report.sha256): report for report in _as_read(base)}
    for key, original in originals.items():
        try:
            yield known.get((key, original.sha256)) or read_original(data, original)
        except CorpusError as error:
            raise SnapshotError(f"留存的报告读不出来：{error}") from error


def rebuild(
    reports: Iterable[Report],
    removed: Mapping[str, Original],
    data: Path,
    encoder: Encoder,
    progress: Progress,
) -> Built:
    """Build a snapshot of reports, with what is sound of the live one.

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
    return _rebuild(reports, removed, data, encoder, progress, Base.sound(data))


def _rebuild(  # noqa: PLR0913, PLR0917
    reports: Iterable[Report],
    removed: Mapping[str, Original],
    data: Path,
    encoder: Encoder,
    progress: Progress,
    base: Base,
) -> Built:
    """Build a snapshot, and write down first which reports belong to it."""
    originals = {}
    with _tidied_after_failure(data):
        indexer = Indexer(
            base,
            data=data,
            encoder=encoder,
            corrections=read_corrections(data / FILE),
            progress=progress,
        )
        for report in reports:
            originals[report.id] = original_of(report)
            indexer.add(report)
        indexer.finish()
        with changed_library(data, Library(originals, removed)):
            built = indexer.snapshot()
    with suppress(OSError):  # what cannot be deleted now is swept the next time
        sweep(data, [*originals.values(), *removed.values()])
    return built


@contextmanager
def _tidied_after_failure(data: Path) -> Iterator[None]:
    """Remove the segments that a block has written, if it fails before a snapshot names them."""
    try:
        yield
    except BaseException:
        snapshot.remove_unused_segments(data)
        raise


def correct_report(
    report: str,
    changes: Changes,
    *,
    data: Path,
    encoder: Encoder,
    opened: Mapping[str, Segment] | None = None,
) -> Built:
    """Change the corrections of one report's metadata, and make what follows the live snapshot.

    The corrections are kept for every later indexing. What was indexed last is corrected, which may
    be newer than what the caller has open.

    Args:
        report: its id.
        changes: values by field; None goes back to what was read.
        data: the data folder.
        encoder: the model that the live snapshot was made with.
        opened: as of ``change_index``.

    Raises:
        DataFolderBusy: another process is indexing into ``data``.
        SnapshotError: nothing has been indexed, or ``data`` cannot be written; nothing has changed.
    """
    with hold_writers_off(data):
        contents = live_contents(data, encoder.identity, opened)
        corrections = changed(read_corrections(data / FILE), report, changes)
        with changed_corrections(data / FILE, corrections), _tidied_after_failure(data):
            indexer = Indexer(
                Base.of(contents),
                data=data,
                encoder=encoder,
                corrections=corrections,
                progress=lambda _done, _total: None,
            )
            for one in contents.reports:
                indexer.add(one)
            indexer.finish()
            return indexer.snapshot()
