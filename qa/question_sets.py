"""Question sets: a user's own questions with what answers them, to measure on.

JSON lines, or CSV with the same names as columns, as spreadsheets save it. The fields:

- ``question``: what is asked.
- ``report``: what answers it: id, file name or title of a report; several where one question is
  about several reports. None if nothing answers.
- ``evidence``: words that the right passage holds, copied from the report. Several of one report
  are as good as each other; of several reports there are as many as reports, in the same order.
- ``evidence_alt``: others that are as good, where one report is asked about; optional.
- ``history``: earlier turns, ``{"question": …, "answer": …}``; in CSV the questions. Optional.
- ``section``: heading that the evidence stands under; optional.
- ``kind``: any word to group questions by; ``unanswerable`` has no evidence. Optional.
- ``id``: optional; the number of the line if absent.

A cell of CSV holds several values on lines of their own. Other fields are left alone.
"""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from .errors import QuestionSetError
from .types import Turn

UNANSWERABLE = "unanswerable"
"""The kind of questions that the reports do not answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a passage that answers must hold: any of ``evidence``, and stand in ``report``.

    ``report`` is an id, a file name with or without its suffix or only its beginning, or a title.
    """

    report: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to measure with.

    ``id`` has no white space and is unique in its set; ``place`` is where the question was read,
    for messages. ``wanted`` is empty if the reports do not answer it; it has several items if it
    asks about several reports. ``sections`` are headings that right passages stand under.
    """

    id: str
    text: str
    history: tuple[Turn, ...]
    wanted: tuple[Wanted, ...]
    sections: tuple[str, ...] = ()
    kind: str | None = None
    place: str = ""


class _Wrong(Exception):
    """A line that cannot be used: the field, what is wrong and the remedy."""


_Rows = Iterator[tuple[int, dict[str, Any] | _Wrong]]
"""Line numbers, each with the fields on that line or with what is wrong with it."""


def read_question_set(file: Path) -> tuple[Question, ...]:
    """Read a question set: CSV if its name ends in ``.csv``, else JSON lines.

    Raises:
        QuestionSetError: it cannot be read; the message names every line that is wrong.
    """
    text = _text(file)
    rows = _csv_rows(text) if file.suffix.lower() == ".csv" else _json_rows(text)
    questions: dict[str, Question] = {}
    problems = []
    for line, row in rows:
        place = f"{file} 第 {line} 行"
        try:
            question = _question(row, line, place)
        except _Wrong as wrong:
            problems.append(f"{place} {wrong}")
            continue
        first = questions.setdefault(question.id, question)
        if first is not question:
            problems.append(f"{place} id：与{first.place}重复。请各用各的，或都不写。")
    if not questions and not problems:
        problems.append(f"{file}：没有问题。请每行写一个问题。")
    if problems:
        raise QuestionSetError(problems)
    return tuple(questions.values())


def read_json_lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a file of JSON lines, each with its place for messages.

    Raises:
        QuestionSetError: the file cannot be read, or a line is no JSON object.
    """
    for line, row in _json_rows(_text(file)):
        place = f"{file} 第 {line} 行"
        if isinstance(row, _Wrong):
            raise QuestionSetError([f"{place} {row}"])
        yield place, row


def question_json(question: Question) -> str:
    """Write a question as a line of a question set."""
    fields: dict[str, Any] = {"question": question.text}
    if question.history:
        fields["history"] = [
            {"question": turn.question, "answer": turn.answer} for turn in question.history
        ]
    pairs = [(wanted.report, text) for wanted in question.wanted for text in wanted.evidence]
    reports = [wanted.report for wanted in question.wanted]
    fields["report"] = reports if len(reports) == 1 else [report for report, _ in pairs]
    fields["evidence"] = [text for _, text in pairs]
    if question.sections:
        fields["section"] = list(question.sections)
    return json.dumps(fields, ensure_ascii=False)


def turns_of(value: object) -> tuple[Turn, ...]:
    """Read earlier turns: a list of objects with ``question`` and, optionally, ``answer``.

    Raises:
        TypeError: the value is something else.
    """
    turns = []
    for item in value if isinstance(value, list) else [value] if value else []:
        question = item.get("question") if isinstance(item, dict) else None
        answer = item.get("answer") or "" if isinstance(item, dict) else None
        if not isinstance(question, str) or not isinstance(answer, str):
            raise TypeError
        turns.append(Turn(question, answer))
    return tuple(turns)


