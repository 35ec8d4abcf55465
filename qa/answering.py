"""Answering: a question in, cited passages out."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from corpus import Report
from index import Change, Changes, Hit, Index, Library, Progress, Query

from .comparing import Part, parts
from .coverage import content_words
from .errors import BrokenQuestion, EmptyQuestion, UnknownReport
from .followups import begins, resolve
from .passages import ANSWERABLE, Found, comparison_of, judged, lacks_of, passages_of, quote_of
from .ranking import FOUND, OF_REPORT, ranked, with_figures_first
from .regions import spelt_out
from .remembering import Remembered
from .subjects import Subjects
from .types import Answer, Turn
from .understanding import Understood, understand
from .verifying import Context, Verification, Verifier

_SET_APART = re.compile(r"(?:[\u4e00-\u9fff]\s){3,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")

USUAL = 5
"""Passages of an answer, if no other number is asked for."""
MOST = 50
"""Passages of an answer about many reports, and the most that may be asked for."""

REMEMBERED = 256
"""Answers that are kept for when the same is asked again."""

WARM_UP = "去年全省各市有多少人？"
"""Has a time, a place and a number, so that all that understands a question is loaded."""


class Answerer:
    """Answers questions from one open index. Immutable; safe for many threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._subjects = Subjects(index.reports)
        self._verifier = Verifier(index)
        self._answers: Remembered[_Request, Answer] = Remembered(REMEMBERED)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports that are searched."""
        return self._index.reports

    @property
    def snapshot(self) -> str:
        """Name of the index snapshot that answers."""
        return self._index.snapshot

    @property
    def data(self) -> Path:
        """The data folder on this machine."""
        return self._index.data

    @property
    def library(self) -> Library:
        """Which files the reports are of, and which were taken out, at this moment.

        Raises:
            IndexingError: that cannot be read.
        """
        return self._index.library

    def warm_up(self) -> None:
        """Load what is loaded on demand, by asking: else the first question pays for it."""
        self.ask(WARM_UP)

    def refreshed(self) -> "Answerer":
        """Answer from the live snapshot: itself, if that is the one it has.

        Raises:
            IndexingError: the live snapshot cannot be opened.
        """
        index = self._index.refreshed()
        return self if index is self._index else Answerer(index)

    def changed(
        self,
        change: Change,
        progress: Progress = lambda _done, _total: None,
        folder: Path | None = None,
    ) -> "Answerer":
        """Add reports or take some out, for good, and return an answerer that knows.

        Args:
            change: what is to be changed.
            progress: told how much is embedded.
            folder: where the files of added reports lie, if they are of a folder.

        Raises:
            IndexingError: the change could not be made; nothing has changed.
        """
        return Answerer(self._index.changed(change, progress, folder))

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
        return Answerer(self._index.corrected(report, changes))

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
        request = _Request(
            question=question,
            asked=asked,
            resolved=resolve(asked, history, self._subjects, self._index.knows),
            top_k=top_k,
            reports=None if reports is None else frozenset(reports),
            group_by_report=group_by_report,
        )
        answer = self._answers.get(request)
        if answer is None:
            with self._index.undisturbed():
                answer = self._answer(request)
            self._answers.put(request, answer)
        return answer

    def _answer(self, request: "_Request") -> Answer:
        reports = request.reports
        query = self._index.understand(request.resolved)
        now = begins(request.asked, query.text)
        understood = understand(query.text, self._subjects, now=now)
        if request.group_by_report or understood.every is not None:
            found = self._of_each_report(query, understood, _both(reports, understood.every))
            sure = max((one.confidence for one in found), default=0.0)
        else:
            compared = parts(understood)
            limit = max(FOUND, request.top_k or 0)
            found = [self._of_part(part, compared[0], reports, limit) for part in compared]
            found = found or [self._found(query, understood, reports, limit)]
            # One without a report is named as silent, and hides nothing of the others.
            sure = mean([one.confidence for one in found if one.hits] or [0.0])
        passages = passages_of(found, request.top_k or min(MOST, max(USUAL, len(found))))
        answerable = bool(passages) and sure >= ANSWERABLE
        return Answer(
            question=request.question,
            resolved_question=request.resolved,
            answerable=answerable,
            confidence=sure,
            quote=quote_of(passages[0]) if answerable else None,
            passages=passages,
            snapshot=self.snapshot,
            query=query,
            understood=understood,
            silent=self._silent(understood, found if answerable else ()),
            lacks=lacks_of(found),
            comparison=comparison_of(found, passages),
        )

    def verify(
        self,
        quote: str,
        *,
        reports: AbstractSet[str] | None = None,
        context: Context | None = None,
    ) -> Verification:
        """Check a quotation against the reports; see ``Verifier.verify``.

        Raises:
            EmptyQuestion: there is nothing in the quotation to look for.
            BrokenQuestion: it holds half characters (lone surrogates).
            UnknownReport: an id in ``reports`` is not indexed.
        """
        self._check_known(reports or frozenset())
        return self._verifier.verify(quote, reports=reports, context=context)

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
        self, query: Query, understood: Understood, reports: AbstractSet[str] | None, limit: int
    ) -> Found:
        hits = self._index.search(query, limit=limit, reports=reports)
        words = content_words(understood, query, self._index.rarity(understood.text))
        return judged(understood, words, ranked(hits, understood, words))

    def _of_part(
        self, part: Part, first: Part, reports: AbstractSet[str] | None, limit: int
    ) -> Found:
        """What the reports say about one of several; a year's clause goes on with the first's."""
        before = [Turn(first.question, "")] if part.reports is None and part != first else []
        question = resolve(part.question, before, self._subjects, self._index.knows)
        query = self._index.understand(question)
        now = begins(part.question, query.text)
        among = _both(reports, part.reports)
        understood = understand(query.text, self._subjects, now=now)
        found = self._found(query, understood, among, limit)
        return replace(found, subject=part.name)

    def _of_each_report(
        self, query: Query, understood: Understood, reports: AbstractSet[str] | None
    ) -> list[Found]:
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
            best_of = judged(understood, words, with_figures_first(of_report, understood))
            subject = self._called(best_of.hits[0].report)
            found.append(replace(best_of, hits=best_of.hits[:1], subject=subject))
        return sorted(found, key=lambda one: not one.answers)

    def _called(self, report: Report) -> str:
        """What a report is called beside others: by whom it is about, if no other is."""
        alike = [one for one in self.reports if one.organisation == report.organisation]
        return report.organisation if report.organisation and len(alike) == 1 else report.title

    def _silent(self, understood: Understood, found: Sequence[Found]) -> tuple[str, ...]:
        """Those of whom a question asks and of whom no report, or no part of the answer, speaks."""
        subjects = (mention.subject for mention in understood.mentions)
        names = [subject.name for subject in subjects if not subject.all_reports]
        places = (understood.text[start:end] for start, end in understood.places)
        names += [place for place in places if not self._index.rarity(place.removesuffix("市"))]
        if len(found) > 1:
            names += [one.subject for one in found if one.subject and not one.answers]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class _Request:
    """All that an answer depends on; of the history only what it makes of the question."""

    question: str
    asked: str
    resolved: str
    top_k: int | None
    reports: frozenset[str] | None
    group_by_report: bool


def _both(
    some: AbstractSet[str] | None, others: AbstractSet[str] | None
) -> AbstractSet[str] | None:
    """The reports that two choices have in common; None is all of them."""
    if some is None or others is None:
        return others if some is None else some
    return some & others


def _closed_up(question: str) -> str:
    """A question without the spaces of one whose characters were all set apart: 江 苏 省."""
    return _SET_APART.sub(lambda match: re.sub(r"\s", "", match.group()), question)
