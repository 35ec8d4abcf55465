"""Reports as their author meant them: files in, sections and paragraphs out."""

from .description import describe, describe_outline
from .errors import (
    CorpusError,
    FolderError,
    ReadingUnavailable,
    ReportError,
    UnreadableReport,
    UnsupportedFormat,
)
from .explanations import Explanation, explain
from .isolation import Limits
from .location import source_spans
from .reading import SAMPLES, Reading, find_files, read_folder, read_report
from .records import read_reports, report_of, reports_json
from .sentences import sentences
from .tables import cells_of, row_of
from .types import (
    SEARCHED_KINDS,
    Doubt,
    Field,
    Kind,
    Origin,
    Paragraph,
    Report,
    Section,
    Span,
)
from .words import segmenter

__all__ = [
    "SAMPLES",
    "SEARCHED_KINDS",
    "CorpusError",
    "Doubt",
    "Explanation",
    "Field",
    "FolderError",
    "Kind",
    "Limits",
    "Origin",
    "Paragraph",
    "Reading",
    "ReadingUnavailable",
    "Report",
    "ReportError",
    "Section",
    "Span",
    "UnreadableReport",
    "UnsupportedFormat",
    "cells_of",
    "describe",
    "describe_outline",
    "explain",
    "find_files",
    "read_folder",
    "read_report",
    "read_reports",
    "report_of",
    "reports_json",
    "row_of",
    "segmenter",
    "sentences",
    "source_spans",
]
