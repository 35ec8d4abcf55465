"""Users' corrections of a report's metadata, and the small file beside a report that states them.

Beside ``云汀工运纪实.txt`` that is ``云汀工运纪实.txt.toml``, for instance::

    date = "2024-02"
    authors = ["江砚秋", "陆知遥"]
    publisher = ""

What a correction says counts more than anything that was read; an empty text or list says that the
report has none. A title that it does not have is taken from the file's name, as ever.
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any, cast, get_args
from unicodedata import category

from .addresses import is_url
from .dates import is_iso_date
from .document_types import is_document_type
from .errors import BadCorrection
from .period import is_period
from .types import Field, Origin, Report

Correction = Mapping[Field, str | tuple[str, ...]]
"""Values by the names of their fields; an empty one says that the report has none."""

LONGEST_VALUE = 500
"""Characters of one text: four times the longest titles there are."""

MOST_AUTHORS = 100

_SUFFIX = ".toml"
_LARGEST = 64 << 10
"""Bytes of a file of corrections: ample for every field at its longest."""

_FIELDS = get_args(Field)
_EXAMPLES = {
    "date": '"2025"、"2025-01" 或 "2025-01-18"',
    "period": '"2024"、"2020/2024" 或 "2024-01/2024-06"',
    "authors": '["温如初", "林暮"]',
    "url": '"https://www.example.cn/2025/report.html"',
    "document_type": '"report"、"newspaper" 或 "webpage"',
}


_FORMS: Mapping[str, Callable[[str], bool]] = {
    "date": is_iso_date,
    "period": is_period,
    "url": is_url,
    "document_type": is_document_type,
}
"""What texts must be that are no words."""


def sidecar_of(path: Path) -> Path:
    """The file beside a report that corrects it."""
    return path.with_name(path.name + _SUFFIX)


def corrected_by(path: Path) -> Path | None:
    """The report that a file corrects by its name, whether it exists or not; None for others."""
    report = path.with_suffix("")
    return report if path.suffix.lower() == _SUFFIX and report.suffix else None


def read_sidecar(path: Path, *, file: str) -> Correction:
    """The correction that stands beside a report; empty if there is none.

    Args:
        path: of the report.
        file: its path relative to the folder that is read, for messages.

    Raises:
        BadCorrection: The file is no TOML, or states what cannot be used; none of it is.
    """
    sidecar, name = sidecar_of(path), file + _SUFFIX
    if not sidecar.is_file():
        return {}
    try:
        with sidecar.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadCorrection(name, f"无法打开（{reason}）。请检查文件权限。") from error
    if len(data) > _LARGEST:
        raise BadCorrection(name, f"太大（超过 {_LARGEST >> 10} KiB）。请只写要更正的项。")
    try:
        fields = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadCorrection(name, "编码不是 UTF-8。请另存为 UTF-8 后重试。") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadCorrection(
            name, f'不是有效的 TOML（{error}）。每行写一项，如 date = "2025-01-18"。'
        ) from error
    try:
        return check_correction(fields)
    except ValueError as error:
        raise BadCorrection(name, f"{error}。请改正后重试；其中的更正都没有采用。") from error


def check_correction(fields: Mapping[str, object]) -> Correction:
    """A correction from what a file states, white space at both ends left out.

    Raises:
        ValueError: A field is unknown, or its value is not of its kind; names each of them.
    """
    correction: dict[Field, str | tuple[str, ...]] = {}
    faults = []
    for field, value in fields.items():
        if field not in _FIELDS:
            faults.append(f"没有 {field} 这一项，可以更正的有 {'、'.join(_FIELDS)}")
        elif (checked := _checked(field, value)) is None:
            example = _EXAMPLES.get(field, '一行文字，放在引号中，如 "柳溪日报"')
            faults.append(f"{field} 的值不能用，应为 {example}")
        else:
            correction[cast("Field", field)] = checked
    if faults:
        raise ValueError("；".join(faults))
    return correction


def corrected(report: Report, correction: Correction) -> Report:
    """The report with the corrected fields; their origins say so."""
    if not correction:
        return report
    values: dict[str, Any] = {field: value or None for field, value in correction.items()}
    if "authors" in values:
        values["authors"] = tuple(values["authors"] or ())
    origins = {origin.field: origin for origin in report.origins}
    origins |= {field: _origin(field, value) for field, value in correction.items()}
    doubts = report.doubts
    if correction.get("title"):
        doubts = tuple(doubt for doubt in doubts if doubt.code != "title-from-name")
    if correction.get("title") == "":
        name = PurePath(report.file)
        values["title"] = name.stem
        origins["title"] = Origin("title", "name", name.name)
    return replace(report, **values, origins=tuple(origins.values()), doubts=doubts)


def stated_beside(report: Report) -> Correction:
    """The correction that a report was read with: applied to its file once more, it gives it."""
    correction: dict[Field, str | tuple[str, ...]] = {}
    for origin in report.origins:
        if origin.place == "correction":
            value = getattr(report, origin.field)
            correction[origin.field] = "" if value is None else value
    from_name = any(one.field == "title" and one.place == "name" for one in report.origins)
    if from_name and all(doubt.code != "title-from-name" for doubt in report.doubts):
        correction["title"] = ""  # not for want of a title, which would be doubted
    return correction


def is_line(text: str) -> bool:
    """Whether a text can be a value: one line that is not too long, without control characters."""
    return len(text) <= LONGEST_VALUE and not any(category(c) in ("Cc", "Cs") for c in text)


def _checked(field: str, value: object) -> str | tuple[str, ...] | None:
    """The value of a field; None if it cannot be one."""
    if field == "authors":
        authors = [_line(author) for author in value] if isinstance(value, list) else [""]
        return None if len(authors) > MOST_AUTHORS or not all(authors) else tuple(map(str, authors))
    if field == "date" and type(value) is date:  # TOML has dates of its own: date = 2025-01-18
        value = value.isoformat()
    text = _line(value)
    stated = _FORMS.get(field)
    return text if text is None or not text or stated is None or stated(text) else None


def _line(value: object) -> str | None:
    text = value.strip() if isinstance(value, str) else None
    return text if text is not None and is_line(text) else None


def _origin(field: Field, value: str | tuple[str, ...]) -> Origin:
    return Origin(field, "correction", f"{field} = {json.dumps(value, ensure_ascii=False)}")
