"""Reports as their author meant them: files in, sections and paragraphs out."""

from .addresses import is_url
from .corrections import (
    LONGEST_VALUE,
    MOST_AUTHORS,
    Correction,
    check_correction,
    corrected,
    is_line,
    sidecar_of,
    stated_beside,
)
from .dates import is_iso_date, year_number
from .description import describe, describe_outline
from .document_types import document_type, is_document_type
from .errors import (
    BadCorrection,
    CorpusError,
    FolderError,
    ReadingUnavailable,
    ReportError,
    UnreadableReport,
    UnsupportedFormat,
)
from .explanations import Explanation, explain
from .formats import ARTICLES, FORMATS
from .isolation import Limits
from .location import source_spans
from .numerals import DIGITS, POWERS, chinese_value, spelt_value
from .organisations import is_institution
from .page import PageSize
from .period import is_period
from .reading import (
    SAMPLES,
    Reading,
    find_files,
    page_image,
    page_sizes,
    read_corrected,
    read_each,
    read_folder,
    read_quotations,
    read_report,
)
from .records import (
    json_line,
    metadata_of,
    paragraph_of,
    read_reports,
    report_of,
    report_with,
    reports_json,
    section_of,
)
from .sentences import sentences
from .tables import cells_of, row_of
from .types import (
    SEARCHED_KINDS,
    DocumentType,
    Doubt,
    Field,
    Kind,
    Origin,
    Paragraph,
    Quotation,
    Report,
    ReportText,
    Section,
    Span,
    Text,
)
from .words import segmenter, words_in

__all__ = [
    "ARTICLES",
    "DIGITS",
    "FORMATS",
    "LONGEST_VALUE",
    "MOST_AUTHORS",
    "POWERS",
    "SAMPLES",
    "SEARCHED_KINDS",
    "BadCorrection",
    "CorpusError",
    "Correction",
    "DocumentType",
    "Doubt",
    "Explanation",
    "Field",
    "FolderError",
    "Kind",
    "Limits",
    "Origin",
    "PageSize",
    "Paragraph",
    "Quotation",
    "Reading",
    "ReadingUnavailable",
    "Report",
    "ReportError",
    "ReportText",
    "Section",
    "Span",
    "Text",
    "UnreadableReport",
    "UnsupportedFormat",
    "cells_of",
    "check_correction",
    "chinese_value",
    "corrected",
    "describe",
    "describe_outline",
    "document_type",
    "explain",
    "find_files",
    "is_document_type",
    "is_institution",
    "is_iso_date",
    "is_line",
    "is_period",
    "is_url",
    "json_line",
    "metadata_of",
    "page_image",
    "page_sizes",
    "paragraph_of",
    "read_corrected",
    "read_each",
    "read_folder",
    "read_quotations",
    "read_report",
    "read_reports",
    "report_of",
    "report_with",
    "reports_json",
    "row_of",
    "section_of",
    "segmenter",
    "sentences",
    "sidecar_of",
    "source_spans",
    "spelt_value",
    "stated_beside",
    "words_in",
    "year_number",
]
