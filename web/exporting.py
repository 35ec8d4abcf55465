"""``POST /api/v1/export``: a conversation as a file to keep, print or send."""

import re
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from .ask import json_only
from .export_markdown import conversation_markdown
from .export_models import ExportRequest
from .openapi import problem_replies
from .problems import Language, language_of
from .slots import RequestSlots, slots

MARKDOWN = "text/markdown"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u202a-\u202e\u2066-\u2069]')
"""What Windows forbids in names of files, and what makes a name look like another one."""

_LONGEST_NAME = 60

router = APIRouter(prefix="/api/v1", tags=["ask"])


@router.post(
    "/export",
    operation_id="exportConversation",
    summary="Export a conversation",
    dependencies=[Depends(json_only)],
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {
                MARKDOWN: {"schema": {"type": "string"}},
                DOCX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **problem_replies(400, 403, 413, 415, 421, 422, 503, 504),
    },
)
async def export_conversation(
    request: Request, body: ExportRequest, free: Annotated[RequestSlots, Depends(slots)]
) -> Response:
    """Make a file of questions with their answers and sources; nothing of it is kept here."""
    language = language_of(request.headers)
    content = await free.run(lambda: _written(body, language))
    is_markdown = body.format == "markdown"
    return Response(
        content,
        media_type=f"{MARKDOWN}; charset=utf-8" if is_markdown else DOCX,
        headers={"Content-Disposition": _disposition(body.title, "md" if is_markdown else "docx")},
    )


def _written(body: ExportRequest, language: Language) -> bytes:
    day = datetime.now().astimezone().date().isoformat()
    if body.format == "markdown":
        return conversation_markdown(body, day, language).encode()
    from .export_docx import conversation_docx  # noqa: PLC0415 - few services are asked for it

    return conversation_docx(body, day, language)


def _disposition(title: str, suffix: str) -> str:
    """The name of the file, for old clients and as RFC 8187 writes it (RFC 6266, 4.3)."""
    name = _NOT_IN_NAMES.sub(" ", title)[:_LONGEST_NAME].strip(" .") or "youju"
    return f"attachment; filename=\"youju.{suffix}\"; filename*=UTF-8''{quote(name)}.{suffix}"
