"""What a document is to those who cite it: a report, an article in a newspaper, a web page."""

import re
from typing import get_args

from .types import DocumentType, Report

_NEWSPAPER = re.compile(r"(?<![年学简公通画月季快海电汇申预])报(?:社)?$")
"""A newspaper by its name: 云汀日报, 工人报, 柳溪晚报社; but no 年报, 学报, 公报."""

_REPORT = re.compile(
    r"报告|总结|[年季月公简通]报|白皮书|蓝皮书|绿皮书|汇报|要点|计划|规划|纲要|述职"
)
"""What titles of reports say that they are."""


def document_type(report: Report) -> DocumentType:
    """What a reference calls a report.

    What a user has said counts. Else it is an article in a newspaper if an edition (版) is stated,
    and a report if its title says so, whoever printed it: its date is that of the report, not of
    the paper. Of the others those that a newspaper published are its articles, those with an
    address are web pages, and the rest are reports.
    """
    if report.document_type:
        return report.document_type
    if report.edition:
        return "newspaper"
    if _REPORT.search(report.full_title):
        return "report"
    if _NEWSPAPER.search(report.publisher or ""):
        return "newspaper"
    return "webpage" if report.url else "report"


def is_document_type(text: str) -> bool:
    """Whether a text names a type of document: ``report``, ``newspaper`` or ``webpage``."""
    return text in get_args(DocumentType)
