"""A segment: some reports with all that search needs of them, in a folder that never changes.

    data/segments/000001/
        manifest.json      format, model, counts, SHA-256 of every other file
        reports.jsonl …    the reports as they were read, see ``texts.py``
        windows.npy        int32 (windows, 4): place of the report in the segment, place of the
                           paragraph in the report, start, end
        vectors/           those of the windows, in order, and codes of many, see ``vectors.py``
        tokens/            signs of the windows' token vectors, see ``late.py``
        lexical/           postings of the searched paragraphs, in window order

Which of its reports are searched, only a snapshot says. A row is a searched paragraph.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .encoded import Vectors
from .files import mapped
from .late import MEAN, Signs, TokenSigns, read_mean, write_signs
from .manifests import next_number, numbered, read_manifest, write_folder
from .postings import Postings
from .snapshot import SEGMENTS, is_sound, model_of, snapshots_of
from .texts import Entry, read_entries, write_entries
from .vectors import SegmentVectors

WINDOWS = "windows.npy"
VECTORS = "vectors"
TOKENS = "tokens"
LEXICAL = "lexical"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Reports that are to stand in a segment, with all that search needs of them.

    Attributes:
        entries: the reports.
        windows: int32 (windows, 4), as in a segment, of these reports alone.
        vectors: float32 (n, dimension) each, together those of all windows.
        signs: token signs, one after another those of all windows.
        lengths: int64 (windows,), the tokens of each window.
        postings: of the rows of these windows.
    """

    entries: Sequence[Entry]
    windows: NDArray[np.int32]
    vectors: Sequence[Vectors]
    signs: Sequence[Signs]
    lengths: NDArray[np.int64]
    postings: Postings


class Segment:
    """An open segment; each of its files is read when it is first needed.

    Attributes:
        folder: where it is.
        sum: SHA-256 of its manifest, which tells it from all others.
    """

    def __init__(self, folder: Path, checksum: str) -> None:
        """Open a segment whose files have been checked, as far as they will be read."""
        self.folder = folder
        self.sum = checksum
        self.manifest = read_manifest(folder)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """The reports; their texts are read when they are asked for."""
        return read_entries(self.folder)

    @cached_property
    def windows(self) -> NDArray[np.int32]:
        """The windows, int32 (windows, 4)."""
        return mapped(self.folder / WINDOWS)

    @cached_property
    def vectors(self) -> SegmentVectors:
        """The vectors of the windows."""
        return SegmentVectors.load(self.folder / VECTORS)

    @cached_property
    def signs(self) -> TokenSigns:
        """The token signs of the windows."""
        return TokenSigns.load(self.folder / TOKENS)

    @cached_property
    def mean(self) -> Vectors:
        """The mean token that the signs are about, float32 (dimension,)."""
        return read_mean(self.folder / TOKENS)

    @cached_property
    def postings(self) -> Postings:
        """The postings of the rows."""
        return Postings.load(self.folder / LEXICAL)

    @cached_property
    def first_windows(self) -> NDArray[np.int64]:
        """The first window of each row, int64 (rows,)."""
        return first_windows(self.windows)

    def part(self, kept: NDArray[np.bool_]) -> Part:
        """Those of its reports that are kept, bool (reports,), for another segment."""
        chosen = kept[self.windows[:, 0]]
        windows = self.windows[chosen]
        windows[:, 0] = (np.cumsum(kept) - 1)[windows[:, 0]]
        starts, rows = self.signs.starts, chosen[self.first_windows]
        ranges = list(_runs(chosen))
        return Part(
            entries=[entry for entry, is_kept in zip(self.entries, kept, strict=True) if is_kept],
            windows=windows,
            vectors=[self.vectors.rows[a:b] for a, b in ranges],
            signs=[self.signs.signs[starts[a] : starts[b]] for a, b in ranges],
            lengths=np.diff(starts)[chosen],
            postings=self.postings if rows.all() else self.postings.only(rows),
        )


def write_segment(
    data: Path, parts: Sequence[Part], *, mean: Vectors, model: str, words: str
) -> Segment:
    """Write a new segment of some parts, one after another.

    Args:
        data: the data folder.
        parts: at least one, none without reports.
        mean: the mean token that the signs of all of them are about, float32 (dimension,).
        model: identity of the encoder.
        words: SHA-256 of the user's words that all postings were built with.
    """
    windows = _renumbered(parts)
    counts = {
        "reports": sum(len(part.entries) for part in parts),
        "paragraphs": len(first_windows(windows)),
        "windows": len(windows),
    }

    def fill(folder: Path) -> None:
        write_entries(folder, (entry for part in parts for entry in part.entries))
        np.save(folder / WINDOWS, windows, allow_pickle=False)
        none = np.empty((0, len(mean)), np.float32)
        vectors = np.concatenate([none, *(block for part in parts for block in part.vectors)])
        SegmentVectors.build(vectors).save(folder / VECTORS)
        signs = [block for part in parts for block in part.signs]
        lengths = np.concatenate([part.lengths for part in parts])
        write_signs(folder / TOKENS, signs, lengths, mean)
        Postings.merge([part.postings for part in parts]).save(folder / LEXICAL)

    folder = data / SEGMENTS / next_number(data / SEGMENTS)
    fields = {"model": model, "counts": counts, "words": words}
    return Segment(folder, write_folder(folder, fill, lambda: fields))


def mean_token(data: Path, model: str) -> Vectors | None:
    """The mean token of the newest segment that a model made, float32 (dimension,), if any."""
    name = f"{TOKENS}/{MEAN}"
    for folder in (*numbered(data / SEGMENTS), *snapshots_of(data)):
        if model_of(folder) == model and is_sound(folder, name):
            return read_mean(folder / TOKENS)
    return None


def first_windows(windows: NDArray[np.int32]) -> NDArray[np.int64]:
    """The first window of each row, of windows in order: int64 (rows,)."""
    begins = np.any(np.diff(windows[:, :2], axis=0, prepend=-1), axis=1)
    return np.flatnonzero(begins)


def _renumbered(parts: Sequence[Part]) -> NDArray[np.int32]:
    """The windows of parts that stand one after another."""
    first, all_windows = 0, []
    for part in parts:
        all_windows.append(part.windows + np.array([first, 0, 0, 0], np.int32))
        first += len(part.entries)
    return np.concatenate(all_windows)


def _runs(chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the ranges that are chosen."""
    edges = np.flatnonzero(np.diff(chosen.astype(np.int8), prepend=0, append=0))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
