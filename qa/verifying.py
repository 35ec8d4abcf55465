"""Quotations checked against the reports: verbatim, changed, or not there.

Verbatim is what stands in a report when both are folded (see ``folding.py``): in any report if they
are few, else in one of those that share most words with the quotation. Otherwise the
paragraphs that share most words with the quotation are looked at, and the stretch of them that is
nearest to it is found. Whether that counts as the same sentence, changed, is decided by how much of
the quotation it bears out; the limits are measured by ``benchmarks/verifying.py``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

from rapidfuzz.distance import Levenshtein

from corpus import Report
from index import Index

from .alignment import nearest, pairs_of, roughly
from .differences import Piece, difference, figures_differ
from .errors import BrokenQuestion, EmptyQuestion
from .folding import Fold, fold, folds_between
from .types import Citable
from .wordings import Wording

Status = Literal["verbatim", "changed", "missing"]

LEAST_ALIKE = 0.6
"""Share of a quotation that a report must bear out for it to be a sentence of the report, changed:
1 − Levenshtein distance / length. See ``benchmarks/verifying.py``."""

SHORT = 16
LEAST_ALIKE_SHORT = 0.7
"""The same for quotations of fewer characters, which are more easily alike by chance."""

MOST_PLACES = 10
"""Places named where a quotation stands verbatim more than once."""

_KEPT = 200
"""Reports whose folded wordings are kept, some 300 kB each. Of more reports not all are looked
through: folding a million paragraphs takes minutes."""

_SHARING = 300
"""Paragraphs that share most words with a quotation, in whose reports it is looked for then."""

_CANDIDATES = 30
"""Paragraphs by words in common; the right one is the first in 98 of 100 cases."""

_ALIGNED = 3
"""Of those, how many are compared sign by sign."""

_ROUGHLY = 0.25
"""Share of the pairs of characters that a quotation and a paragraph have in common if they are
compared so."""

_AROUND = 64
"""Characters before and after a paragraph where a quotation may begin or end as well."""

_MARGIN = 400
"""Characters on either side of where a quotation seems to stand that are compared, at the most."""

_MOST_PARTS = 20
"""Parts between ellipses; text with more of them is no quotation with omissions."""

_OMISSION = re.compile(r"\s*(?:[\[［【（(]\s*)?(?:…+|⋯+|\.{3,}|。{3,})(?:\s*[\]］】）)])?\s*")
_FAR = 3000
"""Characters between parts of one quotation, from which they are not of the same passage."""

_LEAST_PART = 2
"""Characters of a part that can be looked for."""

_ENDS = "，。；：、！？,.;:!?"
"""Signs with which a writer may end a quotation where the report goes on."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A place where a quotation, or a part of it between ellipses, stands.

    ``similarity`` is 1 where it is verbatim. ``folded`` names what differs without changing a word.
    """

    passage: Citable
    similarity: float
    folded: tuple[Fold, ...]
    difference: tuple[Piece, ...]
    figures_differ: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a quotation; the best place is the first, of parts each in its turn."""

    status: Status
    places: tuple[Checked, ...]

    @property
    def figures_differ(self) -> bool:
        """Whether a figure of the quotation is not the one of the place it was taken from."""
        return any(place.figures_differ for place in self.places)


@dataclass(frozen=True, slots=True)
class Context:
    """What a locator says beside the quotation: what stands around it, and where it stood.

    ``position`` is a character offset into the report's source.
    """

    prefix: str = ""
    suffix: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    """A range of a wording, and its Levenshtein distance to ``quote``."""

    wording: Wording
    start: int
    end: int
    quote: str
    folded: str
    distance: int

    @property
    def similarity(self) -> float:
        return max(0.0, 1 - self.distance / len(self.folded))


