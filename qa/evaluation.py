"""Measuring: questions whose answers are known are asked, and what comes back is judged.

What is right, ``judging.py`` says. The measures of retrieval are computed by
ir_measures (MacAvaney, Macdonald and Ounis, "Streamlining Evaluation with ir-measures", 2022), so
that they mean what they mean elsewhere. Their documents are paragraphs, named like the addresses
that citations give: ``<report id>#p<ordinal>``.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from types import ModuleType
from typing import Any

import numpy as np

from .answering import Answerer
from .errors import MeasuresMissing
from .judging import READ, Judged, golds, judge, squash
from .question_sets import Question
from .types import Passage

Measures = dict[str, float | None]
"""Measures by name; None where there is nothing to measure. What they mean: ``measures``."""

BINS = 10
"""Bins of the reliability table."""

_TOUCHING = 4
"""Characters that a highlight and the evidence share at the least, unless one is shorter."""


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
    known = golds(questions, answerer.reports)
    answerer.ask(questions[0].text, top_k=top_k)  # the first answer waits for things to load
    judged = []
    for done, (question, gold) in enumerate(zip(questions, known, strict=True), 1):
        start = time.perf_counter()
        answer = answerer.ask(question.text, history=question.history, top_k=top_k)
        judged.append(judge(question, gold, answer, 1000 * (time.perf_counter() - start)))
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
