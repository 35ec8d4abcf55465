"""Signs of life of a reader that has a lot to do, so that slow work is told from a loop.

A reader calls `alive` after each page, picture or part. Whoever has set a limit on its time
listens; where nobody does, as in a test, the call does nothing.
"""

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def alive() -> None:
    """Say that the reader is at work and gets on. Cheap; may be called from any thread."""
    for listener in _listeners:
        listener()


def listen(listener: Callable[[], None]) -> None:
    """Call ``listener`` at every sign of life from now on."""
    _listeners.append(listener)
