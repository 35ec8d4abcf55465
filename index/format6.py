"""Snapshots of format 6, which were one folder each, taken for a segment to be searched.

Their files of windows and token signs are those of a segment. The vectors stand in a file of
FAISS's own, and the lexical side had the statistics of the whole snapshot in it: both are built
anew in memory whenever one is opened, a few seconds for ten thousand passages, until something is
indexed, which makes segments of it.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from corpus import read_reports

from .corrections import FILE, correct_all, read_corrections
from .manifests import sum_of_manifest
from .postings import Postings
from .segment import Segment
from .texts import REPORTS, Entry
from .user_words import FILE as WORDS
from .user_words import read_words, tokenizer_with
from .vectors import SegmentVectors
from .windows import searched_texts


class Format6(Segment):
    """An open snapshot of format 6. No snapshot of a later one can name it."""

    def __init__(self, folder: Path) -> None:
        """Open a snapshot whose files have been checked."""
        super().__init__(folder, sum_of_manifest(folder) or "")

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """The reports, in memory."""
        return [Entry(one, one.full_title, "") for one in read_reports(self.folder / REPORTS)]

    @cached_property
    def vectors(self) -> SegmentVectors:
        """The vectors of the windows; codes of many are made now."""
        return SegmentVectors.load_flat(self.folder / "vectors.faiss")

    @cached_property
    def postings(self) -> Postings:
        """The postings of the rows, built now."""
        reports = tuple(entry.report for entry in self.entries)
        corrected = correct_all(reports, read_corrections(self.folder / FILE))
        tokenizer = tokenizer_with(read_words(self.folder / WORDS))
        return Postings.build(map(tokenizer.tokens, searched_texts(corrected, self.windows)))
