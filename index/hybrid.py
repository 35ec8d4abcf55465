"""The hybrid index: an open snapshot, searched by meaning and by words at once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Paragraph, Report

from . import snapshot
from .bm25 import Term
from .building import Change, change_index, correct_report
from .contents import read_contents
from .corrections import Changes, correct_all
from .embeddings import Progress
from .encoded import Vectors
from .encoder import Encoder
from .errors import SnapshotError
from .fusion import fuse, rerank
from .library import Library, read_library
from .segment import Segment
from .segments import Segments
from .store import Scored
from .synonyms import BUILT_IN, read_synonyms
from .synonyms import FILE as SYNONYMS
from .types import Hit, Query, Window
from .understanding import Understanding
from .user_words import FILE as WORDS
from .user_words import read_words, tokenizer_with

CANDIDATES = 100
"""Paragraphs that either side proposes for one question.

Few enough that the z-scores compare with rivals, not with the bulk that has nothing to do with it.
"""
RERANKED = 15
"""Best candidates that late interaction looks at."""
REMEMBERED = 256
"""Questions whose vectors are kept for when they are asked again."""
WINDOWS_FOR_CANDIDATES = 10 * CANDIDATES
"""Nearest windows among which the dense side finds that many paragraphs."""
EXHAUSTED = 5000
"""Paragraphs up to which all are scored where a question is about every report: 0.1 s. Of more,
only ``OF_MANY`` times as many candidates are as usual: those of a thousand reports, of which the
best fifty are shown."""
OF_MANY = 20


class HybridIndex:
    """An open snapshot and the encoder it was made with. Immutable; safe for many threads.

    Attributes:
        data: the data folder.
        reports: the reports of the snapshot, with the corrections of their metadata.
        snapshot: its name.
        encoder: the model that encodes questions.
    """

    def __init__(self, data: Path, encoder: Encoder, before: "HybridIndex | None" = None) -> None:
        """Open the live snapshot of a data folder.

        Args:
            data: the data folder.
            encoder: the model that it was made with.
            before: an index of the same folder: segments that it has open are not opened again.

        Raises:
            SnapshotError: there is none, it is broken, or another model made it.
            UserFileError: a line of the user's ``synonyms.txt`` is no group.
        """
        self.data = data
        self.encoder = encoder
        self._encoded = lru_cache(REMEMBERED)(encoder.encode_question)
        known = before.opened if before else {}
        while True:
            folder = snapshot.current(data)
            try:
                self._open(folder, known)
            except (SnapshotError, OSError):
                if snapshot.current(data) == folder:
                    raise
                # So many new ones have become live meanwhile that this one was removed.
            else:
                return

    def _open(self, folder: Path, known: Mapping[str, Segment]) -> None:
        manifest = snapshot.verified(folder, known)
        snapshot.check_model(folder, manifest, self.encoder.identity)
        contents = read_contents(folder, known)
        self.snapshot = folder.name
        self.reports: tuple[Report, ...] = correct_all(contents.reports, contents.corrections)
        self._numbers = {report.id: number for number, report in enumerate(self.reports)}
        self._segments = Segments(contents, tokenizer_with(read_words(folder / WORDS)))
        self._lexical = self._segments.lexical
        groups = read_synonyms(BUILT_IN) + read_synonyms(self.data / SYNONYMS)
        self._understanding = Understanding(self._lexical, groups)

    @property
    def opened(self) -> Mapping[str, Segment]:
        """The segments that it has open, by the checksums of their manifests."""
        return self._segments.by_sum

    @property
    def paragraphs(self) -> int:
        """How many paragraphs are searched."""
        return len(self._segments.rows)

    @property
    def windows(self) -> int:
        """How many windows are embedded."""
        return int(self._segments.sizes(self._segments.rows).sum())

    @property
    def library(self) -> Library:
        """Which files the reports are of, and which were taken out, at this moment.

        Raises:
            SnapshotError: that cannot be read.
        """
        return read_library(self.data)

    def undisturbed(self) -> AbstractContextManager[None]:
        """Hold back the embedding of windows for a block, while a question is answered."""
        return self.encoder.undisturbed()

    def rarity(self, question: str) -> dict[str, float]:
        """Return the inverse document frequency of those of a question's tokens that occur."""
        return self._lexical.rarity(question)

    def knows(self, text: str) -> bool:
        """Whether at least half of a text's words occur in the reports."""
        return self._lexical.knows(text)

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

        A paragraph's dense score is the maximum over its windows.

        Args:
            question: any text, or what ``understand`` made of it.
            limit: how many hits at the most.
            reports: ids of the reports to search, all if None.
            exhaustive: score every paragraph, not only the candidates of either side; where there
                are more than ``EXHAUSTED``, many candidates.

        Returns:
            Hits, best first, no paragraph twice.
        """
        query = self.understand(question) if isinstance(question, str) else question
        encoded = self._encoded(query.wording)
        terms = self._lexical.terms(self._understanding.weights(query))
        among = None if reports is None else self._rows_of(reports)
        rows = self._segments.rows if among is None else among
        if not exhaustive:
            rows = self._candidates(encoded.vector, terms, among)
        elif len(rows) > EXHAUSTED:
            rows = self._candidates(encoded.vector, terms, among, OF_MANY)
        if not len(rows):
            return []
        lexical = self._lexical.scores_of(terms, rows)
        cosines, windows = self._best(rows, partial(self._segments.dense.cosines, encoded.vector))
        fused = fuse(cosines, lexical)
        places = self._segments.places(rows)
        order = np.lexsort((places[:, 1], places[:, 0], -fused))
        first = rows[order[:RERANKED]]
        late, _ = self._best(first, partial(self._segments.late.scores, encoded.tokens))
        scores = rerank(fused[order], late)
        ranked = np.argsort(-scores, kind="stable")[:limit]
        return [
            self._hit(int(windows[i]), float(score), float(cosines[i]), float(lexical[i]))
            for i, score in zip(order[ranked], scores[ranked], strict=True)
        ]

    def worded_like(
        self, text: str, *, limit: int, reports: AbstractSet[str] | None = None
    ) -> list[tuple[Report, Paragraph]]:
        """Find the paragraphs that share most words with a text, by BM25 alone, best first.

        Args:
            text: taken as it is: its spelling is not put right, synonyms are not looked for.
            limit: how many at the most.
            reports: ids of the reports to search, all if None.
        """
        terms = self._lexical.terms(Counter(self._lexical.tokenizer.tokens(text)))
        among = None if reports is None else self._rows_of(reports)
        best, scores = self._lexical.best(terms, limit, among)
        places = self._segments.places(best)
        order = np.lexsort((places[:, 1], places[:, 0], -scores))
        return [
            (self.reports[report], self.reports[report].paragraphs[paragraph])
            for report, paragraph in places[order].tolist()
        ]

    def dense(
        self, vector: Vectors, limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs whose windows are nearest to a question; see ``Store.dense``."""
        among = None if reports is None else self._segments.windows_of(self._rows_of(reports))
        windows, cosines = self._segments.dense.nearest(vector, limit, among)
        best: dict[tuple[int, int], Scored] = {}
        for window, cosine in zip(windows.tolist(), cosines.tolist(), strict=True):
            place = Window(*self._segments.windows[window].tolist())
            report = self.reports[place.report].id
            scored = Scored(report, place.paragraph, cosine, (place.start, place.end))
            best.setdefault((place.report, place.paragraph), scored)
        return list(best.values())

    def lexical(
        self, weights: Mapping[str, float], limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs with the highest BM25 for weighted tokens; see ``Store.lexical``."""
        among = None if reports is None else self._rows_of(reports)
        rows, scores = self._lexical.best(self._lexical.terms(weights), limit, among)
        return [
            Scored(self.reports[report].id, paragraph, score)
            for (report, paragraph), score in zip(
                self._segments.places(rows).tolist(), scores.tolist(), strict=True
            )
        ]

    def refreshed(self) -> "HybridIndex":
        """Open the live snapshot; itself, if that is the one that is open.

        Raises:
            IndexingError: it cannot be opened.
        """
        if snapshot.live_snapshot(self.data) == self.snapshot:
            return self
        return HybridIndex(self.data, self.encoder, self)

    def changed(
        self,
        change: Change,
        progress: Progress = lambda _done, _total: None,
        folder: Path | None = None,
    ) -> "HybridIndex":
        """Add reports or take some out, for good, and open what follows; see ``change_index``."""
        change_index(
            change,
            data=self.data,
            encoder=self.encoder,
            folder=folder,
            progress=progress,
            opened=self.opened,
        )
        return HybridIndex(self.data, self.encoder, self)

    def corrected(self, report: str, changes: Changes) -> "HybridIndex":
        """Correct a report's metadata, for good, and open what follows; see ``correct_report``."""
        correct_report(report, changes, data=self.data, encoder=self.encoder, opened=self.opened)
        return HybridIndex(self.data, self.encoder, self)

    def _candidates(
        self,
        vector: NDArray[np.float32],
        terms: Sequence[Term],
        among: NDArray[np.int64] | None,
        times: int = 1,
    ) -> NDArray[np.int64]:
        """Return the rows that either side proposes, some times as many as usual, in order."""
        windows = None if among is None else self._segments.windows_of(among)
        looking = self._segments.dense.looking(vector, times * WINDOWS_FOR_CANDIDATES, windows)
        lexical, _ = self._lexical.best(terms, times * CANDIDATES, among)
        nearest, _ = looking()
        dense = dict.fromkeys(self._segments.row_of_window[nearest].tolist())
        near = list(islice(dense, times * CANDIDATES))
        return np.union1d(np.array(near, dtype=np.int64), lexical)

    def _best(
        self, rows: NDArray[np.int64], score: Callable[[NDArray[np.int64]], NDArray[np.float32]]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return, for each row, the highest score of its windows and the first that has it."""
        windows = self._segments.windows_of(rows)
        scores = score(windows)
        sizes = self._segments.sizes(rows)
        best = np.maximum.reduceat(scores, np.cumsum(sizes) - sizes)
        of_row = np.repeat(np.arange(len(rows)), sizes)
        at_best = np.flatnonzero(scores == best[of_row])
        first = np.diff(of_row[at_best], prepend=-1) > 0
        return best, windows[at_best[first]]

    def _rows_of(self, reports: AbstractSet[str]) -> NDArray[np.int64]:
        numbers = [self._numbers[report] for report in reports & self._numbers.keys()]
        return self._segments.rows_of(np.array(numbers, np.int64))

    def _hit(self, window: int, score: float, dense: float, lexical: float) -> Hit:
        place = Window(*self._segments.windows[window].tolist())
        report = self.reports[place.report]
        return Hit(
            report=report,
            paragraph=report.paragraphs[place.paragraph],
            window=(place.start, place.end),
            score=score,
            dense=dense,
            lexical=lexical,
        )
