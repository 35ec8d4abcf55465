"""What can be wrong with a question, or with a set of them.

    QuestionError
    ├── EmptyQuestion     nothing is asked
    ├── BrokenQuestion    what was typed is no text
    ├── UnknownReport     the filter names a report that is not indexed
    ├── QuestionSetError  a file of questions to measure with cannot be used
    └── MeasuresMissing   the library of retrieval measures is not installed

Messages are in Chinese and name the value, the cause and the remedy.
"""

from collections.abc import Sequence

_SHOWN = 20
"""Problems that one message lists."""


class QuestionError(Exception):
    """Base of all errors of this package."""


class EmptyQuestion(QuestionError):
    """The question holds nothing but white space."""


class BrokenQuestion(QuestionError):
    """The question holds lone surrogates: bytes that were no text before they came here."""


class QuestionSetError(QuestionError):
    """A question set cannot be used; ``problems`` name file, line, field and remedy, one each."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = [*problems[:_SHOWN]]
        if len(problems) > _SHOWN:
            shown.append(f"另有 {len(problems) - _SHOWN} 处类似的问题。")
        super().__init__("\n".join(shown))
        self.problems = tuple(problems)


class MeasuresMissing(QuestionError):
    """The library of retrieval measures is not installed."""


class UnknownReport(QuestionError):
    """The filter names a report that is not indexed; ``report`` is its id."""

    def __init__(self, report: str) -> None:
        super().__init__(f"没有编号为 {report} 的报告。可用的编号见报告列表。")
        self.report = report
