"""The OpenAPI document: FastAPI's own, with the errors as they are truly sent."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from .access import needed_role
from .models import ProblemDetails
from .openai_models import ChatCompletionChunk, OpenAIError
from .problems import MEDIA_TYPE, OPENAI_PATHS
from .sessions import COOKIE
from .write_models import Unwritten, WriteEnd, WrittenSentence

_REFERENCES = "#/components/schemas/{model}"

_NOT_IN_ROUTES = (
    ProblemDetails,
    OpenAIError,
    ChatCompletionChunk,
    WrittenSentence,
    Unwritten,
    WriteEnd,
)
"""Models of errors and events, which FastAPI does not see in the types of routes."""

_DESCRIPTIONS = {
    400: "The body is not JSON; under `/v1` also: a field does not fit the contract.",
    401: "A token is needed, or the one sent is not valid.",
    403: "The token does not allow this, or the request comes from a page of another site.",
    404: "There is no such report, upload or model.",
    408: "The body came too slowly.",
    409: "It is the last report, or what this needs is not turned on.",
    412: "The report has changed since the ETag in `If-Match`.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    421: "The host name is not one of this service's.",
    422: "A field does not fit the contract.",
    504: "It took too long.",
    503: "Not ready, or too busy; Retry-After says when to try again.",
}


def problem_replies(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The replies of a route that are problems, for its ``responses``."""
    return _replies(statuses, ProblemDetails, MEDIA_TYPE)


def openai_replies(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The replies of a route under ``/v1`` that are errors; they have OpenAI's form."""
    return _replies(statuses, OpenAIError, "application/json")


def event_stream(description: str) -> dict[str, Any]:
    """A reply of server-sent events, for a route's ``responses``; the schema is that of each."""
    texts = {"event": {"type": "string"}, "data": {"type": "string"}}
    schema = {"type": "object", "properties": texts, "required": ["data"]}
    return {"description": description, "content": {"text/event-stream": {"schema": schema}}}


def _replies(
    statuses: Iterable[int], model: type[BaseModel], media_type: str
) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": _REFERENCES.format(model=model.__name__)}
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {media_type: {"schema": schema}},
        }
        for status in statuses
    }


def document(app: FastAPI) -> dict[str, Any]:
    """The document, made once; FastAPI itself knows only errors in its own format."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
        )
        for model in _NOT_IN_ROUTES:
            own = model.model_json_schema(ref_template=_REFERENCES)
            schema["components"]["schemas"] |= own.pop("$defs", {}) | {model.__name__: own}
        _drop_unsent(schema)
        _state_refusals(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _drop_unsent(schema: dict[str, Any]) -> None:
    """Take out what FastAPI adds where no 422 is declared: under ``/v1`` it is sent as 400."""
    for path, operations in schema["paths"].items():
        if path.startswith(OPENAI_PATHS):
            for operation in operations.values():
                operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(name, None)


def _state_refusals(schema: dict[str, Any]) -> None:
    """Say of each operation what is refused before it: a slow body, and who may not send it."""
    schema["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "From `youju token add`; where no token was made, none is needed.",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    }
    for path, operations in schema["paths"].items():
        replies = openai_replies if path.startswith(OPENAI_PATHS) else problem_replies
        for method, operation in operations.items():
            if "requestBody" in operation:
                operation["responses"].setdefault("408", replies(408)[408])
            role = needed_role(method.upper(), path)
            operation["security"] = [] if role is None else [{"token": []}, {"session": []}]
            if role is not None:
                refusals = replies(401, 403) if role == "manage" else replies(401)
                for status, refusal in refusals.items():
                    operation["responses"].setdefault(str(status), refusal)
