"""Answers that users marked: JSON lines in ``feedback.jsonl`` of the data folder.

One line for each mark, appended as it is made, oldest first:

    {"question": "…", "history": [{"question": "…", "answer": "…"}],
     "report": "<report id>", "paragraph": 28, "quote": "…", "verdict": "right" | "wrong",
     "time": "2025-03-01T09:30:00+08:00"}

``quote`` is the sentence that answered, verbatim; ``paragraph`` where it stood then, and may be
missing. A later mark of the same quote for the same question replaces an earlier one.
"""

import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus import SEARCHED_KINDS, Paragraph, Report

from .errors import QuestionSetError
from .judging import squash
from .question_sets import Question, Wanted, read_json_lines, turns_of
from .types import Turn

FILE = "feedback.jsonl"

_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Mark:
    """A quote that a user marked as answering a question, or as not answering it.

    ``report`` is an id; ``time`` has an offset from UTC. ``paragraph`` is the ordinal of the one
    that the quote stood in, None if that was not told.
    """

    question: str
    history: tuple[Turn, ...]
    report: str
    quote: str
    right: bool
    time: datetime
    paragraph: int | None = None


def add_mark(data: Path, mark: Mark) -> None:
    """Append a mark to the file in a data folder; when this returns it is on disk.

    Raises:
        OSError: it cannot be written.
    """
    fields = {
        "question": mark.question,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in mark.history],
        "report": mark.report,
        "paragraph": mark.paragraph,
        "quote": mark.quote,
        "verdict": "right" if mark.right else "wrong",
        "time": mark.time.isoformat(timespec="seconds"),
    }
    line = json.dumps(fields, ensure_ascii=False).encode() + b"\n"
    with _turn, (data / FILE).open("ab+") as file:
        if file.tell() > 0:  # a crash may have left a line without an end
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def holds_quote(report: Report, quote: str) -> bool:
    """Whether a report has a quote in one of its paragraphs that are searched."""
    return _holder(report, squash(quote)) is not None


def read_marks(file: Path) -> tuple[Mark, ...]:
    """Read marked answers, oldest first.

    Raises:
        QuestionSetError: the file cannot be read, or a line is no mark.
    """
    return tuple(_mark(row, place) for place, row in read_json_lines(file))


def draft_questions(
    marks: Sequence[Mark], reports: Sequence[Report]
) -> tuple[tuple[Question, ...], tuple[Mark, ...]]:
    """Make questions to measure with from the answers that were marked as right.

    Quotes for the same question become one question. A quote counts for the report that it was
    marked in or, if that holds it no more, for any other that does.

    Returns:
        The questions, and the marks whose quotes no report holds any more.
    """
    latest = {(_asked(mark), mark.report, squash(mark.quote)): mark for mark in marks}
    questions: dict[tuple[str, ...], Question] = {}
    lost = []
    for mark in latest.values():
        if not mark.right:
            continue
        place = _find(mark, reports)
        if place is None:
            lost.append(mark)
            continue
        number = str(len(questions) + 1)
        empty = Question(number, mark.question, mark.history, wanted=())
        question = questions.setdefault(_asked(mark), empty)
        questions[_asked(mark)] = _with(question, mark.quote, *place)
    return tuple(questions.values()), tuple(lost)


def _asked(mark: Mark) -> tuple[str, ...]:
    """What was asked, after what; the answers of earlier turns are left aside."""
    return (*(squash(turn.question) for turn in mark.history), squash(mark.question))


def _find(mark: Mark, reports: Sequence[Report]) -> tuple[Report, Paragraph] | None:
    quote = squash(mark.quote)
    for report in sorted(reports, key=lambda report: report.id != mark.report):
        own = mark.paragraph if report.id == mark.report else None
        paragraph = _holder(report, quote, first=own)
        if paragraph is not None:
            return report, paragraph
    return None


def _holder(report: Report, quote: str, first: int | None = None) -> Paragraph | None:
    """The paragraph that holds a quote: the one with the ordinal ``first``, or any other."""
    for paragraph in sorted(report.paragraphs, key=lambda paragraph: paragraph.ordinal != first):
        if paragraph.kind in SEARCHED_KINDS and quote in squash(paragraph.text):
            return paragraph
    return None


def _with(question: Question, quote: str, report: Report, paragraph: Paragraph) -> Question:
    """Add a quote to what is wanted, and the heading it stands under."""
    wanted = {item.report: item.evidence for item in question.wanted}
    known = wanted.get(report.file, ())
    wanted[report.file] = known if quote in known else (*known, quote)
    sections = dict.fromkeys([*question.sections, *paragraph.section[-1:]])
    return replace(
        question,
        wanted=tuple(Wanted(file, evidence) for file, evidence in wanted.items()),
        sections=tuple(sections),
    )


def _mark(row: dict[str, Any], place: str) -> Mark:
    try:
        return Mark(
            question=_filled(row["question"]),
            history=turns_of(row.get("history")),
            report=_filled(row["report"]),
            quote=_filled(row["quote"]),
            right={"right": True, "wrong": False}[row["verdict"]],
            time=datetime.fromisoformat(row["time"]),
            paragraph=_ordinal(row.get("paragraph")),
        )
    except (KeyError, TypeError, ValueError) as error:
        fields = "question、report、quote、verdict（right 或 wrong）和 time"
        raise QuestionSetError([f"{place}：不是一条标记，应有 {fields}。请改正或删去。"]) from error


def _ordinal(value: object) -> int | None:
    if value is not None and not isinstance(value, int):
        raise TypeError
    return value


def _filled(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value
