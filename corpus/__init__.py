"""Reports as their author meant them: files in, sections and paragraphs out."""

from .errors import CorpusError, FolderError, ReportError, UnreadableReport, UnsupportedFormat
from .location import source_spans
from .reading import SAMPLES, Reading, find_files, read_folder, read_report
from .sentences import sentences
from .types import SEARCHED_KINDS, Kind, Paragraph, Report, Section, Span
from .words import segmenter

__all__ = [
    "SAMPLES",
    "SEARCHED_KINDS",
    "CorpusError",
    "FolderError",
    "Kind",
    "Paragraph",
    "Reading",
    "Report",
    "ReportError",
    "Section",
    "Span",
    "UnreadableReport",
    "UnsupportedFormat",
    "find_files",
    "read_folder",
    "read_report",
    "segmenter",
    "sentences",
    "source_spans",
]
