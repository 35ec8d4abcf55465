"""Measuring: questions whose answers are known are asked, and what comes back is judged.

A passage is right if it stands in the report that answers and its text holds the evidence; white
space, case and full-width forms do not count. The measures of retrieval are computed by
ir_measures (MacAvaney, Macdonald and Ounis, "Streamlining Evaluation with ir-measures", 2022), so
that they mean what they mean elsewhere. Their documents are paragraphs, named like the addresses
that citations give: ``<report id>#p<ordinal>``.
"""

import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from corpus import SEARCHED_KINDS, Report

from .answering import Answerer
from .errors import MeasuresMissing, QuestionSetError
from .question_sets import Question, Wanted
from .types import Answer, Passage

Measures = dict[str, float | None]
"""Measures by name; None where there is nothing to measure. What they mean: ``measures``."""

READ = 5
"""Passages that a user is taken to read: those that the page shows."""

BINS = 10
"""Bins of the reliability table."""

_TOUCHING = 4
"""Characters that a highlight and the evidence share at the least, unless one is shorter."""


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
class _Gold:
    """What one item of ``Question.wanted`` means: ids of reports, squashed evidence, paragraphs."""

    reports: frozenset[str]
    evidence: tuple[str, ...]
    paragraphs: tuple[str, ...]


def evaluate(
    answerer: Answerer,
    questions: Sequence[Question],
    *,
    top_k: int = 10,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Judged, ...]:
    """Ask all questions and judge what comes back.

    Args:
        answerer: what is measured.
        questions: at least one.
        top_k: passages that are looked at.
        progress: told how many are done.

    Raises:
        QuestionSetError: a question names a report that is not indexed.
    """
    golds = _golds(questions, answerer.reports)
    answerer.ask(questions[0].text, top_k=top_k)  # the first answer waits for things to load
    judged = []
    for done, (question, gold) in enumerate(zip(questions, golds, strict=True), 1):
        start = time.perf_counter()
        answer = answerer.ask(question.text, history=question.history, top_k=top_k)
        judged.append(_judge(question, gold, answer, 1000 * (time.perf_counter() - start)))
        progress(done, len(questions))
    return tuple(judged)


def measures(judged: Sequence[Judged]) -> Measures:
    """Sum up what was judged.

    - questions: how many there are;
    - hit@1, hit@3, hit@5: Success@k, share of the answerable with a right passage in the first k;
    - MRR@10: mean reciprocal rank of the first right passage;
    - nDCG@10: normalised discounted cumulative gain (Järvelin and Kekäläinen 2002);
    - cover@5: of the reports asked about by questions about several, share found in the first 5;
    - section: of the right passages found, share under the heading that the question set gives;
    - sentence: of them, share whose highlight is, or shares half with, the evidence;
    - AUROC: probability that an answerable question has a higher confidence than another one
      (Hanley and McNeil 1982);
    - refused, wrongly_refused: share of unanswerable and answerable questions not answered;
    - characters: median length of the first 5 passages;
    - p50_ms, p95_ms: milliseconds to answer a question, median and 95th percentile.
    """
    answerable = [item for item in judged if item.ranks]
    others = [item for item in judged if not item.ranks]
    lengths = [len(passage.text) for item in judged for passage in item.answer.passages[:READ]]
    times = [item.milliseconds for item in judged]
    found = [
        (item, gold, item.answer.passages[rank - 1])
        for item in answerable
        for gold, rank in zip(item.question.wanted, item.ranks, strict=True)
        if rank
    ]
    return {
        "questions": len(judged),
        **_retrieval(answerable),
        "cover@5": _mean(
            rank is not None and rank <= READ
            for item in answerable
            if len(item.ranks) > 1
            for rank in item.ranks
        ),
        "section": _mean(
            _under(passage, item.question.sections)
            for item, _, passage in found
            if item.question.sections
        ),
        "sentence": _mean(_marked(passage, gold.evidence) for _, gold, passage in found),
        "AUROC": _auroc(
            [item.answer.confidence for item in answerable],
            [item.answer.confidence for item in others],
        ),
        "refused": _mean(not item.answer.answerable for item in others),
        "wrongly_refused": _mean(not item.answer.answerable for item in answerable),
        "characters": float(np.median(lengths)) if lengths else None,
        "p50_ms": round(float(np.quantile(times, 0.5)), 1) if times else None,
        "p95_ms": round(float(np.quantile(times, 0.95)), 1) if times else None,
    }


def measures_by_kind(judged: Sequence[Judged]) -> dict[str, Measures]:
    """Sum up the questions of each kind; those without a kind are left out."""
    kinds = sorted({item.question.kind for item in judged if item.question.kind})
    return {kind: measures([i for i in judged if i.question.kind == kind]) for kind in kinds}


def reliability(judged: Sequence[Judged]) -> list[Measures]:
    """Compare confidence with how often the first passage is right, in ``BINS`` equal bins.

    The table behind a reliability diagram (DeGroot and Fienberg 1983). To unanswerable questions no
    passage is right. Bins: from (inclusive), to (exclusive, but for 1), questions, mean
    confidence, right: the share.
    """
    rows = []
    for number in range(BINS):
        inside = [
            item for item in judged if min(int(item.answer.confidence * BINS), BINS - 1) == number
        ]
        rows.append(
            {
                "from": number / BINS,
                "to": (number + 1) / BINS,
                "questions": len(inside),
                "confidence": _mean(item.answer.confidence for item in inside),
                "right": _mean(item.rank == 1 for item in inside),
            }
        )
    return rows


