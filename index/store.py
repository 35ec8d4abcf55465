"""What every store of reports can do, whether it is a folder on this machine or Milvus elsewhere.

``Store`` keeps reports and finds them on either side; ``tests/test_store_contract.py`` holds both
kinds to the same results. ``Index`` is what answers are made from: one state of a store, in which
both sides are fused, and from which a changed one is made.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus import Paragraph, Report

from .building import Change
from .corrections import Changes
from .embeddings import Progress
from .encoded import Vectors
from .library import Library
from .types import Hit, Query


@dataclass(frozen=True, slots=True)
class Scored:
    """A paragraph that one side of the search proposes.

    Attributes:
        report: id of its report.
        paragraph: its position in that report's ``paragraphs``.
        score: cosine of the question and the best window, or BM25.
        window: the range of the paragraph's text that matched best, on the dense side only.
    """

    report: str
    paragraph: int
    score: float
    window: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds: reports, searched paragraphs, embedded windows."""

    reports: int
    paragraphs: int
    windows: int


class Store(Protocol):
    """Reports kept for searching. Reads see what ``refresh`` saw last, or what was written here."""

    def upsert(
        self, reports: Sequence[Report], progress: Progress = lambda _done, _total: None
    ) -> None:
        """Add reports, each in the place of one with the same id; doing it twice changes nothing.

        Raises:
            IndexingError: they could not be kept.
        """

    def delete(self, reports: AbstractSet[str]) -> None:
        """Take reports out, by id; unknown ids are passed over.

        Raises:
            IndexingError: none would be left, or the change could not be made.
        """

    def dense(
        self, vector: Vectors, limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs whose windows are nearest to a question, best first.

        Args:
            vector: float32 (dimension,), L2-normalised.
            limit: how many windows are looked at; a paragraph comes once, with its best.
            reports: ids of the reports to search, all if None.
        """

    def lexical(
        self, weights: Mapping[str, float], limit: int, reports: AbstractSet[str] | None = None
    ) -> list[Scored]:
        """Find the paragraphs with the highest BM25 for weighted tokens, best first.

        Args:
            weights: the weight of each token.
            limit: how many at the most; those without any of the tokens are left out.
            reports: ids of the reports to search, all if None.
        """

    def get(self, report: str) -> Report | None:
        """Return a report by its id, with its corrections; None if there is none."""

    def count(self) -> Counts:
        """Count what the store holds at this moment, whoever wrote it."""

    def refresh(self) -> bool:
        """Look for what others have written; return whether there was anything new."""


class Index(Protocol):
    """One state of the reports, and the model that it was made with. Safe for many threads."""

    @property
    def data(self) -> Path:
        """The data folder on this machine."""

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, with the corrections of their metadata."""

    @property
    def snapshot(self) -> str:
        """The name of the state; that of a later one sorts behind."""

    @property
    def paragraphs(self) -> int:
        """How many paragraphs are searched."""

    @property
    def library(self) -> Library:
        """Which files the reports are of, and which were taken out, at this moment."""

    def undisturbed(self) -> AbstractContextManager[None]:
        """Hold back the embedding of windows for a block, while a question is answered."""

    def rarity(self, question: str) -> dict[str, float]:
        """Return the inverse document frequency of those of a question's tokens that occur."""

    def knows(self, text: str) -> bool:
        """Whether at least half of a text's words occur in the reports."""

    def understand(self, question: str) -> Query:
        """Read a question as the reports would write it: spelling put right, synonyms found."""

    def search(
        self,
        question: str | Query,
        *,
        limit: int,
        reports: AbstractSet[str] | None = None,
        exhaustive: bool = False,
    ) -> list[Hit]:
        """Find the paragraphs that fit a question best; see ``HybridIndex.search``."""

    def worded_like(
        self, text: str, *, limit: int, reports: AbstractSet[str] | None = None
    ) -> list[tuple[Report, Paragraph]]:
        """Find the paragraphs that share most words with a text, by BM25 alone, best first."""

    def refreshed(self) -> "Index":
        """Open what others have written meanwhile; this itself, if nothing.

        Raises:
            IndexingError: it cannot be opened.
        """

    def changed(
        self,
        change: Change,
        progress: Progress = lambda _done, _total: None,
        folder: Path | None = None,
    ) -> "Index":
        """Add reports or take some out, for good; see ``change_index``.

        Raises:
            IndexingError: the change could not be made; nothing has changed.
        """

    def corrected(self, report: str, changes: Changes) -> "Index":
        """Correct a report's metadata, for good; see ``correct_report``.

        Raises:
            IndexingError: the correction could not be kept; nothing has changed.
        """
