"""What has changed in the folder that is served: files that were added, edited or deleted.

The folder is looked at every two seconds, or at a tenth of the time where looking takes long.
Operating systems can tell of changes instead, but not of those that others make on a network drive,
which is where offices keep their reports; and a file must be looked at again anyway, for it counts
only once it has stayed the same from one look to the next: half-written files wait.

What was read is compared by content with what is indexed, so nothing is missed that happened while
nobody looked, and a file that was only touched is not read again.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus import (
    FORMATS,
    CorpusError,
    FolderError,
    Limits,
    Report,
    ReportError,
    find_files,
    read_corrected,
    sidecar_of,
    stated_beside,
)
from index import Change, Library, Original, sha256_of

log = logging.getLogger(__name__)

SECONDS = 2.0
"""From one look to the next."""
RESTING = 9
"""How much longer than a look the time between two is, at the least."""
MOST_AT_ONCE = 20
"""Files that are read for one snapshot, so that many do not keep the first of them waiting."""
REFUSED_SECONDS = 60.0
"""Until a change that could not be indexed is tried again."""

_Mark = tuple[int, ...]
"""Size and times of a file and of the correction beside it: they change whenever it does."""


@dataclass(frozen=True, slots=True)
class _Read:
    mark: _Mark
    report: Report


class Watch:
    """Looks at a folder, again and again. Not safe from several threads.

    Attributes:
        folder: the folder.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self._limits = limits
        self._seen: Mapping[str, _Mark] | None = None
        self._done: dict[str, _Mark] = {}
        self._read: dict[str, _Read] = {}
        self._next = 0.0
        self._lost = False

    def due(self) -> bool:
        """Whether it is time to look again."""
        return time.monotonic() >= self._next

    def look(self, library: Library) -> Change | None:
        """What is to be changed about the reports, if anything; call ``settle`` when that is done.

        Args:
            library: what is indexed.
        """
        began = time.monotonic()
        before, self._seen = self._seen, self._marks()
        change = None
        if before is not None and self._seen is not None:
            self._take_up(library, before, self._seen)
            change = self._change(library, before, self._seen)
        ended = time.monotonic()
        self._next = ended + max(SECONDS, RESTING * (ended - began))
        return change

    def settle(self) -> None:
        """Say that the change is made."""
        self._done |= {file: read.mark for file, read in self._read.items()}
        self._read.clear()

    def refuse(self) -> None:
        """Say that the change cannot be made; it is tried again after a while."""
        self._next = time.monotonic() + REFUSED_SECONDS

    def _marks(self) -> Mapping[str, _Mark] | None:
        """The files as they are now; None if there are none, as when a drive is not connected."""
        try:
            paths = find_files(self.folder)
        except (FolderError, OSError) as error:
            if not self._lost:
                log.warning("%s 报告照旧，等它回来。", error)
            self._lost = True
            return None
        self._lost = False
        return dict(self._marked(paths))

    def _marked(self, paths: list[Path]) -> Iterator[tuple[str, _Mark]]:
        for path in paths:
            mark = _mark_of(path)
            if path.suffix.lower() in FORMATS and mark is not None:
                yield path.relative_to(self.folder).as_posix(), mark

    def _take_up(
        self, library: Library, before: Mapping[str, _Mark], now: Mapping[str, _Mark]
    ) -> None:
        """Read the files that have changed and now stay the same."""
        self._done = {file: mark for file, mark in self._done.items() if file in now}
        self._read = {file: read for file, read in self._read.items() if file in now}
        indexed = {one.file: one for one in _of_folder(library)}
        for file, mark in now.items():
            if len(self._read) >= MOST_AT_ONCE:
                return
            read = self._read.get(file)
            known = self._done.get(file) == mark or (read is not None and read.mark == mark)
            if not known and before.get(file) == mark:
                self._read.pop(file, None)
                self._take_up_file(file, mark, indexed.get(file))

    def _take_up_file(self, file: str, mark: _Mark, indexed: Original | None) -> None:
        path = self.folder / file
        report = None
        try:
            if indexed is None or not self._is_indexed(path, indexed):
                report, fault = read_corrected(path, file=file, limits=self._limits)
                if fault is not None:
                    log.warning("没有采用更正。%s", fault)
                if indexed is not None and _same(report, indexed):
                    report = None
        except ReportError as error:
            log.warning("跳过 %s", error)
        except (CorpusError, OSError) as error:
            log.warning("%s", error)
            return
        if _mark_of(path) != mark:
            return  # it was written to meanwhile: what was read may be half of each
        if report is None:
            self._done[file] = mark
        else:
            self._read[file] = _Read(mark, report)

    def _is_indexed(self, path: Path, indexed: Original) -> bool:
        """Whether a file is what is indexed, and so is what stands beside it."""
        plain = not sidecar_of(path).exists() and not indexed.correction
        return plain and sha256_of(path) == indexed.sha256

    def _change(
        self, library: Library, before: Mapping[str, _Mark], now: Mapping[str, _Mark]
    ) -> Change | None:
        added = tuple(read.report for read in self._read.values())
        gone = frozenset(
            key
            for key, one in library.reports.items()
            if not one.uploaded and one.file not in now and one.file not in before
        )
        return Change(added=added, gone=gone) if added or gone else None


def _of_folder(library: Library) -> Iterator[Original]:
    for one in (*library.reports.values(), *library.removed.values()):
        if not one.uploaded:
            yield one


def _same(report: Report, indexed: Original) -> bool:
    return report.sha256 == indexed.sha256 and stated_beside(report) == indexed.correction


def _mark_of(path: Path) -> _Mark | None:
    """None if the file is gone meanwhile."""
    mark: list[int] = []
    for file in (path, sidecar_of(path)):
        try:
            stat = file.stat()
        except OSError:
            if file == path:
                return None
            continue
        mark += [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
    return tuple(mark)
