"""Reading what was uploaded, in the background: one file after another, then one new snapshot.

The files of a folder that is watched are read here too, after the uploads. Questions go on against
the old snapshot until the new one is whole. The queue is on disk (see ``index/imports.py``), so a
restart goes on where it was. A snapshot that another program has made meanwhile is opened as well.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus import CorpusError, Limits, Report, ReportError
from index import (
    Change,
    DataFolderBusy,
    Import,
    IndexingError,
    read_original,
    settle,
    waiting,
)
from qa import Answerer

from .loading import Loading
from .watching import Watch

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
"""How often the data folder is looked at for what others have done."""

Stage = Literal["reading", "indexing"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is: ``done`` of ``total`` windows are embedded while it is indexed."""

    stage: Stage
    done: int = 0
    total: int = 0


class Importer:
    """Takes from the queue for as long as the process runs."""

    def __init__(self, loading: Loading, limits: Limits, watch: Watch | None = None) -> None:
        self._loading = loading
        self._watch = watch
        self._limits = limits
        self._called = threading.Event()
        self._progress: dict[str, Progress] = {}

    def start(self) -> None:
        """Begin, in a thread that does not keep the process alive when it is told to end."""
        threading.Thread(target=self._run, name="importing", daemon=True).start()

    def call(self) -> None:
        """Say that something waits."""
        self._called.set()

    def progress(self, one: Import) -> Progress | None:
        """How far a file is; None while it waits, and when it is settled."""
        return self._progress.get(one.id)

    def _run(self) -> None:
        try:
            self._loading.done.result()
        except Exception:  # noqa: BLE001 - whoever loads has said so
            return
        called = True  # something may wait since before the start
        while True:
            try:
                if called:
                    self.import_waiting()
                    called = False
                self._loading.refresh()
                if self._watch is not None and self._watch.due():
                    self._follow(self._watch)
            except DataFolderBusy:
                pass  # whoever writes is waited for
            except Exception:
                log.exception("报告没有处理完")
            called = self._called.wait(EVERY_SECONDS) or called
            self._called.clear()

    def _follow(self, watch: Watch) -> None:
        """Index what has changed in the folder."""
        answerer = self._loading.answerer()
        change = watch.look(answerer.library)
        if change is None:
            return
        try:
            self._loading.replace(answerer.changed(change, folder=watch.folder))
        except DataFolderBusy:
            raise
        except IndexingError as error:
            log.warning("文件夹 %s 的变化没有收进来：%s", watch.folder, error)
            watch.refuse()
        else:
            watch.settle()
            added, gone = len(change.added), len(change.gone)
            log.info("文件夹 %s 有变化：读入 %d 份，去掉 %d 份", watch.folder, added, gone)

    def import_waiting(self) -> None:
        """Read and index what waits; the thread does, whenever something may."""
        answerer = self._loading.answerer()
        queue = waiting(answerer.data)
        if not queue:
            return
        try:
            read = [(one, report) for one in queue if (report := self._read(answerer, one))]
            if read:
                self._index(answerer, read)
        finally:
            self._progress.clear()

    def _read(self, answerer: Answerer, one: Import) -> Report | None:
        self._progress[one.id] = Progress("reading")
        try:
            return read_original(answerer.data, one.original, limits=self._limits)
        except ReportError as error:
            settle(answerer.data, one, reason=error.reason)
        except (CorpusError, IndexingError) as error:
            settle(answerer.data, one, reason=str(error))
        del self._progress[one.id]
        return None

    def _index(self, answerer: Answerer, read: Sequence[tuple[Import, Report]]) -> None:
        def progress(done: int, total: int) -> None:
            for one, _ in read:
                self._progress[one.id] = Progress("indexing", done, total)

        progress(0, 0)
        newest = {report.id: report for _, report in read}
        try:
            self._loading.replace(answerer.changed(Change(tuple(newest.values())), progress))
        except DataFolderBusy:
            raise
        except IndexingError as error:
            for one, _ in read:
                settle(answerer.data, one, reason=str(error))
            return
        for one, report in read:
            settle(answerer.data, one, report=report.id)
