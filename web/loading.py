"""The answerer, loaded in the background so that the service can say from the start how it is."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread

from fastapi import Request

from index import IndexingError
from qa import Answerer

from . import problems
from .problems import Problem

log = logging.getLogger(__name__)

RETRY_AFTER = {"Retry-After": "2"}

_REASON_LENGTH = 300


class Loading:
    """Loads the answerer once; ``done`` holds it, or the error that came instead.

    Later another answerer may take its place. A request keeps the one that it began with.
    """

    def __init__(self, load: Callable[[], Answerer]) -> None:
        self._load = load
        self.done: Future[Answerer] = Future()
        self._newer: Answerer | None = None
        self._turn = Lock()

    def start(self) -> None:
        """Begin, in a thread that does not keep the process alive when it is told to end."""
        Thread(target=self._run, name="loading", daemon=True).start()

    def answerer(self) -> Answerer:
        """The answerer.

        Raises:
            Problem: it is not there yet, or never will be.
        """
        if not self.done.done():
            raise Problem(problems.LOADING, headers=RETRY_AFTER)
        error = self.done.exception()
        if error is not None:
            raise Problem(problems.LOAD_FAILED, reason=str(error)[:_REASON_LENGTH])
        return self._newer or self.done.result()

    def replace(self, answerer: Answerer) -> None:
        """Let another answerer answer from now on, unless a newer one does already."""
        with self._turn:
            if self._newer is None or answerer.snapshot >= self._newer.snapshot:
                self._newer = answerer

    def refresh(self) -> None:
        """Answer from the live snapshot, which another program may have made.

        Raises:
            IndexingError: it cannot be opened; the one before answers on.
        """
        self.replace(self.answerer().refreshed())

    def _run(self) -> None:
        try:
            answerer = self._load()
            answerer.warm_up()
            self.done.set_result(answerer)
        except IndexingError as error:
            self.done.set_exception(error)
        except Exception as error:
            log.exception("报告装载失败")
            self.done.set_exception(error)


async def loaded(request: Request) -> Answerer:
    """The answerer of the application that serves this request, as a dependency of its routes.

    Raises:
        Problem: it is not there yet, or never will be.
    """
    loading: Loading = request.app.state.loading
    return loading.answerer()
