"""Reports as their author meant them: files in, sections and paragraphs out."""

from .errors import CorpusError, FolderError, ReportError, UnreadableReport, UnsupportedFormat
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
    "Field",
    "FolderError",
    "Kind",
    "Origin",
    "Paragraph",
    "Reading",
    "Report",
    "ReportError",
    "Section",
    "Span",
    "UnreadableReport",
    "UnsupportedFormat",
    "cells_of",
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
