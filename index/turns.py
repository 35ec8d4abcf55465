"""Whose turn it is with the model: questions go before windows.

People wait for questions; windows are many, and nobody waits for one. A plain lock is fair to
neither: whoever lets go of it and takes it again at once, as indexing does, keeps it for seconds.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds after which windows have a turn though questions wait: else indexing might never end."""


class Turns:
    """One at a time, questions first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._questions = 0
        self._asked = float("-inf")

    @property
    def since_question(self) -> float:
        """Seconds since a question last had its turn."""
        return time.monotonic() - self._asked

    @contextmanager
    def of_question(self) -> Iterator[None]:
        """Wait for the turn of a question, and have it for a block."""
        with self._changed:
            self._questions += 1
            self._changed.wait_for(lambda: not self._taken)
            self._questions -= 1
            self._taken = True
            self._asked = time.monotonic()
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def of_windows(self) -> Iterator[None]:
        """Wait for a turn that no question wants, and have it for a block."""
        with self._changed:
            self._changed.wait_for(lambda: not self._taken and not self._questions, PATIENCE)
            self._changed.wait_for(lambda: not self._taken)
            self._taken = True
        try:
            yield
        finally:
            self._end()

    def _end(self) -> None:
        with self._changed:
            self._taken = False
            self._changed.notify_all()
