"""Answering: a question in, cited passages out."""

import math
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from statistics import mean

from corpus import Kind, Report, row_of, source_spans
from index import Changes, Hit, HybridIndex, Query, correct_report, normalised

from .comparing import Part, parts
from .confidence import confidence
from .coverage import Word, content_words
from .duplicates import said_again
from .errors import BrokenQuestion, EmptyQuestion, UnknownReport
from .excerpts import excerpt
from .figures import Figure
from .followups import begins, resolve
from .highlights import answering_figures, answering_sentence, stated_figure
from .lacks import Lack, lacks
from .ranking import FOUND, OF_REPORT, ranked, with_figures_first
from .regions import spelt_out
from .subjects import Subjects
from .table_figures import row_figures
from .types import Answer, Compared, Passage, Place, Quote, Turn, Why
from .understanding import Understood, understand

ANSWERABLE = 0.5
"""Confidence from which a question counts as answered: more likely right than wrong."""

_SET_APART = re.compile(r"(?:[\u4e00-\u9fff]\s){3,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")

USUAL = 5
"""Passages of an answer, if no other number is asked for."""
MOST = 50
"""Passages of an answer about many reports, and the most that may be asked for."""


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
        top_k: int | None = None,
        reports: AbstractSet[str] | None = None,
        group_by_report: bool = False,
    ) -> Answer:
        """Answer a question.

        Args:
            question: in Chinese of either script, or any language the encoder knows.
            history: earlier turns, oldest first; they complete an elliptical question.
            top_k: how many passages at the most; if None, ``USUAL``, or one of each report that the
                question asks for, ``MOST`` of them.
            reports: ids of the reports to search, all if None.
            group_by_report: return only the best passage of each report.

        Raises:
            EmptyQuestion: the question is white space.
            BrokenQuestion: the question holds half characters (lone surrogates).
            UnknownReport: an id in ``reports`` is not indexed.
        """
        self._check(question, reports)
        asked = spelt_out(_closed_up(question.strip()))
        resolved = resolve(asked, history, self._subjects, self._index.knows)
        query = self._index.understand(resolved)
        now = begins(asked, query.text)
        understood = understand(query.text, self._subjects, now=now)
        if group_by_report or understood.every is not None:
            every = understood.every
            among = reports if every is None else every & (reports or every)
            found = self._of_each_report(query, understood, among)
            sure = max((one.confidence for one in found), default=0.0)
        else:
            compared = parts(understood)
            found = [self._of_part(part, compared[0], reports) for part in compared]
            found = found or [self._found(query, understood, reports)]
            # One without a report is named as silent, and hides nothing of the others.
            sure = mean([one.confidence for one in found if one.hits] or [0.0])
        passages = _passages(found, top_k or min(MOST, max(USUAL, len(found))))
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
            silent=self._silent(understood, found if answerable else ()),
            lacks=_lacks(found),
            comparison=_comparison(found, passages),
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
        hits = self._index.search(query, limit=FOUND, reports=reports)
        words = content_words(understood, query, self._index.rarity(understood.text))
        return _judged(understood, words, ranked(hits, understood, words))

    def _of_part(self, part: Part, first: Part, reports: AbstractSet[str] | None) -> "_Found":
        """What the reports say about one of several; a year's clause goes on with the first's."""
        among = part.reports if reports is None else reports & (part.reports or reports)
        before = [Turn(first.question, "")] if part.reports is None and part != first else []
        question = resolve(part.question, before, self._subjects, self._index.knows)
        query = self._index.understand(question)
        now = begins(part.question, query.text)
        found = self._found(query, understand(query.text, self._subjects, now=now), among)
        return replace(found, subject=part.name)

    def _of_each_report(
        self, query: Query, understood: Understood, reports: AbstractSet[str] | None
    ) -> list["_Found"]:
        """The best passage of each report, those that answer first."""
        everything = self._index.paragraphs
        hits = self._index.search(query, limit=everything, reports=reports, exhaustive=True)
        words = content_words(understood, query, self._index.rarity(understood.text))
        by_report: dict[str, list[Hit]] = {}
        for hit in hits:
            by_report.setdefault(hit.report.id, []).append(hit)
        best = [ranked(some[:OF_REPORT], understood, words) for some in by_report.values()]
        found = []
        for of_report in sorted(best, key=lambda some: -some[0].score)[:MOST]:
            judged = _judged(understood, words, with_figures_first(of_report, understood))
            subject = self._called(judged.hits[0].report)
            found.append(replace(judged, hits=judged.hits[:1], subject=subject))
        return sorted(found, key=lambda one: one.confidence < ANSWERABLE)

    def _called(self, report: Report) -> str:
        """What a report is called beside others: by whom it is about, if no other is."""
        alike = [one for one in self.reports if one.organisation == report.organisation]
        return report.organisation if report.organisation and len(alike) == 1 else report.title

    def _silent(self, understood: Understood, found: Sequence["_Found"]) -> tuple[str, ...]:
        """Those of whom a question asks and of whom no report, or no part of the answer, speaks."""
        subjects = (mention.subject for mention in understood.mentions)
        names = [subject.name for subject in subjects if not subject.all_reports]
        places = (understood.text[start:end] for start, end in understood.places)
        names += [place for place in places if not self._index.rarity(place.removesuffix("市"))]
        if len(found) > 1:
            names += [one.subject for one in found if one.subject and not one.answers]
        return tuple(dict.fromkeys(names))


