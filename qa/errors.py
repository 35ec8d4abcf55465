"""What can be wrong with a question.

    QuestionError
    ├── EmptyQuestion    nothing is asked
    ├── BrokenQuestion   what was typed is no text
    └── UnknownReport    the filter names a report that is not indexed

Messages are in Chinese and name the value, the cause and the remedy.
"""


class QuestionError(Exception):
    """Base of all errors of this package."""


class EmptyQuestion(QuestionError):
    """The question holds nothing but white space."""


class BrokenQuestion(QuestionError):
    """The question holds lone surrogates: bytes that were no text before they came here."""


class UnknownReport(QuestionError):
    """The filter names a report that is not indexed; ``report`` is its id."""

    def __init__(self, report: str) -> None:
        super().__init__(f"没有编号为 {report} 的报告。可用的编号见报告列表。")
        self.report = report
