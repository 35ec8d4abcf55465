"""A collection as large as one likes, made of a small real one, to measure how search scales.

Text: a made report takes the paragraphs of real ones, in which three of ten sentences come from
elsewhere, and in each some words are replaced: numbers by other numbers of as many digits, words by
words of jieba's dictionary, drawn by their frequency in general Chinese. So the words of reports
stay as common as they are among reports, which is what makes BM25 costly, while the vocabulary goes
on growing about as that of real text does (Heaps' law). Words are not cut anew after that.

Vectors: those of the real windows first; then each is a real window's, moved towards that of one of
its 50 nearest and by noise of the covariance of all, so that mean and covariance stay as they are.
Token signs are those of the real window.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus import Paragraph, Report, Span, Text, segmenter, sentences
from index.postings import Postings
from index.segment import Part, Segment
from index.texts import Entry, digest_of
from index.tokens import normalised
from index.windows import windows_of

REPLACED = 0.15
"""Share of the words that are replaced: with it the vocabulary grows with the exponent .5 from
30,000 paragraphs on, where that of the real reports still grows with .6 at 2,000."""
ELSEWHERE = 0.3
"""Share of the sentences that come from another paragraph."""
OWN, NEIGHBOURS, NOISE = 0.6, 0.2, 0.2
"""Shares of the variance of a made vector."""
PARAGRAPHS = 60
"""Paragraphs of a made report."""

_WORD = re.compile(r"\w")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")

Words = list[str]


class Maker:
    """Makes parts of segments from the segments of a real collection."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Take apart what is real."""
        self._chance = np.random.default_rng(0)
        self._vectors = np.concatenate([segment.vectors.rows for segment in segments])
        self._signs = [
            segment.signs.of(window)
            for segment in segments
            for window in range(len(segment.windows))
        ]
        self._texts, self._windows_of = _taken_apart(segments)
        frequencies = {w: n for w, n in segmenter().FREQ.items() if n and len(w) > 1}
        self._words = list(frequencies)
        shares = np.cumsum(list(frequencies.values()), dtype=np.float64)
        self._shares = shares / shares[-1]
        self._mean = self._vectors.mean(axis=0)
        centred = self._vectors - self._mean
        covariance = np.cov(centred.T) + 1e-9 * np.eye(centred.shape[1])
        self._spread = np.linalg.cholesky(covariance).T.astype(np.float32)
        cosines = self._vectors @ self._vectors.T
        self._near = np.argpartition(-cosines, 50, axis=1)[:, :50]
        self._made = 0

    def part(self, windows: int) -> Part:
        """Make reports with at least so many windows."""
        entries, places, sources, rows = [], [], [], []
        count = 0
        while count < windows:
            report, tokens, origins = self._report()
            own = windows_of([report])
            entries.append(Entry(report, report.full_title, digest_of(report)))
            own[:, 0] = len(entries) - 1
            places.append(own)
            paragraphs = own[:, 1].tolist()
            sources += [self._window(origins[place]) for place in paragraphs]
            rows += [tokens[place] for place in dict.fromkeys(paragraphs)]
            count += len(own)
        signs = [self._signs[source] for source in sources]
        return Part(
            entries=entries,
            windows=np.concatenate(places),
            vectors=[self._moved(np.array(sources))],
            signs=signs,
            lengths=np.fromiter(map(len, signs), np.int64, len(signs)),
            postings=Postings.build(rows),
        )

    def _report(self) -> tuple[Report, list[Words], list[int]]:
        """A report, the tokens of its paragraphs, and the real ones that these are made of."""
        self._made += 1
        title = f"第{self._made}号工作报告"
        origins = self._chance.integers(len(self._texts), size=PARAGRAPHS).tolist()
        words = [self._paragraph(origin) for origin in origins]
        texts = ["".join(some) for some in words]
        source = "\n".join(texts)
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
        paragraphs = tuple(
            Paragraph(number, text, "body", (), (Span(start, start + len(text)),))
            for number, (text, start) in enumerate(zip(texts, starts, strict=False), 1)
        )
        report = Report(
            id=f"made-{self._made:06d}",
            file=f"{title}.txt",
            sha256=hashlib.sha256(source.encode()).hexdigest(),
            title=title,
            subtitle=None,
            date=None,
            publisher=None,
            authors=(),
            organisation=None,
            text=Text(source, (), paragraphs),
        )
        return report, [_tokens([title, "\n", *some]) for some in words], origins

    def _paragraph(self, origin: int) -> Words:
        words: Words = []
        for sentence in self._texts[origin]:
            if self._chance.random() < ELSEWHERE:
                other = self._texts[self._chance.integers(len(self._texts))]
                words += other[self._chance.integers(len(other))]
            else:
                words += sentence
        replaced = np.flatnonzero(self._chance.random(len(words)) < REPLACED)
        drawn = self._chance.random(len(replaced))
        others = np.searchsorted(self._shares, drawn).tolist()
        for at, share, other in zip(replaced.tolist(), drawn.tolist(), others, strict=True):
            if words[at].isdigit():
                words[at] = str(int(share * 10 ** min(len(words[at]), 15)))
            elif len(words[at]) > 1:
                words[at] = self._words[other]
        return words

    def _window(self, paragraph: int) -> int:
        """One of the real windows of a real paragraph."""
        windows = self._windows_of[paragraph]
        return windows[self._chance.integers(len(windows))]

    def _moved(self, sources: NDArray[np.int64]) -> NDArray[np.float32]:
        """Vectors made of those of real windows."""
        others = self._near[sources, self._chance.integers(50, size=len(sources))]
        noise = self._chance.standard_normal((len(sources), len(self._mean)), dtype=np.float32)
        moved = (
            self._mean
            + OWN**0.5 * (self._vectors[sources] - self._mean)
            + NEIGHBOURS**0.5 * (self._vectors[others] - self._mean)
            + NOISE**0.5 * (noise @ self._spread)
        )
        return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)


def _taken_apart(segments: Sequence[Segment]) -> tuple[list[list[Words]], list[list[int]]]:
    """The words of the sentences of each searched paragraph, and the numbers of its windows."""
    texts, windows_of_each = [], []
    for segment, (report, paragraph), windows in _paragraphs(segments):
        form = normalised(segment.entries[report].report.paragraphs[paragraph].text)
        cut = [segmenter().lcut(form[start:end]) for start, end in sentences(form)]
        if cut:
            texts.append(cut)
            windows_of_each.append(windows)
    return texts, windows_of_each


def _paragraphs(
    segments: Sequence[Segment],
) -> Iterator[tuple[Segment, tuple[int, int], list[int]]]:
    """Yield each searched paragraph: its segment, report and place, and its windows among all."""
    first = 0
    for segment in segments:
        found: dict[tuple[int, int], list[int]] = {}
        for window, (report, paragraph) in enumerate(segment.windows[:, :2].tolist(), first):
            found.setdefault((report, paragraph), []).append(window)
        for place, windows in found.items():
            yield segment, place, windows
        first += len(segment.windows)


@lru_cache(1 << 20)
def _words_within(word: str) -> tuple[str, ...]:
    return tuple(one for one in segmenter().lcut_for_search(word) if _WORD.search(one))


def _tokens(words: Words) -> Words:
    """The tokens of a text that is cut into words already; see ``index.tokens``."""
    tokens = [one for word in words for one in _words_within(word)]
    for run in _HAN_RUN.findall("".join(words)):
        tokens += [run[i : i + 2] for i in range(len(run) - 1)]
    return tokens
