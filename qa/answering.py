"""Answering: a question in, cited passages out."""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import zip_longest

from corpus import Report, row_of, source_spans
from index import Changes, Hit, HybridIndex, Query, correct_report

from .comparing import Part, parts
from .confidence import confidence
from .errors import BrokenQuestion, EmptyQuestion, UnknownReport
from .excerpts import excerpt
from .followups import resolve
from .highlights import answering_sentence, answering_words
from .ranking import RECONSIDERED, ranked
from .subjects import Subjects
from .types import Answer, Passage, Quote, Turn
from .understanding import Understood, understand

ANSWERABLE = 0.5
"""Confidence from which a question counts as answered: more likely right than wrong."""


class Answerer:
    """Answers questions from one open index. Immutable; safe for many threads."""

    def __init__(self, index: HybridIndex) -> None:
        self._index = index
        self._subjects = Subjects(index.reports)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports that are searched."""
        return self._index.reports

    @property
    def snapshot(self) -> str:
        """Name of the index snapshot that answers."""
        return self._index.snapshot

    def corrected(self, report: str, changes: Changes) -> "Answerer":
        """Correct a report's metadata, for good, and return an answerer that knows.

        Args:
            report: its id.
            changes: new values by field; None goes back to what was read.

        Raises:
            UnknownReport: there is no such report.
            IndexingError: the correction could not be kept; nothing has changed.
        """
        self._check_known({report})
        index = self._index
        correct_report(report, changes, data=index.data, encoder=index.encoder)
        return Answerer(HybridIndex(index.data, index.encoder))

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        top_k: int = 5,
        reports: AbstractSet[str] | None = None,
        group_by_report: bool = False,
    ) -> Answer:
        """Answer a question.

        Args:
            question: in Chinese of either script, or any language the encoder knows.
            history: earlier turns, oldest first; they complete an elliptical question.
            top_k: how many passages at the most.
            reports: ids of the reports to search, all if None.
            group_by_report: return only the best passage of each report.

        Raises:
            EmptyQuestion: the question is white space.
            BrokenQuestion: the question holds half characters (lone surrogates).
            UnknownReport: an id in ``reports`` is not indexed.
        """
        self._check(question, reports)
        index = self._index
        resolved = resolve(question.strip(), history, self._subjects, index.knows)
        query = index.understand(resolved)
        understood = understand(query.text, self._subjects)
        if group_by_report or understood.every:
            found = [self._grouped(query, understood, reports)]
        elif compared := parts(understood):
            found = [self._of_part(part, reports) for part in compared]
        else:
            found = [self._found(query, understood, reports)]
        sure = sum(one.confidence for one in found) / len(found)
        passages = tuple(
            _passage(rank, hit, one) for rank, (one, hit) in enumerate(_in_turn(found)[:top_k], 1)
        )
        answerable = bool(passages) and sure >= ANSWERABLE
        return Answer(
            question=question,
            resolved_question=resolved,
            answerable=answerable,
            confidence=sure,
            quote=_quote(passages[0]) if answerable else None,
            passages=passages,
            snapshot=self.snapshot,
            query=query,
            understood=understood,
            silent=_silent(understood),
        )

    def _check(self, question: str, reports: AbstractSet[str] | None) -> None:
        if not question.strip():
            raise EmptyQuestion("问题是空的。请输入要问的内容。")
        if any("\ud800" <= character <= "\udfff" for character in question):
            raise BrokenQuestion("问题里有无法识别的字符。请检查输入法或终端的编码（应为 UTF-8）。")
        self._check_known(reports or frozenset())

    def _check_known(self, reports: AbstractSet[str]) -> None:
        known = {report.id for report in self.reports}
        for identity in sorted(reports - known):
            raise UnknownReport(identity)

    def _found(
        self, query: Query, understood: Understood, reports: AbstractSet[str] | None
    ) -> "_Found":
        hits = self._index.search(query, limit=RECONSIDERED, reports=reports)
        return self._judged(query, understood, ranked(hits, understood))

    def _of_part(self, part: Part, reports: AbstractSet[str] | None) -> "_Found":
        """What the reports about one of several subjects say."""
        among = part.subject.reports if reports is None else part.subject.reports & reports
        query = self._index.understand(part.question)
        found = self._found(query, understand(query.text, self._subjects), among)
        return replace(found, subject=part.subject.name)

    def _grouped(
        self, query: Query, understood: Understood, reports: AbstractSet[str] | None
    ) -> "_Found":
        """The best passage of each report."""
        everything = self._index.paragraphs
        hits = self._index.search(query, limit=everything, reports=reports, exhaustive=True)
        return self._judged(query, understood, _best_of_each_report(ranked(hits, understood)))

    def _judged(self, query: Query, understood: Understood, hits: Sequence[Hit]) -> "_Found":
        rarity = self._index.rarity(understood.text)
        sure = confidence(understood, query, hits, rarity)
        return _Found(understood, tuple(hits), rarity, sure)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question, or for its part about one of several subjects.

    ``subject`` is the name of that one.
    """

    understood: Understood
    hits: tuple[Hit, ...]
    rarity: dict[str, float]
    confidence: float
    subject: str | None = None


def _silent(understood: Understood) -> tuple[str, ...]:
    """The subjects that a question names and no report is about."""
    names = (mention.subject for mention in understood.mentions)
    return tuple(dict.fromkeys(subject.name for subject in names if not subject.reports))


def _in_turn(found: Sequence[_Found]) -> list[tuple[_Found, Hit]]:
    """The hits of all parts: the best of each, then the second of each, and so on."""
    rows = zip_longest(*([(one, hit) for hit in one.hits] for one in found))
    return [pair for row in rows for pair in row if pair is not None]


def _best_of_each_report(hits: Sequence[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.report.id, hit)
    return list(best.values())


def _passage(rank: int, hit: Hit, found: _Found) -> Passage:
    paragraph = hit.paragraph
    (start, end), highlight = _shown(hit, found)
    text, sentence = paragraph.text[start:end], highlight[0]
    words = answering_words(found.understood.asked, text[slice(*highlight)], found.rarity)
    row = row_of(paragraph.text)[1] if paragraph.kind == "table" else 0
    return Passage(
        rank=rank,
        score=round(1 / (1 + math.exp(-hit.score / 2)), 4),
        text=text,
        kind=paragraph.kind,
        range=(start, end),
        highlights=(highlight,),
        report=hit.report,
        section=paragraph.section,
        paragraph=paragraph.ordinal,
        source=source_spans(hit.report.source, paragraph, max(start, row), end),
        words=tuple((sentence + first, sentence + last) for first, last in words),
        subject=found.subject,
    )


def _shown(hit: Hit, found: _Found) -> tuple[tuple[int, int], tuple[int, int]]:
    """The range of a paragraph's text to show, and the range of that which answers.

    A table's row is shown whole, because its cells say nothing without their head; it answers as
    a sentence does.
    """
    text = hit.paragraph.text
    if hit.paragraph.kind == "table":
        return (0, len(text)), (row_of(text)[1], len(text))
    start, end = excerpt(text, hit.window)
    sentence = answering_sentence(
        found.understood.asked,
        text[start:end],
        (hit.window[0] - start, hit.window[1] - start),
        headings=hit.paragraph.section,
        rarity=found.rarity,
    )
    return (start, end), sentence


def _quote(passage: Passage) -> Quote:
    start, end = passage.highlights[0]
    return Quote(text=passage.text[start:end], passage=passage.rank)
