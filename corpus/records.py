"""Reports as JSON lines, for snapshots and between processes: plain data, no pickle."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .types import Doubt, Origin, Paragraph, Report, Section, Span


def reports_json(reports: Sequence[Report]) -> bytes:
    """Write reports as UTF-8 JSON, one a line; equal reports give equal bytes."""
    lines = [json.dumps(asdict(report), ensure_ascii=False) for report in reports]
    return "".join(line + "\n" for line in lines).encode()


def read_reports(file: Path) -> tuple[Report, ...]:
    """Read what ``reports_json`` wrote."""
    with file.open(encoding="utf-8") as lines:
        return tuple(report_of(json.loads(line)) for line in lines)


def report_of(fields: dict[str, Any]) -> Report:
    """The report whose fields these are, as ``dataclasses.asdict`` gives them."""
    return Report(
        **{
            **fields,
            "authors": tuple(fields["authors"]),
            "sections": tuple(map(_section, fields["sections"])),
            "paragraphs": tuple(map(_paragraph, fields["paragraphs"])),
            "title_spans": _spans(fields["title_spans"]),
            "subtitle_spans": _spans(fields["subtitle_spans"]),
            "origins": tuple(Origin(**item) for item in fields["origins"]),
            "doubts": tuple(Doubt(**item) for item in fields["doubts"]),
        }
    )


def _section(fields: dict[str, Any]) -> Section:
    return Section(**{**fields, "path": tuple(fields["path"]), "spans": _spans(fields["spans"])})


def _paragraph(fields: dict[str, Any]) -> Paragraph:
    return Paragraph(
        **{**fields, "section": tuple(fields["section"]), "spans": _spans(fields["spans"])}
    )


def _spans(items: list[dict[str, Any]]) -> tuple[Span, ...]:
    return tuple(
        Span(**{**item, "box": None if item["box"] is None else tuple(item["box"])})
        for item in items
    )
