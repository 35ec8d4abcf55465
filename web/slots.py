"""Where answering runs: off the event loop, a few questions at a time, and not for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import randint
from typing import TypeVar

import anyio
import anyio.to_thread
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from index import StoreError, cores

from . import problems
from .problems import Problem

log = logging.getLogger(__name__)

T = TypeVar("T")

STORE_RETRY_AFTER = {"Retry-After": "5"}

PER_CORE = 4
"""Questions that are answered at a time, for each core. The model encodes one batch at a time, on
all cores (see ``index/batches.py``), and those that wait for it are the next one. With one question
for each core, two cores give less than half as many answers to 16 clients
(benchmarks/questions.py)."""

QUEUED_PER_SLOT = 4
"""At 10 to 20 ms each when many are asked, whoever is let in waits less than a second; the rest
hear at once that it is full."""

QUEUED = frozenset(
    {"/api/v1/ask", "/api/v1/write", "/api/v1/verify", "/api/v1/export", "/v1/chat/completions"}
)
"""The paths whose work is done here."""

SECONDS = 10.0
"""For a question, with its wait: a hundred times what one takes, and about as long as people wait.
Nobody reads what comes later, and a proxy gives up after 30 or 60."""


class Slots:
    """Slots, and a bounded queue before them; used on one event loop only.

    Args:
        count: of slots; ``PER_CORE`` for each core if None.
        seconds: how long work may take, with its wait, before whoever asked is told so.
    """

    def __init__(self, count: int | None = None, *, seconds: float = SECONDS) -> None:
        self.count = count or PER_CORE * cores()
        self._limiter = anyio.CapacityLimiter(self.count)
        self._most = self.count + self.count * QUEUED_PER_SLOT
        self._seconds = seconds
        # Counted here, for the limiter counts those who wait only once they are about to.
        self.inside = 0

    @property
    def full(self) -> bool:
        """Whether whoever comes now is turned away."""
        return self.inside >= self._most

    @property
    def busy(self) -> int:
        """How many slots are taken."""
        return int(self._limiter.borrowed_tokens)

    async def run(
        self, work: Callable[[], T], gone: Callable[[], Awaitable[object]] | None = None
    ) -> T:
        """Do the work in a thread when a slot is free.

        What was not begun in time, or before whoever asked went away, is never begun. What was
        begun keeps its slot until it ends, for threads cannot be stopped.

        Args:
            work: what to do.
            gone: returns when whoever asked has gone away.

        Raises:
            Problem: the queue is full, the time is over, whoever asked has gone away, or the
                reports cannot be reached.
        """
        if self.full:
            raise busy()
        begun = False

        def begin() -> T:
            nonlocal begun
            begun = True
            try:
                return work()
            except StoreError as error:
                log.warning("%s", error)
                raise Problem(problems.STORE_UNAVAILABLE, headers=STORE_RETRY_AFTER) from error

        self.inside += 1
        task = asyncio.ensure_future(anyio.to_thread.run_sync(begin, limiter=self._limiter))
        task.add_done_callback(self._settle)
        leaving = asyncio.ensure_future(gone() if gone else asyncio.Event().wait())
        try:
            await asyncio.wait(
                [task, leaving], timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if task.done():
                return task.result()
            if leaving.done():
                raise Problem(problems.CLIENT_GONE)
            if begun:
                raise Problem(problems.TOO_SLOW, seconds=round(self._seconds))
            raise busy()
        finally:
            leaving.cancel()
            if not begun:
                task.cancel()

    def _settle(self, task: "asyncio.Future[T]") -> None:
        self.inside -= 1
        if not task.cancelled():
            task.exception()  # of work that nobody waits for any more, too


def busy() -> Problem:
    """The refusal of who comes when the queue is full.

    Not all are told to come back at the same moment, for then they would.
    """
    return Problem(problems.BUSY, headers={"Retry-After": str(randint(1, 3))})  # noqa: S311


class QueueGuard:
    """Turns questions away while the queue is full, before anything of them is read.

    In a crowd most requests are turned away, and reading them would take the time that answering
    the others needs.
    """

    def __init__(self, app: ASGIApp, slots: Slots) -> None:
        self._app = app
        self._slots = slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, if there is room for it."""
        if scope["type"] == "http" and scope["path"] in QUEUED and self._slots.full:
            await problems.reply(busy(), scope)(scope, receive, send)
            return
        await self._app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class RequestSlots:
    """The slots as one request has them: its work is dropped from the queue when it goes away."""

    slots: Slots
    request: Request

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work in a thread when a slot is free.

        Raises:
            Problem: as ``Slots.run`` does.
        """
        return await self.slots.run(work, self._gone)

    async def _gone(self) -> None:
        while (await self.request.receive())["type"] != "http.disconnect":
            pass


async def slots(request: Request) -> RequestSlots:
    """The slots of the application that serves this request, as a dependency of its routes."""
    return RequestSlots(request.app.state.slots, request)
