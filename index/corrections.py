"""Corrections of reports' metadata that were made in the running service, kept in the data folder.

``data/corrections.json`` maps the ids of reports to the fields that a user corrected. It is no part
of a snapshot and survives them all: whenever reports are indexed, they are corrected by it. A
snapshot holds the reports as they were read, and beside them the corrections that it was built
with, so that a correction can be taken back.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from corpus import Correction, Field, Report, check_correction, corrected

from .errors import NewerFormat, SnapshotError
from .files import replace_file, replaced
from .sealed import sealed, unsealed

FILE = "corrections.json"
FORMAT = 3
"""Version of the file; one higher for any change that older versions cannot read. Version 1 had
fewer fields, version 2 no checksum."""

Corrections = Mapping[str, Correction]
"""Corrections by the id of the report."""

Changes = Mapping[Field, str | tuple[str, ...] | None]
"""New values of corrected fields; None takes the correction of a field back."""


def read_corrections(file: Path) -> Corrections:
    """The corrections in a file; none if there is no file.

    Raises:
        SnapshotError: The file is broken, or a newer version wrote it.
    """
    try:
        fields = unsealed(file.read_text("utf-8"), since=3)
        found = int(fields["format"])
        if 1 <= found <= FORMAT:
            reports: dict[str, dict[str, object]] = fields["reports"]
            return {key: check_correction(value) for key, value in sorted(reports.items())}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SnapshotError(
            f"更正记录 {file} 读不出来或已损坏：{error}。"
            f"请运行 youju doctor --repair --data {file.parent}"
        ) from error
    raise NewerFormat(f"更正记录 {file} 由更新版本的 youju 写成。请升级 youju。")


def corrections_json(corrections: Corrections) -> str:
    """Corrections as JSON; equal ones give equal text."""
    fields = {"format": FORMAT, "reports": {key: corrections[key] for key in sorted(corrections)}}
    return sealed(fields)


def write_corrections(file: Path, corrections: Corrections) -> None:
    """Write corrections so that after a crash either the old ones or these are there, whole."""
    replace_file(file, corrections_json(corrections))


def changed_corrections(file: Path, corrections: Corrections) -> AbstractContextManager[None]:
    """Write corrections for a block; if the block fails, those before are put back."""
    return replaced(file, corrections_json(corrections))


def changed(corrections: Corrections, report: str, changes: Changes) -> Corrections:
    """Corrections with changes to those of one report, by the rules of a JSON Merge Patch.

    The standard is RFC 7396.
    """
    merged = {**corrections.get(report, {}), **changes}
    kept: Correction = {field: value for field, value in merged.items() if value is not None}
    others = {key: value for key, value in corrections.items() if key != report}
    return {**others, report: kept} if kept else others


def correct_all(reports: tuple[Report, ...], corrections: Corrections) -> tuple[Report, ...]:
    """Every report with its corrections."""
    return tuple(corrected(report, corrections.get(report.id, {})) for report in reports)
