"""``GET /api/v1/service``: what runs here and what it can do, for pages and clients."""

from fastapi import APIRouter, Request

from .models import Features, Service
from .openapi import problem_replies

router = APIRouter(prefix="/api/v1", tags=["service"])


@router.get(
    "/service",
    operation_id="getService",
    summary="What runs here?",
    responses=problem_replies(421),
)
async def get_service(request: Request) -> Service:
    """Name, version, and which optional features are on. Answers before reports are loaded."""
    writing = request.app.state.language_model is not None
    return Service(version=request.app.version, features=Features(writing=writing))
