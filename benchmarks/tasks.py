"""Retrieval tasks as BEIR lays them out, so that any system and any tool can be measured on them.

    corpus.jsonl      a searched paragraph a line: _id, title (its report's), text
    queries.jsonl     a question a line: _id, text
    qrels/test.tsv    query-id, corpus-id, score: which paragraphs answer it
    reports.jsonl     the reports that the paragraphs are from, for Youju (not BEIR's)

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models", 2021. Paragraphs are named like the addresses that citations give: ``<report>#p<ordinal>``.
Asked are questions that the paragraphs answer and that stand alone: no other system knows the
conversation before them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG
from squad import read_squad

from corpus import SAMPLES, SEARCHED_KINDS, Report, read_folder, reports_json
from qa import Question, read_question_set
from qa.judging import golds

MEASURES = {
    "hit@1": Success @ 1,
    "hit@3": Success @ 3,
    "hit@5": Success @ 5,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}
DEPTH = 10
"""Passages that are looked at."""


@dataclass(frozen=True, slots=True)
class Task:
    """A folder as above, and what of it is needed to ask and to judge.

    ``queries`` are texts by id, ``relevant`` ids of paragraphs by id of the question; ``digest``
    changes with anything that is in the folder.
    """

    name: str
    folder: Path
    paragraphs: int
    characters: int
    queries: Mapping[str, str]
    relevant: Mapping[str, Sequence[str]]
    digest: str


def sample_task(folder: Path) -> Task:
    """Youju's sample reports and the questions on them."""
    questions = read_question_set(Path(__file__).with_name("sample_questions.jsonl"))
    return _write("samples", folder, read_folder(SAMPLES).reports, questions)


def report_task(folder: Path, reports: Path, sets: Sequence[Path]) -> Task:
    """A folder of reports, and question sets in the format of `youju eval`."""
    read = read_folder(reports).reports
    sets_read = {file.stem: read_question_set(file) for file in sets}
    questions = [
        Question(f"{name}:{one.id}", one.text, one.history, one.wanted)
        for name, questions in sets_read.items()
        for one in questions
    ]
    return _write("reports", folder, read, questions)


def squad_task(folder: Path, file: Path, every: int) -> Task:
    """Every n-th paragraph of a set in SQuAD layout as a report, and the first question on it."""
    reports, questions = read_squad(file, by_report=True)
    taken = {report.id: report for report in reports[::every]}
    first = {one.wanted[0].report: one for one in reversed(questions)}
    asked = [first[identity] for identity in taken if identity in first]
    return _write(file.stem, folder, list(taken.values()), asked)


def measure(task: Task, found: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Compute the measures by ir_measures; ``found`` has ids of paragraphs by id of the question.

    Of passages from one paragraph the first counts.
    """
    qrels = [Qrel(q, document, 1) for q, relevant in task.relevant.items() for document in relevant]
    run = [
        ScoredDoc(question, document, -rank)
        for question, documents in found.items()
        for rank, document in enumerate(dict.fromkeys(documents))
    ]
    computed = ir_measures.calc_aggregate(MEASURES.values(), qrels, run)
    return {name: round(computed[one], 4) for name, one in MEASURES.items()}


def _write(
    name: str, folder: Path, reports: Sequence[Report], questions: Sequence[Question]
) -> Task:
    folder = folder / name
    corpus = list(_corpus(reports))
    alone = [one for one in questions if one.wanted and not one.history]
    relevant = {
        question.id: [document for gold in wanted for document in gold.paragraphs]
        for question, wanted in zip(alone, golds(alone, reports), strict=True)
    }
    queries = {one.id: one.text for one in alone if relevant[one.id]}
    rows = [f"{q}\t{document}\t1" for q in queries for document in relevant[q]]
    files = {
        "corpus.jsonl": _lines(corpus),
        "queries.jsonl": _lines({"_id": key, "text": text} for key, text in queries.items()),
        "qrels/test.tsv": "\n".join(["query-id\tcorpus-id\tscore", *rows]) + "\n",
        "reports.jsonl": reports_json(reports).decode(),
    }
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    return Task(
        name=name,
        folder=folder,
        paragraphs=len(corpus),
        characters=sum(len(one["text"]) for one in corpus),
        queries=queries,
        relevant={key: relevant[key] for key in queries},
        digest=hashlib.sha256("".join(files.values()).encode()).hexdigest()[:16],
    )


def _corpus(reports: Sequence[Report]) -> Iterator[dict[str, str]]:
    for report in reports:
        for paragraph in report.paragraphs:
            if paragraph.kind in SEARCHED_KINDS:
                identity = f"{report.id}#p{paragraph.ordinal}"
                yield {"_id": identity, "title": report.full_title, "text": paragraph.text}


def _lines(items) -> str:  # noqa: ANN001 - any dictionaries
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
