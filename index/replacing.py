"""Putting what was prepared in the place of all that a data folder holds, or undoing that.

    data/.restoring/   prepared, not in place yet
    data/.replacing/   what was there, while it is moved out
    data/.replaced/    what was there, once all of it is moved out

A data folder may be a mount point, so it is filled and not renamed. ``CURRENT`` is the first to go
and the last to come: without it a data folder holds no index, and never a mixture of two. After a
crash, the next writer undoes what was begun, or tidies up what was done.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from .files import sync
from .snapshot import CURRENT

PREPARED = ".restoring"
_LEAVING = ".replacing"
_LEFT = ".replaced"
_STAYING = frozenset([PREPARED, _LEAVING, _LEFT, "LOCK", "QUEUE", "tokens.json", "services"])
"""Locks, what is being replaced, who may come in, and where services are: that is the machine's,
not the reports'."""


def contents(data: Path) -> list[Path]:
    """What a data folder holds, ``CURRENT`` first; without what stays whatever comes."""
    if not data.is_dir():
        return []
    held = [path for path in data.iterdir() if path.name not in _STAYING]
    return sorted(held, key=lambda path: (path.name != CURRENT, path.name))


def unfinished(data: Path) -> list[Path]:
    """What a replacing that did not come to its end has left."""
    return [data / name for name in (PREPARED, _LEAVING, _LEFT) if (data / name).exists()]


def replace_contents(data: Path) -> None:
    """Put what is prepared in the place of what is there; the caller holds the writer's lock."""
    leaving, left = data / _LEAVING, data / _LEFT
    try:
        leaving.mkdir()
        _move(contents(data), leaving)
        leaving.rename(left)
        sync(data)
        _move(reversed(contents(data / PREPARED)), data)
    except OSError:
        if left.is_dir():  # else the one that is there is the old one
            (data / CURRENT).unlink(missing_ok=True)
        undo_replacing(data)
        raise
    undo_replacing(data)


def undo_replacing(data: Path) -> None:
    """After a crash: put back what was there, unless what was prepared is in place.

    The caller holds the writer's lock.
    """
    leaving, left = data / _LEAVING, data / _LEFT
    if left.is_dir() and not (data / CURRENT).exists():
        for path in contents(data):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        left.rename(leaving)
    if leaving.is_dir():
        _move(reversed(contents(leaving)), data)
    for folder in (leaving, left, data / PREPARED):
        if folder.is_dir():
            shutil.rmtree(folder)


def _move(paths: Iterable[Path], folder: Path) -> None:
    for path in paths:
        path.rename(folder / path.name)
    sync(folder)
