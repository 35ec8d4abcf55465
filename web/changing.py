"""Changing the reports: a new snapshot takes the place of the one that answers, or nothing changes.

Questions go on against the old snapshot until the new one is whole.
"""

from collections.abc import Callable

import anyio.to_thread

from index import DataFolderBusy, IndexingError
from qa import Answerer

from . import problems
from .loading import Loading
from .problems import Problem

RETRY_AFTER = {"Retry-After": "5"}

_REASON_LENGTH = 300


async def change_reports(loading: Loading, work: Callable[[Answerer], Answerer]) -> Answerer:
    """Have an answerer made from the one that answers, off the event loop, and answer from it.

    Raises:
        Problem: another change is under way, or this one could not be kept.
    """
    try:
        changed = await anyio.to_thread.run_sync(lambda: work(loading.answerer()))
    except DataFolderBusy as error:
        raise Problem(problems.INDEXING, headers=RETRY_AFTER) from error
    except IndexingError as error:
        raise Problem(problems.NOT_KEPT, reason=str(error)[:_REASON_LENGTH]) from error
    loading.replace(changed)
    return changed
