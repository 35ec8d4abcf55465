"""Whether what came back is right: a passage of the report that answers, holding the evidence.

White space, case and full-width forms do not count. Paragraphs are named like the addresses that
citations give: ``<report id>#p<ordinal>``.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import SEARCHED_KINDS, Report

from .errors import QuestionSetError
from .question_sets import Question, Wanted
from .types import Answer, Passage

READ = 5
"""Passages that a user is taken to read: those that the page shows."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what was answered, and what of it is right.

    ``ranks`` has, for each item of ``question.wanted``, the rank of the first right passage, None
    if there is none. ``relevant`` names the paragraphs that hold evidence, ``documents`` those of
    the passages, in their order. ``nowhere`` is evidence that no searched paragraph holds.
    """

    question: Question
    answer: Answer
    milliseconds: float
    ranks: tuple[int | None, ...]
    relevant: tuple[str, ...]
    documents: tuple[str, ...]
    nowhere: tuple[Wanted, ...]

    @property
    def rank(self) -> int | None:
        """Rank of the first right passage."""
        return min((rank for rank in self.ranks if rank), default=None)

    @property
    def missed(self) -> bool:
        """Whether the answer falls short.

        The first passage is not right, a report that was asked about is not among the first
        ``READ``, or a question that the reports do not answer was answered.
        """
        if not self.ranks:
            return self.answer.answerable
        return self.rank != 1 or any(rank is None or rank > READ for rank in self.ranks)


@dataclass(frozen=True, slots=True)
class Gold:
    """What one item of ``Question.wanted`` means: ids of reports, squashed evidence, paragraphs."""

    reports: frozenset[str]
    evidence: tuple[str, ...]
    paragraphs: tuple[str, ...]


def squash(text: str) -> str:
    """Return the form in which texts are compared: NFKC, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def golds(questions: Sequence[Question], reports: Sequence[Report]) -> list[tuple[Gold, ...]]:
    """What each question wants, among these reports.

    Raises:
        QuestionSetError: a question names a report that is not indexed.
    """
    known = _Names(reports)
    found, problems = [], []
    for question in questions:
        try:
            found.append(tuple(_gold(wanted, known.reports(wanted)) for wanted in question.wanted))
        except LookupError as error:
            problems.append(f"{question.place or question.id} report：{error}")
    if problems:
        raise QuestionSetError(problems)
    return found


class _Names:
    """What reports are called: by id, file, file without suffix, title and full title."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._by_name: dict[str, list[Report]] = {}
        self._by_file = [(squash(Path(report.file).name), report) for report in reports]
        for report in reports:
            stem = Path(report.file).stem
            names = (report.id, report.file, stem, report.title, report.full_title)
            for name in {squash(name) for name in names}:
                self._by_name.setdefault(name, []).append(report)

    def reports(self, wanted: Wanted) -> list[Report]:
        """Find the reports of this name; several if all are called so.

        Raises:
            LookupError: there is none, or the name is the beginning of several files' names.
        """
        name = squash(wanted.report)
        if exact := self._by_name.get(name):
            return exact
        beginning = [report for file, report in self._by_file if file.startswith(name)]
        if len(beginning) == 1:
            return beginning
        if beginning:
            files = "、".join(report.file for report in beginning[:3])
            raise LookupError(
                f"{wanted.report} 开头的报告不止一份（{files}……）。请写完整的文件名。"
            )
        raise LookupError(
            f"索引里没有 {wanted.report} 这份报告。请写文件名、题名或编号，或先为它建立索引。"
        )


def _gold(wanted: Wanted, reports: Sequence[Report]) -> Gold:
    evidence = tuple(squash(text) for text in wanted.evidence)
    paragraphs = tuple(
        _document(report, paragraph.ordinal)
        for report in reports
        for paragraph in report.paragraphs
        if paragraph.kind in SEARCHED_KINDS and _holds(paragraph.text, evidence)
    )
    return Gold(frozenset(report.id for report in reports), evidence, paragraphs)


def judge(question: Question, golds: Sequence[Gold], answer: Answer, took: float) -> Judged:
    """Judge an answer that took so many milliseconds."""
    right = [[_is_right(passage, gold) for gold in golds] for passage in answer.passages]
    nowhere = [
        wanted for wanted, gold in zip(question.wanted, golds, strict=True) if not gold.paragraphs
    ]
    relevant = [document for gold in golds for document in gold.paragraphs]
    # Evidence that stands nowhere is a document that nobody finds: without it the question would
    # not count.
    relevant += [f"nowhere#{squash(wanted.report)}" for wanted in nowhere]
    return Judged(
        question=question,
        answer=answer,
        milliseconds=took,
        ranks=tuple(
            next((rank for rank, row in enumerate(right, 1) if row[number]), None)
            for number in range(len(golds))
        ),
        relevant=tuple(dict.fromkeys(relevant)),
        documents=tuple(
            _document_of(passage) if any(row) else _document_shown(passage, relevant)
            for passage, row in zip(answer.passages, right, strict=True)
        ),
        nowhere=tuple(nowhere),
    )


def _is_right(passage: Passage, gold: Gold) -> bool:
    return passage.report.id in gold.reports and _holds(passage.text, gold.evidence)


def _holds(text: str, evidence: Sequence[str]) -> bool:
    squashed = squash(text)
    return any(part in squashed for part in evidence)


def _document(report: Report, ordinal: int) -> str:
    return f"{report.id}#p{ordinal}"


def _document_of(passage: Passage) -> str:
    return _document(passage.report, passage.paragraph)


def _document_shown(passage: Passage, relevant: Sequence[str]) -> str:
    """Name a passage that is not right, with its range if its paragraph is."""
    document = _document_of(passage)
    start, end = passage.range
    return f"{document}:{start}-{end}" if document in relevant else document
