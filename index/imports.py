"""The queue of files that were uploaded and wait to be read: on disk, so that a restart goes on.

``data/imports/`` has a JSON file for each: what it is, and what became of it. The newest of those
that are settled stay, to be shown.
"""

import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from filelock import FileLock

from .files import make_folder, replace_file
from .library import Original, keep, original_from, unused
from .sealed import sealed, unsealed

FOLDER = "imports"
FORMAT = 1
"""Version of a file; one higher for any change that older versions cannot read. Older files have no
version."""
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


def receive(data: Path, content: BinaryIO, name: str) -> Import:
    """Keep an uploaded file and put it into the queue; when this returns, nothing loses it.

    Args:
        data: the data folder.
        content: the file's bytes.
        name: as it is listed; see ``keep``.

    Raises:
        SnapshotError: it cannot be written.
        OSError: it is kept, but cannot be put into the queue.
    """
    with _handing_over(data):
        return enqueue(data, keep(data, content, name))


def enqueue(data: Path, original: Original) -> Import:
    """Put a file at the end of the queue; when this returns, a restart finds it there."""
    one = Import(f"{time.time_ns():x}{secrets.token_hex(4)}", original)
    make_folder(data / FOLDER)
    try:
        _write(data, one)
    except OSError:
        _file(data, one).unlink(missing_ok=True)
        raise
    return one


def sweep(data: Path, used: Sequence[Original]) -> None:
    """Delete the originals that neither the index uses nor the queue.

    While it cannot be told what waits, none is deleted. The caller holds the writer's lock.
    """
    with _handing_over(data):
        if not broken_imports(data):
            for path in unused(data, [*used, *(one.original for one in waiting(data))]):
                path.unlink(missing_ok=True)


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
    read = (_read(file) for file in sorted((data / FOLDER).glob("*.json")))
    return [one for one in read if one is not None]


def broken_imports(data: Path) -> list[Path]:
    """The files in the queue that cannot be read."""
    return [file for file in sorted((data / FOLDER).glob("*.json")) if _read(file) is None]


def find_import(data: Path, identity: str) -> Import | None:
    """The one with this id; None where it is no id, or none of those that are known."""
    if not IMPORT_ID.fullmatch(identity):
        return None
    return _read(data / FOLDER / f"{identity}.json")


def waiting(data: Path) -> list[Import]:
    """Those that are to be read, in the order they came."""
    return [one for one in imports(data) if one.state == "waiting"]


def _read(file: Path) -> Import | None:
    """The import that a file holds, if it does."""
    try:
        fields = unsealed(file.read_text("utf-8"), since=1)
        fields.pop("format", None)
        return Import(**{**fields, "original": original_from(fields["original"])})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _write(data: Path, one: Import) -> None:
    replace_file(_file(data, one), sealed({"format": FORMAT, **asdict(one)}))


def _file(data: Path, one: Import) -> Path:
    return data / FOLDER / f"{one.id}.json"


@contextmanager
def _handing_over(data: Path) -> Iterator[None]:
    """Keep what is just received, and not yet in the queue, from being swept away."""
    data.mkdir(parents=True, exist_ok=True)
    with FileLock(data / "QUEUE"):
        yield
