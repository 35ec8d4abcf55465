"""Writing reports into a generation: from the bottom up, so that one counts when it is whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus import Correction, Report, corrected

from . import milvus_catalog as catalog
from .embeddings import CHUNK, Progress
from .encoded import Encoded, Vectors
from .encoder import Encoder
from .milvus_catalog import Content, Header
from .milvus_rows import Layout, statistics_of
from .milvus_server import Milvus
from .milvus_view import View

TOGETHER = 4 * CHUNK
"""Windows of the reports that are written at a time: bounds memory, and what a crash does again."""

Pair = tuple[Report, Correction]
"""A report as it was read, and what users have corrected of it since."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """A report to be written, laid out in rows."""

    report: Report
    correction: Correction
    layout: Layout


class Writer:
    """Writes into the generation of a view, whether it is the live one or not."""

    def __init__(self, milvus: Milvus, encoder: Encoder, view: View) -> None:
        self._milvus = milvus
        self._encoder = encoder
        self._view = view

    def write(self, pairs: Sequence[Pair], progress: Progress, first: Mapping[str, Encoded]) -> int:
        """Write reports, each in the place of the one with its id.

        Args:
            pairs: the reports.
            progress: told how many of their windows are there, and how many there will be.
            first: windows that were encoded already, by their ids.

        Returns:
            How many windows were encoded.
        """
        total = sum(len(self._laid(pair).layout.windows) for pair in pairs)
        done = encoded = 0
        for group in _groups(map(self._laid, pairs)):
            for there, new in self._write_windows(group, first):
                done, encoded = done + there, encoded + new
                progress(done, total)
            for one in group:
                self._write_report(one)
        return encoded

    def delete(self, reports: Iterable[str]) -> None:
        """Delete reports, by id: from the top down, so that none is left in part."""
        gone = sorted(reports)
        catalog.delete_headers(self._milvus, self._view.generation, gone)
        for report in gone:
            self._keep(report, None, None)

    def _laid(self, pair: Pair) -> _Laid:
        return _Laid(*pair, Layout(corrected(*pair), self._view.generation.terms.model))

    def _write_windows(
        self, group: Sequence[_Laid], first: Mapping[str, Encoded]
    ) -> Iterator[tuple[int, int]]:
        """Write the windows that are not there yet; yields how many are, how many were encoded."""
        texts = {
            key: (one.report.id, one.layout.text_of(place))
            for one in group
            for key, place in one.layout.windows.items()
        }
        missing = self._view.windows.missing(list(texts))
        yield len(texts) - len(missing), 0
        # Longest first: batches of like length waste no padding.
        order = sorted(missing, key=lambda key: len(texts[key][1]), reverse=True)
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            new = [key for key in chunk if key not in first]
            encoded = self._encoder.encode_windows([texts[key][1] for key in new])
            known = {**first, **dict(zip(new, encoded, strict=True))}
            self._view.windows.write((key, texts[key][0], known[key]) for key in chunk)
            yield len(chunk), len(chunk)

    def _write_report(self, one: _Laid) -> None:
        """Write what else there is of a report whose windows are there, and make it count."""
        generation, report = self._view.generation, one.report.id
        tokens = one.layout.tokens(self._view.frequencies.tokenizer)
        self._view.paragraphs.write(report, tokens)
        content = Content(one.report, statistics_of(tokens.values()))
        header = catalog.write_report(self._milvus, generation, content, one.correction)
        catalog.write_header(self._milvus, generation, report, header)
        self._keep(report, one.layout, header)

    def _keep(self, report: str, layout: Layout | None, header: Header | None) -> None:
        """Delete what is left of other versions of a report; all of it if it has none any more."""
        self._view.windows.keep(report, layout.windows if layout else ())
        self._view.paragraphs.keep(report, layout.paragraphs if layout else ())
        catalog.prune(self._milvus, self._view.generation, report, header)


def first_encoded(
    reports: Iterable[Report], encoder: Encoder
) -> tuple[Vectors, dict[str, Encoded]]:
    """Encode the windows of the first reports, for the mean token of a new generation.

    Returns:
        The mean, float32 (dimension,), and the windows by their ids.
    """
    texts: dict[str, str] = {}
    for report in reports:
        layout = Layout(report, encoder.identity)
        texts |= {key: layout.text_of(place) for key, place in layout.windows.items()}
        if len(texts) >= CHUNK:
            break
    longest = sorted(texts, key=lambda key: len(texts[key]), reverse=True)[:CHUNK]
    encoded = encoder.encode_windows([texts[key] for key in longest])
    tokens = [one.tokens for one in encoded if len(one.tokens)]
    mean = np.concatenate(tokens).mean(axis=0) if tokens else np.zeros(encoder.dimension)
    return mean.astype(np.float32), dict(zip(longest, encoded, strict=True))


def _groups(laid: Iterable[_Laid]) -> Iterator[list[_Laid]]:
    group: list[_Laid] = []
    size = 0
    for one in laid:
        group.append(one)
        size += len(one.layout.windows)
        if size >= TOGETHER:
            yield group
            group, size = [], 0
    if group:
        yield group
