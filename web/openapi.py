"""The OpenAPI document: FastAPI's own, with the errors as they are truly sent."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .models import ProblemDetails
from .problems import MEDIA_TYPE

_REFERENCES = "#/components/schemas/{model}"

_DESCRIPTIONS = {
    400: "The body is not JSON.",
    403: "The request comes from a page of another site.",
    404: "There is no such report.",
    409: "It is the last report.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    421: "The host name is not one of this service's.",
    422: "A field does not fit the contract.",
    503: "Not ready, or too busy; Retry-After says when to try again.",
}


def problem_replies(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The replies of a route that are problems, for its ``responses``."""
    schema = {"$ref": _REFERENCES.format(model=ProblemDetails.__name__)}
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
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
        problem = ProblemDetails.model_json_schema(ref_template=_REFERENCES)
        schema["components"]["schemas"] |= problem.pop("$defs") | {ProblemDetails.__name__: problem}
        app.openapi_schema = schema
    return app.openapi_schema
