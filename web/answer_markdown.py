"""An answer as Markdown for chat programs: quotations, numbered marks, the sources they stand for.

A chat program renders what it gets. What stands in a report is therefore escaped: a picture or a
link in its text stays text, and nothing is fetched because someone asked a question.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .ask_models import AskReply, ComparedItem, PassageItem

NEAREST = 3
"""Passages shown where none answers."""
FURTHER = 2
"""Passages shown besides the one that answers, at the most."""
NEARLY = 0.1
"""How much lower their score may be; where the first leads by more, the others say other things."""

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~#&$!]")
_SPECIAL_IN_TABLE = re.compile(r"\\\||[\\`*_\[\]<>~#&$!]")
"""The bars of a table, and those that are escaped in its cells, stay as they are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark such as [1]: its character range in the text and the passage it stands for."""

    start: int
    end: int
    passage: PassageItem


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Markdown with the marks in it, in order."""

    text: str
    marks: tuple[Mark, ...]


def answer_markdown(reply: AskReply, base: str) -> MarkedText:
    """Write an answer: the quotation, or the comparison, or that there is none; then the sources.

    Args:
        reply: of ``POST /api/v1/ask``. The marks are the ranks of its passages.
        base: address of the service, without a slash at the end; links to passages begin with it.
    """
    writer = _Writer()
    _open(writer, reply)
    if not reply.answerable:
        _write_nearest(writer, reply)
    elif reply.comparison:
        _write_comparison(writer, reply)
    else:
        _write_quotes(writer, reply.passages[:1])
        if further := _nearly_as_near(reply.passages):
            writer.add("相近的还有：\n\n")
            _write_quotes(writer, further)
    _write_sources(writer, base)
    return MarkedText(writer.text.rstrip(), tuple(writer.marks))


def source_title(passage: PassageItem) -> str:
    """Where a passage stands, in words: report, section, paragraph."""
    place = "，".join([*passage.section, f"第{passage.paragraph}段"])
    return f"《{passage.report.title}》{place}"


class _Writer:
    """Text that grows, and the marks in it."""

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Mark] = []

    def add(self, text: str) -> None:
        self.text += text

    def mark(self, passage: PassageItem) -> None:
        start = len(self.text)
        self.text += f"[{passage.rank}]"
        self.marks.append(Mark(start, len(self.text), passage))


def _open(writer: _Writer, reply: AskReply) -> None:
    if reply.resolved_question != reply.question.strip():
        writer.add(f"按这个问题查找：{_escaped(reply.resolved_question)}\n\n")
    if reply.silent:
        writer.add(f"报告里没有说到：{_escaped('、'.join(reply.silent))}。\n\n")


def _nearly_as_near(passages: Sequence[PassageItem]) -> list[PassageItem]:
    least = passages[0].score - NEARLY
    return [passage for passage in passages[1:] if passage.score > least][:FURTHER]


def _write_nearest(writer: _Writer, reply: AskReply) -> None:
    writer.add("报告里没有找到答案。\n\n")
    for lack in reply.lacks:
        subject = f"{lack.subject}：" if lack.subject else ""
        writer.add(f"{_escaped(subject + lack.message.zh)}\n\n")
    if reply.passages:
        writer.add("最接近的段落如下，不能当作答案：\n\n")
        _write_quotes(writer, reply.passages[:NEAREST])


def _write_comparison(writer: _Writer, reply: AskReply) -> None:
    passages = {passage.rank: passage for passage in reply.passages}
    writer.add("| 对象 | 报告里的说法 | 出处 |\n|---|---|---|\n")
    for line in reply.comparison:
        passage = passages.get(line.passage or 0)
        said = _said(line, passage) if passage else "没有说到"
        writer.add(f"| {_in_cell(line.subject)} | {_in_cell(said)} | ")
        if passage:
            writer.mark(passage)
        writer.add(" |\n")
    writer.add("\n")


def _said(line: ComparedItem, passage: PassageItem) -> str:
    return line.figure.text if line.figure else _highlight(passage)


def _write_quotes(writer: _Writer, passages: Iterable[PassageItem]) -> None:
    for passage in passages:
        if passage.kind == "table":  # a row says nothing without its head
            quoted = _SPECIAL_IN_TABLE.sub(_escape_in_table, passage.text)
            writer.add("".join(f"> {line}\n" for line in quoted.splitlines()) + ">\n> ")
        else:
            writer.add(f"> {_escaped(_one_line(_highlight(passage)))} ")
        writer.mark(passage)
        writer.add("\n\n")


def _write_sources(writer: _Writer, base: str) -> None:
    cited = {mark.passage.rank: mark.passage for mark in writer.marks}
    if cited:
        writer.add("出处：\n\n")
    for rank, passage in cited.items():
        title, reference = _escaped(source_title(passage)), _escaped(passage.citation.gbt7714)
        writer.add(f"- [{rank}] [{title}]({base}{passage.url})。{reference}\n")


def _highlight(passage: PassageItem) -> str:
    start, end = passage.highlights[0]
    return passage.text[start:end]


def _in_cell(text: str) -> str:
    return _escaped(_one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _escape_in_table(match: re.Match[str]) -> str:
    return match[0] if match[0] == r"\|" else f"\\{match[0]}"
