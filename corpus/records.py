"""Reports as JSON lines, for snapshots and between processes: plain data, no pickle."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from .types import Doubt, Origin, Paragraph, Report, ReportText, Section, Span, Text


def reports_json(reports: Sequence[Report]) -> bytes:
    """Write reports as UTF-8 JSON, one a line; equal reports give equal bytes."""
    return "".join(json_line(fields_of(report)) for report in reports).encode()


def read_reports(file: Path) -> Iterator[Report]:
    """Read what ``reports_json`` wrote, one report after another."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield report_of(json.loads(line))


def fields_of(report: Report) -> dict[str, Any]:
    """What ``json_line`` writes of a report: metadata, ``source``, ``sections``, ``paragraphs``."""
    return {
        **metadata_of(report),
        "source": report.source,
        "sections": list(report.sections),
        "paragraphs": list(report.paragraphs),
    }


def report_of(fields: dict[str, Any]) -> Report:
    """The report whose fields these are, as read from its JSON."""
    text = Text(
        fields["source"],
        tuple(map(section_of, fields["sections"])),
        tuple(map(paragraph_of, fields["paragraphs"])),
    )
    metadata = {key: value for key, value in fields.items() if key not in _OF_TEXT}
    return report_with(metadata, text)


def metadata_of(report: Report) -> dict[str, Any]:
    """What ``json_line`` writes of a report without its text."""
    return {name: getattr(report, name) for name in _METADATA}


def report_with(metadata: dict[str, Any], text: ReportText) -> Report:
    """The report with a text, and with metadata as read from their JSON."""
    return Report(
        **{
            **metadata,
            "authors": tuple(metadata["authors"]),
            "title_spans": _spans(metadata["title_spans"]),
            "subtitle_spans": _spans(metadata["subtitle_spans"]),
            "origins": tuple(Origin(**item) for item in metadata["origins"]),
            "doubts": tuple(Doubt(**item) for item in metadata["doubts"]),
        },
        text=text,
    )


def section_of(fields: dict[str, Any]) -> Section:
    """The section whose fields these are, as read from its JSON."""
    return Section(**{**fields, "path": tuple(fields["path"]), "spans": _spans(fields["spans"])})


def paragraph_of(fields: dict[str, Any]) -> Paragraph:
    """The paragraph whose fields these are, as read from its JSON."""
    return Paragraph(
        **{**fields, "section": tuple(fields["section"]), "spans": _spans(fields["spans"])}
    )


def json_line(value: object) -> str:
    """A value as JSON in one line, records as objects, with the end of the line."""
    return json.dumps(value, ensure_ascii=False, default=record_fields) + "\n"


def record_fields(record: object) -> dict[str, Any]:
    """The fields of a record, for JSON.

    Raises:
        TypeError: it is none.
    """
    if is_dataclass(record):
        return {field.name: getattr(record, field.name) for field in fields(record)}
    raise TypeError(f"{type(record).__name__} is no record")


_OF_TEXT = frozenset(["source", "sections", "paragraphs"])
_METADATA = tuple(field.name for field in fields(Report) if field.name != "text")


def _spans(items: list[dict[str, Any]]) -> tuple[Span, ...]:
    return tuple(
        Span(**{**item, "box": None if item["box"] is None else tuple(item["box"])})
        for item in items
    )
