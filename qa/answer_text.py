"""An answer as text for a terminal: what answers, or what is lacking, then the passages."""

from .citations import cite
from .types import Answer, Compared, Passage


def describe_answer(answer: Answer) -> str:
    """Write an answer with its passages and their references."""
    return "\n\n".join([*_head(answer), *map(_passage, answer.passages)])


def _head(answer: Answer) -> list[str]:
    head = []
    if answer.resolved_question != answer.question.strip():
        head.append(f"按这个问题查找：{answer.resolved_question}")
    if answer.silent:
        head.append(f"报告里没有说到：{'、'.join(answer.silent)}")
    if not answer.answerable:
        lacking = [
            f"{lack.subject}：{lack.zh}" if lack.subject else lack.zh for lack in answer.lacks
        ]
        head.append("\n".join(["这些报告里没有找到答案。", *lacking]))
        if answer.passages:
            head[-1] += "\n最接近的段落："
    elif answer.comparison:
        texts = {passage.rank: passage for passage in answer.passages}
        head.append("\n".join(_line(line, texts) for line in answer.comparison))
    elif answer.quote:
        head.append(answer.quote.text)
    return head


def _line(line: Compared, passages: dict[int, Passage]) -> str:
    passage = passages.get(line.passage or 0)
    if passage is None:
        return f"{line.subject}：没有说到" if line.passage is None else line.subject
    if line.figure is None:
        said = passage.text[slice(*passage.highlights[0])]
    else:
        said = passage.text[line.figure.start : line.figure.end]
    return f"{line.subject}：{said} [{passage.rank}]"


def _passage(passage: Passage) -> str:
    place = " › ".join([f"《{passage.report.title}》", *passage.section])
    return f"[{passage.rank}] {place}\n{passage.text}\n{cite(passage).gbt7714}"
