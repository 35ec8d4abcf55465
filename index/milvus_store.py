"""Reports in Milvus: what is changed there, and which generation of collections is live."""

import threading
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from corpus import Correction, Report

from . import milvus_catalog as catalog
from .embeddings import Progress
from .encoded import Encoded, Vectors
from .encoder import Encoder
from .errors import StoreError
from .library import Original
from .milvus_catalog import Generation, Terms
from .milvus_search import nearest, worded
from .milvus_server import Milvus
from .milvus_view import View, view_of
from .milvus_writing import Pair, Writer, first_encoded
from .store import Counts, Scored
from .user_words import UserWords

KEPT = 2
"""Generations kept: the live one and the one before it, which other servers may still read."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change about the reports in Milvus.

    Attributes:
        added: reports as they were read.
        corrections: what users correct of them, by id; of those that are not among these, what
            was corrected before stays.
        gone: ids of reports to delete.
        removed: those of a folder that were taken out, to be remembered.
        put_back: ids of those that are to be forgotten.
    """

    added: Sequence[Report] = ()
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    gone: AbstractSet[str] = frozenset()
    removed: Mapping[str, Original] = field(default_factory=dict)
    put_back: AbstractSet[str] = frozenset()


class MilvusStore:
    """Reports in one Milvus database, as one model embeds them. Safe for many threads.

    Attributes:
        encoder: the model.
        view: what was there at the last look; None if nothing has been indexed.
    """

    def __init__(
        self,
        milvus: Milvus,
        encoder: Encoder,
        *,
        user_words: UserWords = (),
        any_model: bool = False,
    ) -> None:
        """Look at what is there.

        Args:
            milvus: the server.
            encoder: the model.
            user_words: those to cut texts with, if nothing has been indexed yet.
            any_model: whether what is there may have been made by another model, for it is to be
                replaced and not searched.

        Raises:
            StoreError: the server is too old, or another model made what it holds.
        """
        milvus.check_version()
        self._milvus = milvus
        self.encoder = encoder
        self._user_words = user_words
        self._any_model = any_model
        self._turn = threading.RLock()
        self.view: View | None = None
        self.refresh()

    def upsert(
        self, reports: Sequence[Report], progress: Progress = lambda _done, _total: None
    ) -> None:
        """Add reports, each in the place of one with the same id; see ``Store``."""
        self.edit(Edit(added=reports), progress)

    def delete(self, reports: AbstractSet[str]) -> None:
        """Take reports out, by id; see ``Store``."""
        self.edit(Edit(gone=reports))

    def get(self, report: str) -> Report | None:
        """Return a report by its id; see ``Store``."""
        found = self.view.loaded.get(report) if self.view else None
        return found.report if found else None

    def dense(
        self, vector: Vectors, limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs whose windows are nearest to a question; see ``Store``."""
        return nearest(self.view, vector, limit, reports) if self.view else []

    def lexical(
        self, weights: Mapping[str, float], limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs with the highest BM25 for weighted tokens; see ``Store``."""
        return worded(self.view, weights, limit, reports) if self.view else []

    def count(self) -> Counts:
        """Count what Milvus holds at this moment, whoever wrote it."""
        self.refresh()
        if self.view is None:
            return Counts(0, 0, 0)
        return Counts(
            reports=self._milvus.count(self.view.generation.reports, 'kind == "report"'),
            paragraphs=self.view.paragraphs.count(),
            windows=self.view.windows.count(),
        )

    def refresh(self) -> bool:
        """Look for what others have written; return whether there was anything new.

        Raises:
            StoreError: another model made what is there now.
        """
        with self._turn:
            number = catalog.live_number(self._milvus)
            if number is None:
                return False
            before = self.view
            if before is None or before.generation.number != number:
                self.view = self._look(self._opened(number), None)
                return True
            revision = self._revision(before.generation)
            if revision == before.listing.revision:
                return False
            self.view = self._look(before.generation, before)
            return True

    def edit(self, edit: Edit, progress: Progress = lambda _done, _total: None) -> int:
        """Change what is there, and look at the result.

        Returns:
            How many windows were encoded.

        Raises:
            StoreError: no report would be left, or Milvus did not take it.
        """
        with self._turn:
            self.refresh()
            if self.view is None:
                return self.rebuild(edit, self._user_words, progress)
            encoded = self._apply(edit, self.view, progress, {})
            self.refresh()
            return encoded

    def rebuild(
        self, edit: Edit, user_words: UserWords, progress: Progress = lambda _done, _total: None
    ) -> int:
        """Have just the reports that are added, none besides, cut with a user's words.

        Where what vectors and tokens depend on has changed, a new generation is written beside the
        live one, and takes its place when it is whole; one that was interrupted is gone on with.

        Returns:
            How many windows were encoded.

        Raises:
            StoreError: there is nothing to index, or Milvus did not take it.
        """
        terms = Terms(self.encoder.identity, self.encoder.dimension, user_words)
        with self._turn:
            self.refresh()
            corrections = (
                {key: one.header.correction for key, one in self.view.loaded.items()}
                if self.view
                else {}
            )
            view, first = self._begun(terms, edit.added)
            added = {report.id for report in edit.added}
            encoded = self._apply(
                Edit(
                    edit.added,
                    {**corrections, **edit.corrections},
                    view.loaded.keys() - added,
                    edit.removed,
                    view.listing.removed.keys() - edit.removed.keys(),
                ),
                view,
                progress,
                first,
            )
            self._make_live(view.generation)
            self.refresh()
            return encoded

    def _opened(self, number: int) -> Generation:
        """Read what a live generation depends on, and have its collections loaded."""
        generation = catalog.read_generation(self._milvus, number)
        if generation is None:
            raise StoreError(
                f"{self._milvus.uri} 里的索引不完整。请重新运行：youju index 报告文件夹"
            )
        model = generation.terms.model
        if model != self.encoder.identity and not self._any_model:
            raise StoreError(
                f"{self._milvus.uri} 里的索引由另一个模型建立（{model}），"
                f"现在的模型是 {self.encoder.identity}。"
                "请用原来的 --model，或重新运行 youju index。"
            )
        self._load(generation)
        return generation

    def _revision(self, generation: Generation) -> int:
        try:
            return catalog.read_revision(self._milvus, generation)
        except StoreError:  # Milvus Lite forgets at a restart what was loaded
            self._load(generation)
            return catalog.read_revision(self._milvus, generation)

    def _load(self, generation: Generation) -> None:
        for name in (generation.reports, generation.windows, generation.paragraphs):
            self._milvus.load(name)

    def _look(self, generation: Generation, before: View | None) -> View:
        listing = catalog.list_reports(self._milvus, generation)
        return view_of(self._milvus, generation, listing, before)

    def _apply(
        self, edit: Edit, view: View, progress: Progress, first: Mapping[str, Encoded]
    ) -> int:
        """Write what is new about a generation, delete what is gone, and say so."""
        left = (view.loaded.keys() | {report.id for report in edit.added}) - edit.gone
        pairs = [pair for pair in _pairs(edit, view) if not _is_there(pair, view)]
        gone = view.loaded.keys() & edit.gone
        if not left:
            raise StoreError("至少要留下一份报告，没有改动。")
        writer = Writer(self._milvus, self.encoder, view)
        encoded = writer.write(pairs, progress, first)
        writer.delete(gone)
        catalog.delete_removed(self._milvus, view.generation, sorted(edit.put_back))
        catalog.write_removed(self._milvus, view.generation, edit.removed)
        if pairs or gone or edit.put_back or edit.removed.keys() - view.listing.removed.keys():
            catalog.raise_revision(self._milvus, view.generation, view.listing.revision)
        return encoded

    def _begun(self, terms: Terms, reports: Sequence[Report]) -> tuple[View, Mapping[str, Encoded]]:
        """The generation with some terms to write into: the live, an interrupted, or a new one."""
        live = self.view.generation.number if self.view else 0
        numbers = catalog.numbers(self._milvus)
        for number in sorted((n for n in numbers if n >= live), reverse=True):
            generation = catalog.read_generation(self._milvus, number)
            if generation is not None and generation.terms == terms:
                return self._look(self._opened(number), None), {}
        mean, first = first_encoded(reports, self.encoder)
        generation = Generation(max(numbers, default=0) + 1, terms, mean)
        catalog.drop(self._milvus, generation.number)  # what a crash has left of one so far
        view = View.empty(self._milvus, generation)
        view.windows.create()
        view.paragraphs.create()
        catalog.create(self._milvus, generation)
        return view, first

    def _make_live(self, generation: Generation) -> None:
        """Let the alias name a generation, and drop those that nobody reads any more."""
        before = self.view.generation.number if self.view else None
        if before == generation.number:
            return
        name = catalog.name_of(before) if before else None
        self._milvus.point(catalog.ALIAS, generation.reports, name)
        kept = sorted({generation.number, before or 0})[-KEPT:]
        for number in catalog.numbers(self._milvus):
            if number not in kept:
                catalog.drop(self._milvus, number)


def _pairs(edit: Edit, view: View) -> list[Pair]:
    """The reports to be written, each with its correction."""
    known = {key: one.header.correction for key, one in view.loaded.items()}
    corrections = {**known, **edit.corrections}
    return [(report, corrections.get(report.id, {})) for report in edit.added]


def _is_there(pair: Pair, view: View) -> bool:
    """Whether a report is there already as it is to be written."""
    report, correction = pair
    loaded = view.loaded.get(report.id)
    return loaded is not None and (loaded.as_read, loaded.header.correction) == (report, correction)