class Verifier:
    """Checks quotations against the reports of one open index. Safe for many threads."""

    def __init__(self, index: Index, kept: int = _KEPT) -> None:
        """Check against ``index``; ``kept`` are the reports of which all are looked through."""
        self._index = index
        self._reports = {report.id: report for report in index.reports}
        self._kept = kept
        # Not a method: it would hold on to this, and so to the index.
        self._wording = lru_cache(kept)(partial(_wording, self._reports))

    def verify(
        self,
        quote: str,
        *,
        reports: AbstractSet[str] | None = None,
        context: Context | None = None,
    ) -> Verification:
        """Check a quotation.

        Args:
            quote: as it is quoted, without quotation marks around it; ellipses part it.
            reports: ids of the reports to search, all if None.
            context: chooses among several places where it stands verbatim.

        Raises:
            EmptyQuestion: there is no letter, digit or Han character in it.
            BrokenQuestion: it holds half characters (lone surrogates).
        """
        _check(quote)
        wordings = list(self._wordings(quote, reports))
        matches = self._verbatim(quote, wordings, context)
        if matches:
            return _verification("verbatim", [[match] for match in matches[:MOST_PLACES]])
        parts = [part for part in _OMISSION.split(quote) if len(fold(part).text) >= _LEAST_PART]
        if 1 < len(parts) <= _MOST_PARTS:
            return self._in_parts(parts, wordings, reports)
        near = self._near(parts[0] if len(parts) == 1 else quote, reports)
        alike = [match for match in near if _is_alike(match.folded, match.similarity)]
        return _verification("changed" if alike else "missing", [[m] for m in alike])

    def _wordings(self, quote: str, reports: AbstractSet[str] | None) -> Iterator[Wording]:
        """The wordings in which a quotation is looked for."""
        searched = self._reports.keys() if reports is None else reports & self._reports.keys()
        if len(searched) > self._kept:
            likely = self._index.worded_like(quote, limit=_SHARING, reports=reports)
            searched = {report.id for report, _ in likely}
        return map(self._wording, [key for key in self._reports if key in searched])

    def _verbatim(
        self, quote: str, wordings: Sequence[Wording], context: Context | None
    ) -> list[_Match]:
        """The places where a quotation stands; its last sign may be the writer's own."""
        for form in dict.fromkeys((quote, quote.rstrip(_ENDS))):
            folded = fold(form).text
            matches = [
                _Match(wording, start, end, form, folded, 0)
                for wording in wordings
                for start, end in wording.occurrences(folded)
            ]
            if matches:
                return sorted(matches, key=lambda m: -_fits(m, context)) if context else matches
        return []

    def _in_parts(
        self, parts: Sequence[str], wordings: Sequence[Wording], reports: AbstractSet[str] | None
    ) -> Verification:
        """Check a quotation with ellipses: its parts stand in one report, in order and near."""
        for wording in wordings:
            if exact := _in_order(parts, wording):
                return _verification("verbatim", [exact])
        by_report: dict[str, list[_Match | None]] = {}
        for number, part in enumerate(parts):
            folded = fold(part).text
            exact = [
                _Match(wording, start, end, part, folded, 0)
                for wording in wordings
                for start, end in wording.occurrences(folded)
            ]
            for match in (*exact, *self._near(part, reports)):
                places = by_report.setdefault(match.wording.report.id, [None] * len(parts))
                best = places[number]
                if best is None or match.distance < best.distance:
                    places[number] = match
        whole = sum(len(fold(part).text) for part in parts)
        chosen = max(by_report.values(), key=_borne_out, default=[])
        if not chosen or not _is_alike("x" * whole, _borne_out(chosen) / whole):
            return Verification("missing", ())
        alike = [m for m in chosen if m and _is_alike(m.folded, m.similarity)]
        return _verification("changed", [alike])

    def _near(self, quote: str, reports: AbstractSet[str] | None) -> list[_Match]:
        """The stretches of the reports that are nearest to a quotation, nearest first."""
        folded = fold(quote).text
        matches: dict[tuple[str, int, int], _Match] = {}
        for wording, place in self._likely(quote, folded, reports):
            match = _aligned(quote, folded, wording, place)
            matches.setdefault((wording.report.id, match.start, match.end), match)
        ranked = sorted(matches.values(), key=lambda match: match.distance)
        return [match for match in ranked if match.distance == ranked[0].distance]

    def _likely(
        self, quote: str, folded: str, reports: AbstractSet[str] | None
    ) -> list[tuple[Wording, int]]:
        """Where a quotation most likely begins: wordings and places, most likely first."""
        pairs = pairs_of(folded)
        rough = []
        for report, paragraph in self._index.worded_like(quote, limit=_CANDIDATES, reports=reports):
            wording = self._wording(report.id)
            start, end = wording.around(paragraph, min(len(folded), _AROUND))
            held, place = roughly(pairs, wording.text[start:end])
            if held >= _ROUGHLY * min(len(pairs), end - start) and held:
                rough.append((held, wording, max(0, start + place)))
        chosen: list[tuple[Wording, int]] = []
        for _, wording, place in sorted(rough, key=lambda one: -one[0]):
            known = any(wording is one and abs(place - at) < _AROUND for one, at in chosen)
            if not known and len(chosen) < _ALIGNED:
                chosen.append((wording, place))
        return chosen


