"""Crashes at chosen moments, in this process: from one file operation on, none succeeds any more.

Python tells audit hooks (PEP 578) before it opens, renames or removes anything. From the chosen
operation on, of those that change something on disk, the hook raises ``PowerCut`` for all of them,
those of clean-up code included: the disk stays as a killed process leaves it. Hooks cannot be taken
away, so one is installed for good and does nothing unless it is armed. Only the thread that armed
it is stopped.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

OPERATIONS = frozenset(
    [
        "open",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.truncate",
        "shutil.copyfile",
        "shutil.rmtree",
        "sqlite3.connect",
    ]
)


class PowerCut(BaseException):
    """Nothing works any more."""


class _Supply(threading.local):
    left: int | None = None
    used = 0


_supply = _Supply()


def _count(event: str, arguments: tuple[object, ...]) -> None:
    if _supply.left is None or event not in OPERATIONS or _reads(event, arguments):
        return
    _supply.used += 1
    if _supply.used > _supply.left:
        raise PowerCut


def _reads(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an operation opens a file to read it only."""
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    return event == "open" and isinstance(arguments[2], int) and not arguments[2] & writing


sys.addaudithook(_count)


@contextmanager
def power_for(operations: int) -> Iterator[None]:
    """Let a number of file operations succeed, and none after them."""
    _supply.left, _supply.used = operations, 0
    try:
        yield
    finally:
        _supply.left = None


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the file operations of a block; the count is in the list when it has ended."""
    counts: list[int] = []
    with power_for(sys.maxsize):
        yield counts
        counts.append(_supply.used)
