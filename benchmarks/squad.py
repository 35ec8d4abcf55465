"""Question sets in the layout of SQuAD, such as CMRC 2018 and DRCD: a paragraph is a report."""

import json
from pathlib import Path

from corpus import Paragraph, Report, Span, Text
from qa import Question, Wanted


def read_squad(file: Path, *, by_report: bool = False) -> tuple[list[Report], list[Question]]:
    """Read each paragraph as a report with the article's title, and the questions on them.

    A right passage holds any of the answers that the set gives to a question; ``by_report``, it
    only has to be of the right report, for a passage is an excerpt of a long paragraph.
    """
    reports, questions = [], []
    for article in json.loads(file.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            report = _report(str(len(reports)), article.get("title") or "", paragraph["context"])
            reports.append(report)
            for item in paragraph["qas"]:
                if not item["question"].strip():  # CMRC 2018's trial set has one
                    continue
                answers = dict.fromkeys(answer["text"] for answer in item["answers"])
                wanted = Wanted(report.id, ("",) if by_report else tuple(answers))
                number = str(len(questions) + 1)
                questions.append(Question(number, item["question"], (), (wanted,)))
    return reports, questions


def _report(identity: str, title: str, text: str) -> Report:
    return Report(
        id=identity,
        file=f"{identity}.txt",
        sha256="",
        title=title,
        subtitle=None,
        date=None,
        publisher=None,
        authors=(),
        organisation=None,
        text=Text(text, (), (Paragraph(1, text, "body", (), (Span(0, len(text)),)),)),
    )