def _wording(reports: Mapping[str, Report], key: str) -> Wording:
    return Wording(reports[key])


def _check(quote: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in quote):
        raise BrokenQuestion("引文里有无法识别的字符。请检查文件或终端的编码（应为 UTF-8）。")
    if not any(map(str.isalnum, quote)):
        raise EmptyQuestion("引文是空的。请给出要核对的文字。")


def _is_alike(folded: str, similarity: float) -> bool:
    least = LEAST_ALIKE_SHORT if len(folded) < SHORT else LEAST_ALIKE
    return similarity >= least


def _borne_out(matches: Iterable[_Match | None]) -> float:
    """How many characters of a quotation's parts their places bear out."""
    return sum(max(0, len(match.folded) - match.distance) for match in matches if match)


def _in_order(parts: Sequence[str], wording: Wording) -> list[_Match]:
    """The places of all parts, one after the other and not far apart; none if one is not there."""
    folded = [fold(part).text for part in parts]
    for start, end in wording.occurrences(folded[0]):
        found = [_Match(wording, start, end, parts[0], folded[0], 0)]
        for part, text in zip(parts[1:], folded[1:], strict=True):
            before = found[-1].end
            following = next(wording.occurrences(text, before), None)
            if following is None or following[0] - before > _FAR:
                break
            found.append(_Match(wording, *following, part, text, 0))
        if len(found) == len(parts):
            return found
    return []


def _aligned(quote: str, folded: str, wording: Wording, place: int) -> _Match:
    """The nearest stretch around a place where the likeness is."""
    margin = min(len(folded), _MARGIN) + 16
    begin = max(0, place - margin)
    start, end = nearest(folded, wording.text[begin : place + len(folded) + margin])
    start, end = wording.whole_numbers(begin + start, begin + end)
    distance = Levenshtein.distance(folded, wording.text[start:end])
    return _Match(wording, start, end, quote, folded, distance)


def _fits(match: _Match, context: Context) -> float:
    """How well a place fits what a locator says about it: what stands around counts most."""
    text = match.wording.text
    prefix, suffix = fold(context.prefix).text, fold(context.suffix).text
    before = _shared(text[: match.start][::-1], prefix[::-1])
    after = _shared(text[match.end :], suffix)
    if context.position is None:
        return before + after
    source = match.wording.citable(match.start, match.end, rank=1, score=1).source
    away = abs(source[0].start - context.position) if source else len(match.wording.report.source)
    return before + after + 1 / (1 + away)


def _shared(text: str, beginning: str) -> int:
    """How many characters two texts share at their beginnings."""
    pairs = enumerate(zip(text, beginning, strict=False))
    shortest = min(len(text), len(beginning))
    return next((number for number, (one, other) in pairs if one != other), shortest)


def _verification(status: Status, found: Sequence[Sequence[_Match]]) -> Verification:
    matches = [match for parts in found for match in parts]
    places = [_checked(rank, match) for rank, match in enumerate(matches, 1)]
    return Verification(status, tuple(places))


def _checked(rank: int, match: _Match) -> Checked:
    said = match.wording.words(match.start, match.end)
    pieces = difference(match.quote, said)
    return Checked(
        passage=match.wording.citable(
            match.start, match.end, rank=rank, score=round(match.similarity, 4)
        ),
        similarity=round(match.similarity, 4),
        folded=folds_between(match.quote, said) if match.distance == 0 else (),
        difference=pieces,
        figures_differ=figures_differ(pieces),
    )
