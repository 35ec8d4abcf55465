"""What can go wrong while reading reports.

    CorpusError
    ├── FolderError            the folder of reports cannot be used
    ├── ReadingUnavailable     no process can be started to read files
    └── ReportError            one file cannot be read; the others can
        ├── UnsupportedFormat  no reader for files of this type
        ├── UnreadableReport   the file is not what its name says, is broken, or holds no text
        └── BadCorrection      what stands beside a report to correct it cannot be used

Every message names the file, the cause and the remedy, in Chinese.
"""


class CorpusError(Exception):
    """Base of all errors of this package."""


class FolderError(CorpusError):
    """The folder of reports does not exist, is not a folder, or holds no report."""


class ReadingUnavailable(CorpusError):
    """No process can be started to read files; no file is to blame."""


class ReportError(CorpusError):
    """One file cannot be read; ``file`` names it, ``reason`` says why and what to do."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}：{reason}")
        self.file = file
        self.reason = reason


class UnsupportedFormat(ReportError):
    """There is no reader for files of this type."""


class UnreadableReport(ReportError):
    """The file is broken, is not what its name says, or holds no text."""


class BadCorrection(ReportError):
    """A file that corrects a report cannot be used; the report is read without it."""
