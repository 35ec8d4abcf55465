"""``GET /api/v1/service``: what runs here and what it can do, for pages and clients."""

from fastapi import APIRouter, Request

from .access import access_of
from .models import AccessItem, Features, Service
from .openapi import problem_replies

router = APIRouter(prefix="/api/v1", tags=["service"])


@router.get(
    "/service",
    operation_id="getService",
    summary="What runs here?",
    responses=problem_replies(421),
)
async def get_service(request: Request) -> Service:
    """Name, version, which optional features are on, and what the sender may do.

    Answers before reports are loaded, and without a token.
    """
    writing = request.app.state.language_model is not None
    access = access_of(request)
    return Service(
        version=request.app.version,
        features=Features(writing=writing),
        access=AccessItem(required=access.required, role=access.role),
    )
