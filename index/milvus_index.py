"""An open view of the reports in Milvus, searched as the embedded index is, and changed there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, suppress
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from corpus import CorpusError, Paragraph, Report

from .building import Change
from .corrections import Changes, changed
from .embeddings import Progress
from .encoded import Encoded, Vectors
from .encoder import Encoder
from .errors import StoreError
from .fusion import fuse, rerank
from .hybrid import CANDIDATES, REMEMBERED, RERANKED, WINDOWS_FOR_CANDIDATES
from .imports import sweep
from .indexer import Built
from .late import LateInteraction, TokenSigns
from .library import Library, keep_all, original_of, read_original
from .milvus_search import cosines, lexical_scores, nearest, worded
from .milvus_server import Milvus
from .milvus_store import Edit, MilvusStore
from .milvus_view import View
from .store import Scored
from .synonyms import BUILT_IN, read_synonyms
from .synonyms import FILE as SYNONYMS
from .types import Hit, Query
from .understanding import Understanding
from .user_words import FILE as WORDS
from .user_words import read_words
from .writing import hold_writers_off

MOST_REPORTS = 200
"""Reports of which each is looked at where a question asks for every one of them."""
OF_EACH = 20
"""Windows of each that are looked at then."""


class MilvusIndex:
    """A view of the reports in Milvus, and the model. Immutable; safe for many threads.

    What ``HybridIndex`` offers to those who ask and those who change reports, this does too.

    Attributes:
        data: the folder on this machine that has the originals of what was uploaded here, the
            queue of uploads, and ``words.txt`` and ``synonyms.txt``.
        encoder: the model that encodes questions.
    """

    def __init__(self, store: MilvusStore, data: Path) -> None:
        """Search what a store saw last.

        Raises:
            StoreError: nothing has been indexed.
            UserFileError: a line of the user's ``synonyms.txt`` is no group.
        """
        if store.view is None:
            raise StoreError(
                "Milvus 里还没有索引。请先运行：youju index 报告文件夹 --store milvus:地址"
            )
        self.data = data
        self.encoder = store.encoder
        self._store = store
        self._view: View = store.view
        self._encoded = lru_cache(REMEMBERED)(self.encoder.encode_question)
        groups = read_synonyms(BUILT_IN) + read_synonyms(data / SYNONYMS)
        self._understanding = Understanding(self._view.frequencies, groups)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, with the corrections of their metadata."""
        return self._view.reports

    @property
    def snapshot(self) -> str:
        """The name of the state that is searched; that of a later one sorts behind."""
        return self._view.name

    @property
    def paragraphs(self) -> int:
        """How many paragraphs are searched."""
        return self._view.frequencies.paragraphs

    @property
    def library(self) -> Library:
        """Which files the reports are of, and which were taken out."""
        return self._view.library

    def undisturbed(self) -> AbstractContextManager[None]:
        """Hold back the embedding of windows for a block, while a question is answered."""
        return self.encoder.undisturbed()

    def rarity(self, question: str) -> dict[str, float]:
        """Return the inverse document frequency of those of a question's tokens that occur."""
        return self._view.frequencies.rarity(question)

    def knows(self, text: str) -> bool:
        """Whether at least half of a text's words occur in the reports."""
        return self._view.frequencies.knows(text)

    def understand(self, question: str) -> Query:
        """Read a question as the reports would write it: spelling put right, synonyms found."""
        return self._understanding.query(question)

    def search(
        self,
        question: str | Query,
        *,
        limit: int,
        reports: AbstractSet[str] | None = None,
        exhaustive: bool = False,
    ) -> list[Hit]:
        """Find the paragraphs that fit a question best.

        Args:
            question: any text, or what ``understand`` made of it.
            limit: how many hits at the most.
            reports: ids of the reports to search, all if None.
            exhaustive: look at the nearest paragraphs of every report, ``MOST_REPORTS`` of them.

        Returns:
            Hits, best first, no paragraph twice.

        Raises:
            StoreError: Milvus does not answer.
        """
        query = self.understand(question) if isinstance(question, str) else question
        encoded = self._encoded(query.wording)
        weights = self._understanding.weights(query)
        dense = self._near(encoded.vector, reports, every=exhaustive)
        lexical = {
            _place(one): one.score for one in worded(self._view, weights, CANDIDATES, reports)
        }
        far = [place for place in lexical if place not in dense]
        dense |= {_place(one): one for one in cosines(self._view, encoded.vector, far)}
        wordless = [place for place in dense if place not in lexical]
        scores = lexical_scores(self._view, weights, wordless).tolist()
        lexical |= dict(zip(wordless, scores, strict=True))
        if not dense:
            return []
        numbers = self._view.numbers
        places = sorted(dense, key=lambda place: (numbers[place[0]], place[1]))
        return self._ranked(encoded, [dense[place] for place in places], lexical)[:limit]

    def worded_like(
        self, text: str, *, limit: int, reports: AbstractSet[str] | None = None
    ) -> list[tuple[Report, Paragraph]]:
        """Find the paragraphs that share most words with a text, by BM25 alone, best first.

        Args:
            text: taken as it is: its spelling is not put right, synonyms are not looked for.
            limit: how many at the most.
            reports: ids of the reports to search, all if None.

        Raises:
            StoreError: Milvus does not answer.
        """
        weights = Counter(self._view.frequencies.tokenizer.tokens(text))
        found = []
        for one in worded(self._view, weights, limit, reports):
            report = self._view.loaded[one.report].report
            found.append((report, report.paragraphs[one.paragraph]))
        return found

    def refreshed(self) -> "MilvusIndex":
        """What others have written meanwhile, or this, if nothing.

        Raises:
            IndexingError: Milvus does not answer, or another model made what is there now.
        """
        self._store.refresh()
        return self if self._store.view is self._view else MilvusIndex(self._store, self.data)

    def changed(
        self,
        change: Change,
        progress: Progress = lambda _done, _total: None,
        folder: Path | None = None,
    ) -> "MilvusIndex":
        """Add reports or take some out, for everybody; see ``HybridIndex.changed``."""
        with hold_writers_off(self.data):
            self._store.refresh()
            library = self._store.view.library if self._store.view else Library()
            added = keep_all(self.data, folder, change.added) if folder else change.added
            out = {key: one for key, one in library.reports.items() if key in change.taken_out}
            back = _read_back(library, change.put_back, self.data)
            edit = Edit(
                added=(*added, *back),
                gone=change.gone | change.taken_out,
                removed={key: one for key, one in out.items() if not one.uploaded},
                put_back=library.removed.keys() & change.put_back,
            )
            self._store.edit(edit, progress)
            _sweep(self._store, self.data)
        return MilvusIndex(self._store, self.data)

    def corrected(self, report: str, changes: Changes) -> "MilvusIndex":
        """Correct a report's metadata, for everybody; see ``HybridIndex.corrected``."""
        with hold_writers_off(self.data):
            self._store.refresh()
            loaded = self._store.view.loaded.get(report) if self._store.view else None
            if loaded is None:
                raise StoreError("这份报告刚刚被去掉了，没有改动。")
            corrections = changed({report: loaded.header.correction}, report, changes)
            correction = corrections.get(report, {})
            self._store.edit(Edit([loaded.as_read], {report: correction}))
        return MilvusIndex(self._store, self.data)

    def _near(
        self, vector: Vectors, reports: AbstractSet[str] | None, *, every: bool
    ) -> dict[tuple[str, int], Scored]:
        if every:
            found = nearest(self._view, vector, MOST_REPORTS, reports, of_each=OF_EACH)
        else:
            found = nearest(self._view, vector, WINDOWS_FOR_CANDIDATES, reports)[:CANDIDATES]
        return {_place(one): one for one in found}

    def _ranked(
        self, encoded: Encoded, dense: list[Scored], lexical: Mapping[tuple[str, int], float]
    ) -> list[Hit]:
        """Fuse both sides, and re-rank the best by late interaction."""
        near = np.array([one.score for one in dense], np.float32)
        words = np.array([lexical[_place(one)] for one in dense], np.float32)
        fused = fuse(near, words)
        order = np.argsort(-fused, kind="stable")
        late = self._late([dense[i] for i in order[:RERANKED]], encoded.tokens)
        scores = rerank(fused[order], late)
        ranked = np.argsort(-scores, kind="stable")
        return [
            self._hit(dense[i], score, float(words[i]))
            for i, score in zip(order[ranked], scores[ranked].tolist(), strict=True)
        ]

    def _late(self, some: Sequence[Scored], tokens: Vectors) -> Vectors:
        """Late interaction of paragraphs, float32 (paragraphs,): that of the best window."""
        mean = self._view.generation.mean
        windows = [self._view.loaded[one.report].layout.windows_of[one.paragraph] for one in some]
        ids = [key for keys in windows for key in keys]
        signs = self._view.windows.signs(ids)
        none = np.empty((0, -(-len(mean) // 8)), np.uint8)
        late = LateInteraction([TokenSigns.build([signs.get(key, none) for key in ids])], mean)
        scores = late.scores(tokens, np.arange(len(ids)))
        ends = accumulate(map(len, windows), initial=0)
        return np.array([scores[a:b].max() for a, b in pairwise(ends)], np.float32)

    def _hit(self, one: Scored, score: float, lexical: float) -> Hit:
        report = self._view.loaded[one.report].report
        paragraph = report.paragraphs[one.paragraph]
        window = one.window or (0, len(paragraph.text))
        return Hit(report, paragraph, window, score, one.score, lexical)


def index_into_milvus(  # noqa: PLR0913 - as build_index, and the server
    reports: Iterable[Report],
    *,
    milvus: Milvus,
    data: Path,
    encoder: Encoder,
    folder: Path | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Index a folder's reports into Milvus; see ``build_index``.

    Args:
        reports: those of the folder, as they were read.
        milvus: the server.
        data: the folder on this machine; see ``MilvusIndex``.
        encoder: the model that embeds.
        folder: where the files of the reports lie, to be kept in ``data``; None if there are none.
        progress: told how many windows are there, and how many there will be.

    Raises:
        DataFolderBusy: another process is indexing from this folder.
        StoreError: there is nothing to index, or Milvus did not take it.
        UserFileError: a line of the user's ``words.txt`` means nothing.
    """
    with hold_writers_off(data):
        store = MilvusStore(milvus, encoder, any_model=True)
        before = store.view
        library = before.library if before else Library()
        wanted = (report for report in reports if report.id not in library.removed)
        own = wanted if folder is None else keep_all(data, folder, wanted)
        uploaded = [
            one.as_read
            for one in (before.loaded.values() if before else ())
            if original_of(one.as_read).uploaded
        ]
        edit = Edit(added=(*own, *uploaded), removed=library.removed)
        encoded = store.rebuild(edit, read_words(data / WORDS), progress)
        _sweep(store, data)
    view = store.view
    counts = store.count()
    return Built(
        snapshot=view.name if view else "",
        reports=counts.reports,
        paragraphs=counts.paragraphs,
        windows=counts.windows,
        embedded=encoded,
        changed=view is not before,
    )


def _read_back(library: Library, put_back: AbstractSet[str], data: Path) -> list[Report]:
    """Read reports that were taken out from their kept files.

    Raises:
        StoreError: an original is not on this machine, or cannot be read.
    """
    reports = []
    for key in library.removed.keys() & put_back:
        try:
            reports.append(read_original(data, library.removed[key]))
        except CorpusError as error:
            raise StoreError(f"留存的报告读不出来：{error}") from error
    return reports


def _sweep(store: MilvusStore, data: Path) -> None:
    """Delete the originals on this machine whose reports are gone."""
    if store.view is not None:
        library = store.view.library
        with suppress(OSError):
            sweep(data, [*library.reports.values(), *library.removed.values()])


def _place(one: Scored) -> tuple[str, int]:
    return one.report, one.paragraph
