"""Whose turn it is with the model: questions go before windows.

People wait for questions; windows are many, and nobody waits for one. A plain lock is fair to
neither: whoever lets go of it and takes it again at once, as indexing does, keeps it for seconds.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 0.2
"""Seconds after which windows have a turn though there are questions: else indexing might never
end where somebody asks all the time."""


class Turns:
    """One at a time, questions first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._questions = 0
        self._asked = float("-inf")

    @property
    def since_question(self) -> float:
        """Seconds since there was a question."""
        return 0.0 if self._questions else time.monotonic() - self._asked

    @contextmanager
    def before_windows(self) -> Iterator[None]:
        """Hold windows back for a block: what is done with a question needs the cores as well."""
        with self._changed:
            self._questions += 1
        try:
            yield
        finally:
            with self._changed:
                self._questions -= 1
                self._asked = time.monotonic()
                self._changed.notify_all()

    @contextmanager
    def of_question(self, unless: Callable[[], bool] = lambda: False) -> Iterator[bool]:
        """Wait for the turn of a question, and have it for a block.

        Args:
            unless: whether the turn is not needed any more, as somebody else has done the work in
                theirs; looked at whenever a turn ends.

        Yields:
            Whether this is one's turn.
        """
        with self.before_windows():
            with self._changed:
                self._changed.wait_for(lambda: unless() or not self._taken)
                needed = not unless()
                self._taken = self._taken or needed
            try:
                yield needed
            finally:
                if needed:
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