def evaluation_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return all figures and the misses as plain data."""
    return {
        "snapshot": judged[0].answer.snapshot if judged else None,
        "figures": measures(judged),
        "kinds": measures_by_kind(judged),
        "reliability": reliability(judged),
        "misses": [_miss_json(item) for item in judged if item.missed],
    }


def trec_run(judged: Sequence[Judged]) -> str:
    """Write the answers as a TREC run: question, Q0, paragraph, rank, score, name of the system.

    A passage that is an excerpt without the evidence is named by its range, too
    (``#p12:340-720``): the paragraph is right, what is shown of it is not.
    """
    return "".join(
        f"{item.question.id} Q0 {document} {rank} {1 / rank:.6f} youju\n"
        for item in judged
        for rank, document in enumerate(item.documents, 1)
    )


def trec_qrels(judged: Sequence[Judged]) -> str:
    """Write the paragraphs that are right as TREC qrels: question, 0, paragraph, 1."""
    return "".join(
        f"{item.question.id} 0 {document} 1\n" for item in judged for document in item.relevant
    )


def squash(text: str) -> str:
    """Return the form in which texts are compared: NFKC, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _golds(questions: Sequence[Question], reports: Sequence[Report]) -> list[tuple[_Gold, ...]]:
    known = _Names(reports)
    golds, problems = [], []
    for question in questions:
        try:
            golds.append(tuple(_gold(wanted, known.reports(wanted)) for wanted in question.wanted))
        except LookupError as error:
            problems.append(f"{question.place or question.id} report：{error}")
    if problems:
        raise QuestionSetError(problems)
    return golds


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


def _gold(wanted: Wanted, reports: Sequence[Report]) -> _Gold:
    evidence = tuple(squash(text) for text in wanted.evidence)
    paragraphs = tuple(
        _document(report, paragraph.ordinal)
        for report in reports
        for paragraph in report.paragraphs
        if paragraph.kind in SEARCHED_KINDS and _holds(paragraph.text, evidence)
    )
    return _Gold(frozenset(report.id for report in reports), evidence, paragraphs)


def _judge(question: Question, golds: Sequence[_Gold], answer: Answer, took: float) -> Judged:
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


def _is_right(passage: Passage, gold: _Gold) -> bool:
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


def _retrieval(answerable: Sequence[Judged]) -> Measures:
    ir = _ir_measures()
    wanted = {
        "hit@1": ir.Success @ 1,
        "hit@3": ir.Success @ 3,
        "hit@5": ir.Success @ 5,
        "MRR@10": ir.RR @ 10,
        "nDCG@10": ir.nDCG @ 10,
    }
    if not answerable:
        return dict.fromkeys(wanted)
    qrels = [
        ir.Qrel(item.question.id, document, 1) for item in answerable for document in item.relevant
    ]
    run = [
        ir.ScoredDoc(item.question.id, document, 1 / rank)
        for item in answerable
        for rank, document in enumerate(item.documents, 1)
    ]
    values = ir.calc_aggregate(list(wanted.values()), qrels, run)
    return {name: round(values[measure], 4) for name, measure in wanted.items()}


def _ir_measures() -> ModuleType:
    try:
        import ir_measures  # noqa: PLC0415 - not to be had on every platform, and only used here
    except ImportError as error:
        raise MeasuresMissing(
            "没有安装计算检索指标的 ir-measures。请运行 pip install ir-measures 再试。"
        ) from error
    return ir_measures


def _under(passage: Passage, headings: Sequence[str]) -> bool:
    """Whether one of the headings is on the passage's section path, or the path ends in it."""
    path = squash("".join(passage.section))
    return any(squash(h) in path or (path and path in squash(h)) for h in headings)


def _marked(passage: Passage, evidence: Sequence[str]) -> bool:
    """Whether a highlight is evidence, or shares half of the shorter of both with it."""
    return any(
        _touch(squash(passage.text[start:end]), squash(text))
        for start, end in passage.highlights
        for text in evidence
    )


def _touch(first: str, second: str) -> bool:
    shorter = min(len(first), len(second))
    match = SequenceMatcher(None, first, second, autojunk=False).find_longest_match()
    return shorter > 0 and match.size >= min(shorter, max(_TOUCHING, shorter // 2))


def _auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    if not positive or not negative:
        return None
    difference = np.subtract.outer(positive, negative)
    return round(float(((difference > 0) + 0.5 * (difference == 0)).mean()), 4)


def _mean(values: Iterator[float]) -> float | None:
    known = list(values)
    return round(sum(known) / len(known), 4) if known else None


def _miss_json(item: Judged) -> Mapping[str, Any]:
    first = item.answer.passages[0] if item.answer.passages else None
    return {
        "id": item.question.id,
        "kind": item.question.kind,
        "question": item.question.text,
        "wanted": [
            {"report": wanted.report, "evidence": list(wanted.evidence), "rank": rank}
            for wanted, rank in zip(item.question.wanted, item.ranks, strict=True)
        ],
        "confidence": round(item.answer.confidence, 4),
        "answerable": item.answer.answerable,
        "first": first and {"report": first.report.title, "text": first.text},
    }
