"""The queue of files that were uploaded and wait to be read: on disk, so that a restart goes on.

``data/imports/`` has a JSON file for each: what it is, and what became of it. The newest of those
that are settled stay, to be shown.
"""

import json
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from .library import Original
from .snapshot import replace_file

FOLDER = "imports"
SHOWN = 100
"""Settled ones that are kept."""

IMPORT_ID = re.compile("[0-9a-f]{20,40}")
"""What ids of imports look like; nothing else becomes part of a file's name."""

State = Literal["waiting", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Import:
    """A file to be read and indexed.

    Attributes:
        id: those of later ones sort behind.
        original: the file, kept among the originals.
        state: whether it waits, was indexed, or could not be read.
        report: the id of the report, once it is indexed.
        reason: why it could not be read: what to tell the user, in Chinese.
    """

    id: str
    original: Original
    state: State = "waiting"
    report: str | None = None
    reason: str | None = None


def enqueue(data: Path, original: Original) -> Import:
    """Put a file at the end of the queue; when this returns, a restart finds it there."""
    one = Import(f"{time.time_ns():x}{secrets.token_hex(4)}", original)
    (data / FOLDER).mkdir(parents=True, exist_ok=True)
    _write(data, one)
    return one


def settle(
    data: Path, one: Import, *, report: str | None = None, reason: str | None = None
) -> None:
    """Write down what became of a file: the id of its report, or why there is none."""
    _write(
        data,
        replace(one, state="failed" if report is None else "done", report=report, reason=reason),
    )
    settled = [item for item in imports(data) if item.state != "waiting"]
    for old in settled[:-SHOWN]:
        _file(data, old).unlink(missing_ok=True)


def imports(data: Path) -> list[Import]:
    """All that are known, oldest first; a file that is no import is passed over."""
    found = (_read(file) for file in sorted((data / FOLDER).glob("*.json")))
    return [one for one in found if one is not None]


def find_import(data: Path, identity: str) -> Import | None:
    """The one with this id; None where it is no id, or none of those that are known."""
    if not IMPORT_ID.fullmatch(identity):
        return None
    return _read(data / FOLDER / f"{identity}.json")


def waiting(data: Path) -> list[Import]:
    """Those that are to be read, in the order they came."""
    return [one for one in imports(data) if one.state == "waiting"]


def waiting_originals(data: Path) -> Sequence[Original]:
    """The originals that are to be read."""
    return [one.original for one in waiting(data)]


def _read(file: Path) -> Import | None:
    """The import that a file holds, if it does."""
    try:
        fields: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return Import(**{**fields, "original": Original(**fields["original"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(data: Path, one: Import) -> None:
    replace_file(_file(data, one), json.dumps(asdict(one), ensure_ascii=False) + "\n")


def _file(data: Path, one: Import) -> Path:
    return data / FOLDER / f"{one.id}.json"
