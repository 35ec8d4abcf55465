"""What writers that were killed left behind.

A snapshot that is newer than the live one counts as well: it was never named in ``CURRENT``, or its
writer was told that it failed. So does a segment that no snapshot names.
"""

import shutil
import time
from pathlib import Path

from .errors import SnapshotError
from .files import UNFINISHED
from .imports import FOLDER as IMPORTS
from .library import INCOMING, ORIGINALS
from .manifests import REMOVING, TEMPORARY
from .snapshot import SEGMENTS, SNAPSHOTS, current, snapshots_of, unused_segments

_MARKS = (TEMPORARY, REMOVING)
FORGOTTEN = 3600.0
"""Seconds after which a file that is being received is none any more."""


def find_debris(data: Path) -> list[Path]:
    """What is left in a data folder; while a writer works, some of it is its work."""
    folders = (data / SNAPSHOTS, data / SEGMENTS)
    debris = [path for one in folders for mark in _MARKS for path in one.glob(f"{mark}*")]
    snapshots = snapshots_of(data)
    try:
        live = int(current(data).name)
    except SnapshotError:
        pass  # which is the live one is not known
    else:
        debris += [folder for folder in snapshots if int(folder.name) > live]
        snapshots = [folder for folder in snapshots if int(folder.name) <= live]
    debris += unused_segments(data, snapshots)
    loose = [*data.glob(f"*{UNFINISHED}"), *(data / IMPORTS).glob(f"*{UNFINISHED}")]
    loose += (data / ORIGINALS).glob(f"{INCOMING}*")
    return debris + [file for file in loose if _is_forgotten(file)]


def remove_debris(data: Path) -> None:
    """Remove it; the caller holds the writer's lock."""
    for path in find_debris(data):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _is_forgotten(file: Path) -> bool:
    """Whether nobody can be writing a file any more: uploads come in without the writer's lock."""
    try:
        return time.time() - file.stat().st_mtime > FORGOTTEN
    except FileNotFoundError:
        return False
