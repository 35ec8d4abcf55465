"""Where answering runs: off the event loop, one question per core at a time."""

import os
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from fastapi import Request

from . import problems
from .problems import Problem

T = TypeVar("T")

QUEUED_PER_SLOT = 16
"""At 30 ms each, twice that with all cores busy, whoever is let in waits about a second; the rest
hear at once that it is full."""


class Slots:
    """A slot per core, and a bounded queue before them."""

    def __init__(self, count: int = os.cpu_count() or 1) -> None:
        self._limiter = anyio.CapacityLimiter(count)
        self._most = count + count * QUEUED_PER_SLOT
        # Counted here, for the limiter counts those who wait only once they are about to.
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work in a thread when a slot is free.

        Raises:
            Problem: the queue is full.
        """
        if self._inside >= self._most:
            raise Problem(problems.BUSY, headers={"Retry-After": "1"})
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._inside -= 1


def slots(request: Request) -> Slots:
    """The slots of the application that serves this request, as a dependency of its routes."""
    result: Slots = request.app.state.slots
    return result
