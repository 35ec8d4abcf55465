"""``/api/v1/session``: the page gives a token in, and has a cookie instead from then on.

A token that a page kept itself could be read by any script that gets into it; a cookie that is
``HttpOnly`` cannot, and one that is ``SameSite=Strict`` goes with no request of another site.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from . import problems
from .access import SESSION, Gate, unauthorized
from .ask import json_only
from .errors import TokenError
from .models import Input, Output
from .openapi import problem_replies
from .problems import Problem
from .sessions import COOKIE, session_key
from .tokens import Role

router = APIRouter(tags=["access"])


class SignInRequest(Input):
    """A token."""

    token: str = Field(min_length=1, max_length=200, description="As `youju token add` gave it.")


class SignedIn(Output):
    """What the session may do."""

    role: Role


def gate(request: Request) -> Gate:
    """The gate of the application that serves this request, as a dependency of its routes."""
    result: Gate = request.app.state.gate
    return result


@router.post(
    SESSION,
    operation_id="signIn",
    summary="Sign in",
    dependencies=[Depends(json_only)],
    response_model=SignedIn,
    responses=problem_replies(400, 401, 403, 413, 415, 421, 422, 503),
)
async def sign_in(
    request: Request, body: SignInRequest, gate: Annotated[Gate, Depends(gate)]
) -> Response:
    """Exchange a token for a session, whose cookie lasts until the browser or the day ends.

    This is for pages. Programs send the token itself: `Authorization: Bearer …`.
    """
    try:
        token = gate.token(body.token.strip())
    except TokenError as error:
        raise Problem(problems.TOKENS_UNREADABLE) from error
    if token is None:
        raise unauthorized(sent=True)
    gate.sessions.end(session_key(request.scope))
    reply = JSONResponse(SignedIn(role=token.role).model_dump())
    reply.set_cookie(
        COOKIE,
        gate.sessions.begin(token),
        httponly=True,
        samesite="strict",
        secure=_is_secure(request),
    )
    return reply


@router.delete(
    SESSION,
    status_code=204,
    operation_id="signOut",
    summary="Sign out",
    responses=problem_replies(403, 421),
)
async def sign_out(request: Request, gate: Annotated[Gate, Depends(gate)]) -> Response:
    """End the session, if there is one."""
    gate.sessions.end(session_key(request.scope))
    reply = Response(status_code=204)
    reply.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_is_secure(request))
    return reply


def _is_secure(request: Request) -> bool:
    """Whether the browser speaks https, to us or to a proxy before us: it says so itself."""
    origin = request.headers.get("origin", "")
    return request.url.scheme == "https" or origin.startswith("https://")