def _closed_up(question: str) -> str:
    """A question without the spaces of one whose characters were all set apart: 江 苏 省."""
    return _SET_APART.sub(lambda match: re.sub(r"\s", "", match.group()), question)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question, or for its part about one of several subjects.

    ``words`` are what the question is about, ``subject`` is the name of that one.
    """

    understood: Understood
    words: Sequence[Word]
    hits: tuple[Hit, ...]
    confidence: float
    subject: str | None = None

    @property
    def answers(self) -> bool:
        return self.confidence >= ANSWERABLE


def _judged(understood: Understood, words: Sequence[Word], hits: Sequence[Hit]) -> _Found:
    return _Found(understood, words, tuple(hits), confidence(understood, words, hits))


def _passages(found: Sequence[_Found], most: int) -> tuple[Passage, ...]:
    """Passages of all parts: the best of each, then the second of each, and so on."""
    rows = zip_longest(*([(one, hit) for hit in one.hits] for one in found))
    pairs = (pair for row in rows for pair in row if pair is not None)
    return tuple(_passage(rank, hit, one) for rank, (one, hit) in enumerate(islice(pairs, most), 1))


def _lacks(found: Sequence[_Found]) -> tuple[Lack, ...]:
    """What the best passages of the parts that are not answered lack."""
    unanswered = (one for one in found if one.hits and not one.answers)
    return tuple(
        lack for one in unanswered for lack in lacks(one.understood, one.hits[0], one.subject)
    )


def _comparison(found: Sequence[_Found], passages: Sequence[Passage]) -> tuple[Compared, ...]:
    """A line for each of several parts."""
    if len(found) < 2:
        return ()
    best = {passage.subject: passage for passage in reversed(passages)}
    lines = []
    for one in found:
        shown = best.get(one.subject) if one.answers else None
        rank = shown.rank if shown else None
        figure = _figure_alone(shown, one) if shown else None
        lines.append(Compared(one.subject or "", rank, figure, one.confidence))
    return tuple(lines)


def _figure_alone(passage: Passage, found: _Found) -> Figure | None:
    if passage.kind == "table":
        return passage.figures[0] if passage.figures else None
    start, end = passage.highlights[0]
    figure = stated_figure(found.understood.asked, passage.text[start:end], found.words)
    return figure and replace(figure, start=start + figure.start, end=start + figure.end)


def _passage(rank: int, hit: Hit, found: _Found) -> Passage:
    paragraph = hit.paragraph
    (start, end), highlight = _shown(hit, found)
    text = paragraph.text[start:end]
    figures = _figures(paragraph.kind, text, highlight, found)
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
        why=_why(hit, text, found),
        figures=figures,
        subject=found.subject,
        also=tuple(
            Place(again.report, again.paragraph.ordinal) for again in said_again(hit, found.hits)
        ),
    )


def _figures(
    kind: Kind, text: str, highlight: tuple[int, int], found: _Found
) -> tuple[Figure, ...]:
    """The figures of a passage's highlight that can be what is asked for, best first."""
    asked, start = found.understood.asked, highlight[0]
    if kind == "table":
        return tuple(row_figures(asked, text, found.words))
    figures = answering_figures(asked, text[slice(*highlight)], found.words)
    return tuple(
        replace(figure, start=start + figure.start, end=start + figure.end) for figure in figures
    )


def _why(hit: Hit, text: str, found: _Found) -> Why:
    shown = normalised("\n".join([hit.report.full_title, *hit.paragraph.section, text]))
    held = (next((form for form in word.forms if form in shown), None) for word in found.words)
    words = tuple(dict.fromkeys(word for word in held if word))
    named = hit.report.id in found.understood.named | found.understood.touched
    return Why(words, round(hit.dense, 4), named)


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
        words=found.words,
    )
    return (start, end), sentence


def _quote(passage: Passage) -> Quote:
    start, end = passage.highlights[0]
    return Quote(text=passage.text[start:end], passage=passage.rank)
