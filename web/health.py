"""``/livez`` and ``/readyz``: whether the process runs, and whether it answers questions."""

from typing import Annotated

from fastapi import APIRouter, Depends

from qa import Answerer

from .loading import loaded
from .models import Alive, Ready
from .openapi import problem_replies

router = APIRouter(tags=["health"])


@router.get(
    "/livez",
    operation_id="livez",
    summary="Does the process run?",
    responses=problem_replies(421),
)
async def livez() -> Alive:
    """Answers at once from the moment the service listens."""
    return Alive()


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Are questions answered?",
    responses=problem_replies(421, 503),
)
async def readyz(answerer: Annotated[Answerer, Depends(loaded)]) -> Ready:
    """503 while the reports are loaded; if that failed, its detail says why."""
    return Ready(snapshot=answerer.snapshot, reports=len(answerer.reports))
