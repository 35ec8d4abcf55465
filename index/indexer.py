"""The indexer: from reports, and from the segments that there are, to the segments of a snapshot.

What of the segments is wanted again stays where it is. The rest is embedded part by part, so that
memory is bounded whatever there is to index, and each part is written before the next is begun.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Report, corrected

from . import snapshot
from .contents import Contents, read_contents
from .corrections import FILE, Corrections, corrections_json
from .embeddings import CACHE, Progress, embed
from .encoded import Vectors
from .encoder import Encoder
from .errors import SnapshotError
from .late import Signs
from .manifests import FORMAT, check_files, read_manifest, remove_folder
from .merging import Size, merged
from .postings import Postings
from .segment import Part, Segment, mean_token, write_segment
from .texts import Entry, digest_of, is_as_read
from .types import Window
from .user_words import FILE as WORDS
from .user_words import read_words, tokenizer_with, words_text
from .windows import searched_texts, window_text, windows_of

PART = 1 << 14
"""Windows that are embedded, in memory, before they are written: about 150 MB."""

_Key = tuple[str, str, str]
"""What tells reports that need not be indexed again: id, digest, and the title they have."""


@dataclass(frozen=True, slots=True)
class Built:
    """What indexing did. ``embedded`` counts the windows that were not known before."""

    snapshot: str
    reports: int
    paragraphs: int
    windows: int
    embedded: int
    changed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """What there is to build on.

    Attributes:
        live: the live snapshot; None if there is none, or it is not sound.
        segments: those of it that may be used.
        checked: whether all their files have been checked, or only those that are read first.
    """

    live: Contents | None
    segments: Sequence[Segment]
    checked: bool

    @classmethod
    def sound(cls, data: Path) -> "Base":
        """Whatever is sound of the live snapshot: every file of it is checked."""
        try:
            folder = snapshot.current(data)
            manifest = read_manifest(folder)
            check_files(folder, manifest)
        except SnapshotError:
            return cls(None, (), checked=True)
        segments = []
        for path, checksum in snapshot.segments_of(folder, manifest).items():
            try:
                snapshot.check_segment(path, checksum)
            except SnapshotError:
                continue
            segments.append(Segment(path, checksum))
        whole = len(segments) == len(manifest.segments)
        return cls(read_contents(folder) if whole else None, segments, checked=True)

    @classmethod
    def of(cls, contents: Contents) -> "Base":
        """The live snapshot, of which no more is checked than is read."""
        return cls(contents, contents.segments, checked=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A report to be embedded: as it was read, with its corrections, and its windows."""

    entry: Entry
    report: Report
    windows: NDArray[np.int32]


