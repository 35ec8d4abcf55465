"""What writers that were killed left behind.

A snapshot that is newer than the live one counts as well: it was never named in ``CURRENT``, or its
writer was told that it failed.
"""

import shutil
import time
from pathlib import Path

from .errors import SnapshotError
from .files import UNFINISHED
from .imports import FOLDER as IMPORTS
from .library import INCOMING, ORIGINALS
from .snapshot import REMOVING, SNAPSHOTS, TEMPORARY, current, snapshots_of

FORGOTTEN = 3600.0
"""Seconds after which a file that is being received is none any more."""


def find_debris(data: Path) -> list[Path]:
    """What is left in a data folder; while a writer works, some of it is its work."""
    snapshots = data / SNAPSHOTS
    debris = [*snapshots.glob(f"{TEMPORARY}*"), *snapshots.glob(f"{REMOVING}*")]
    try:
        live = int(current(data).name)
    except SnapshotError:
        pass  # which is the live one is not known
    else:
        debris += [folder for folder in snapshots_of(data) if int(folder.name) > live]
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