def _text(file: Path) -> str:
    """Read a file in the encodings that Chinese spreadsheets write."""
    try:
        data = file.read_bytes()
    except OSError as error:
        cause = error.strerror or error
        raise QuestionSetError([f"{file}：读不出来（{cause}）。请检查路径和权限。"]) from error
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise QuestionSetError([f"{file}：编码无法识别。请另存为 UTF-8 编码再试。"])


def _json_rows(text: str) -> _Rows:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield number, _Wrong(f"不是 JSON（{error}）。请检查引号和逗号；一行写一个问题。")
        else:
            yield number, row if isinstance(row, dict) else _Wrong("不是 JSON 对象。请写成 {…}。")


def _csv_rows(text: str) -> _Rows:
    """Read CSV; a row counts by the line it starts on."""
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    start = 2
    try:
        if "question" not in (reader.fieldnames or ()):
            yield 1, _Wrong("question：没有这一列。请在第一行写列名，用逗号分隔。")
            return
        for row in reader:
            cells = {name: value for name, value in row.items() if name and value}
            if cells:
                yield start, {name: _cell(name, value) for name, value in cells.items()}
            start = reader.line_num + 1
    except csv.Error as error:
        yield start, _Wrong(f"不是 CSV（{error}）。请检查引号，或从表格软件重新导出。")


def _cell(name: str, value: str) -> object:
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if name == "history":
        return [{"question": line} for line in lines]
    return lines if name in {"report", "evidence", "evidence_alt", "section"} else value.strip()


def _question(row: dict[str, Any] | _Wrong, line: int, place: str) -> Question:
    if isinstance(row, _Wrong):
        raise row
    kind = _one(row, "kind") or None
    text = _one(row, "question")
    if not text:
        raise _Wrong("question：是空的。请写上要问的话。")
    identity = _one(row, "id") or str(line)
    if identity.split() != [identity]:
        raise _Wrong(f"id：{identity!r} 里有空白。请去掉空白，或不写 id。")
    try:
        history = turns_of(row.get("history"))
    except TypeError as error:
        raise _Wrong('history：格式不对。请写成 [{"question": "……", "answer": "……"}]。') from error
    return Question(
        id=identity,
        text=text,
        history=history,
        wanted=() if kind == UNANSWERABLE else tuple(_wanted(row)),
        sections=_several(row, "section"),
        kind=kind,
        place=place,
    )


def _wanted(row: Mapping[str, Any]) -> Iterator[Wanted]:
    reports, evidence = _several(row, "report"), _several(row, "evidence")
    if not reports:
        raise _Wrong(
            "report：没有写是哪份报告。请写文件名、题名或编号；"
            f"报告里没有答案的问题，kind 写 {UNANSWERABLE}。"
        )
    if not evidence:
        raise _Wrong("evidence：是空的。请从报告里复制一小段能回答问题的原文。")
    if len(reports) == 1:
        yield Wanted(reports[0], (*evidence, *_several(row, "evidence_alt")))
        return
    if len(reports) != len(evidence):
        raise _Wrong(
            f"evidence：有 {len(reports)} 份报告、{len(evidence)} 段原文。请按报告的顺序各写一段。"
        )
    pairs = sorted(zip(reports, evidence, strict=True), key=lambda pair: reports.index(pair[0]))
    for report, group in groupby(pairs, key=lambda pair: pair[0]):
        yield Wanted(report, tuple(text for _, text in group))


def _one(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, int) and name == "id":
        return str(value)
    if value is not None and not isinstance(value, str):
        raise _Wrong(f"{name}：应是文字。请加上引号。")
    return _checked(name, value or "")


def _several(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    values = [v for v in (value if isinstance(value, list) else [value]) if v is not None]
    if not all(isinstance(item, str) for item in values):
        raise _Wrong(f"{name}：应是文字，或文字的列表。请加上引号。")
    return tuple(text for item in values if (text := _checked(name, item)))


def _checked(name: str, value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _Wrong(f"{name}：有无法识别的字符。请检查文件是怎样导出的。")
    return value.strip()