class Indexer:
    """Takes reports, in the order that they shall have, and makes a snapshot of them."""

    def __init__(
        self,
        base: Base,
        *,
        data: Path,
        encoder: Encoder,
        corrections: Corrections,
        progress: Progress,
    ) -> None:
        """Begin; the caller holds the writer's lock.

        Args:
            base: what there is.
            data: the data folder.
            encoder: the model that embeds.
            corrections: those of all reports.
            progress: told how many windows are embedded, and how many are to be, as far as known.

        Raises:
            UserFileError: a line of the user's ``words.txt`` means nothing.
        """
        user_words = read_words(data / WORDS)
        self._words = words_text(user_words).encode()
        self._words_sum = hashlib.sha256(self._words).hexdigest()
        self._tokenizer = tokenizer_with(user_words)
        self._base, self._data, self._encoder = base, data, encoder
        self._corrections, self._progress = corrections, progress
        self._mean = mean_token(data, encoder.identity)
        self._kept = {
            segment: np.zeros(len(segment.entries), np.bool_)
            for segment in base.segments
            if segment.manifest.model == encoder.identity
            and segment.manifest.words == self._words_sum
        }
        self._old = frozenset(self._kept)
        self._known = {
            _key(entry): (segment, place)
            for segment in self._kept
            for place, entry in enumerate(segment.entries)
        }
        self._keys: list[_Key] = []
        self._waiting: list[_Waiting] = []
        self._embedded = 0

    def add(self, report: Report) -> None:
        """Take a report, as it was read.

        Raises:
            SnapshotError: it is to be indexed anew from a segment, and its text there is damaged.
        """
        as_corrected = corrected(report, self._corrections.get(report.id, {}))
        entry = Entry(report, as_corrected.full_title, digest_of(report))
        self._keys.append(_key(entry))
        if known := self._known.get(self._keys[-1]):
            segment, place = known
            self._kept[segment][place] = True
            return
        if not is_as_read(report):
            raise SnapshotError(
                f"索引里 {report.file} 的文字已损坏。"
                f"请运行 youju doctor --repair --data {self._data}"
            )
        self._waiting.append(_Waiting(entry, as_corrected, windows_of([as_corrected])))
        if self._windows_waiting() >= PART:
            self._write(set(self._kept) - self._old)

    def finish(self) -> None:
        """Say that all reports are there; afterwards all of them stand in segments on disk."""
        for segment in [segment for segment, kept in self._kept.items() if not kept.any()]:
            del self._kept[segment]
        self._write(set(self._kept))

    def snapshot(self) -> Built:
        """Write the snapshot, and make it the live one, unless that is the same.

        Raises:
            SnapshotError: nothing in the reports can be searched.
        """
        rows = [(kept, one.windows, one.first_windows) for one, kept in self._kept.items()]
        counts = {
            "reports": len(self._keys),
            "paragraphs": sum(int(kept[w[first, 0]].sum()) for kept, w, first in rows),
            "windows": sum(int(kept[w[:, 0]].sum()) for kept, w, _ in rows),
        }
        if not counts["windows"]:
            raise SnapshotError("这些报告里没有可以检索的正文，没有建立索引。请检查报告文件夹。")
        known = {report for report, _, _ in self._keys}
        corrections = {key: one for key, one in self._corrections.items() if key in known}
        segments = {segment.folder.name: segment.sum for segment in self._kept}
        order = self._order()
        live = self._base.live
        if live is not None and self._is(live, segments, order, corrections):
            self._progress(0, 0)
            return Built(live.folder.name, **counts, embedded=0, changed=False)

        def fill(folder: Path) -> None:
            np.save(folder / snapshot.ORDER, order, allow_pickle=False)
            (folder / FILE).write_text(corrections_json(corrections), "utf-8")
            (folder / WORDS).write_bytes(self._words)

        folder = snapshot.write(
            self._data,
            model=self._encoder.identity,
            counts=counts,
            segments=segments,
            fill=fill,
        )
        return Built(folder.name, **counts, embedded=self._embedded, changed=True)

    def _is(
        self,
        live: Contents,
        segments: dict[str, str],
        order: NDArray[np.int32],
        corrections: Corrections,
    ) -> bool:
        """Whether a snapshot is what would be written."""
        return (
            live.manifest.format == FORMAT
            and live.manifest.model == self._encoder.identity
            and list(live.manifest.segments.items()) == list(segments.items())
            and np.array_equal(live.order, order)
            and live.corrections == corrections
        )

    def _order(self) -> NDArray[np.int32]:
        """Segment and place in it, of each report: int32 (reports, 2)."""
        places = {
            _key(entry): (number, place)
            for number, (segment, kept) in enumerate(self._kept.items())
            for place, entry in enumerate(segment.entries)
            if kept[place]
        }
        order = [places[key] for key in self._keys]
        return np.array(order, dtype=np.int32).reshape(-1, 2)

    def _write(self, candidates: Iterable[Segment]) -> None:
        """Write what waits into a new segment, with those of some that are to be merged."""
        some = [segment for segment in self._kept if segment in candidates]
        sizes = [_size(segment, self._kept[segment]) for segment in some]
        merging = [some[number] for number in merged(sizes, self._windows_waiting())]
        if not merging and not self._waiting:
            return
        parts = []
        for segment in merging:
            if not self._base.checked and segment in self._old:
                snapshot.check_segment(segment.folder, segment.sum)
            parts.append(segment.part(self._kept[segment]))
        if self._waiting:
            parts.append(self._embed())
        written = write_segment(
            self._data,
            parts,
            mean=self._mean if self._mean is not None else self._no_mean(),
            model=self._encoder.identity,
            words=self._words_sum,
        )
        for segment in merging:
            del self._kept[segment]
            if segment not in self._old:  # no snapshot has ever named it
                remove_folder(segment.folder)
        self._kept[written] = np.ones(len(written.entries), np.bool_)

    def _embed(self) -> Part:
        """Make a part of what waits."""
        entries = [one.entry for one in self._waiting]
        reports = [one.report for one in self._waiting]
        windows = np.concatenate([one.windows for one in self._waiting])
        windows[:, 0] = np.repeat(np.arange(len(reports)), [len(w.windows) for w in self._waiting])
        self._waiting = []
        vectors, signs = self._embedded_of(reports, windows) if len(windows) else ([], [])
        rows = map(self._tokenizer.tokens, searched_texts(reports, windows))
        return Part(
            entries=entries,
            windows=windows,
            vectors=vectors,
            signs=signs,
            lengths=np.fromiter(map(len, signs), np.int64, len(signs)),
            postings=Postings.build(rows),
        )

    def _embedded_of(
        self, reports: Sequence[Report], windows: NDArray[np.int32]
    ) -> tuple[Sequence[Vectors], Sequence[Signs]]:
        places = (Window(*place) for place in windows.tolist())
        texts = [window_text(reports[place.report], place) for place in places]
        before = self._embedded

        def progress(done: int, total: int) -> None:
            self._embedded = before + done
            self._progress(before + done, before + total)

        embedded = embed(texts, self._encoder, self._data / CACHE, progress, self._mean)
        self._mean = embedded.mean
        return [embedded.vectors], embedded.signs

    def _no_mean(self) -> Vectors:
        """What stands for the mean token where there is no token at all."""
        return np.zeros(self._encoder.dimension, np.float32)

    def _windows_waiting(self) -> int:
        return sum(len(one.windows) for one in self._waiting)


def _key(entry: Entry) -> _Key:
    return entry.report.id, entry.digest, entry.title


def _size(segment: Segment, kept: NDArray[np.bool_]) -> Size:
    searched = int(kept[segment.windows[:, 0]].sum())
    return Size(searched, len(segment.windows) - searched)
